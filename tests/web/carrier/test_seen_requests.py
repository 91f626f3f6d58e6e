"""Requests and faults that this process has seen before."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from voicebot.web.carrier.seen_requests import SeenRequests


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns as often as they can, so that what is not held by a lock is caught in the middle."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def _at_once(work: Callable[[], None], *, threads: int = 8) -> None:
    start = threading.Barrier(threads)

    def run(_number: int) -> None:
        start.wait()
        work()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))


def test_the_second_request_with_a_token_is_a_repeat() -> None:
    seen = SeenRequests()
    assert [seen.is_repeat(token) for token in ("a", "b", "a", "a", "b")] == [False, False, True, True, True]


def test_no_token_is_never_a_repeat() -> None:
    seen = SeenRequests()
    assert not seen.is_repeat("")
    assert not seen.is_repeat("")


def test_a_second_fault_is_told_from_a_first_by_call_and_address() -> None:
    seen = SeenRequests()
    faults = [("CA1", "u"), ("CA1", "v"), ("CA2", "u"), ("CA1", "u")]
    assert [seen.is_repeat(fault) for fault in faults] == [False, False, False, True]


def test_only_so_many_are_remembered_and_those_seen_last() -> None:
    seen = SeenRequests(most=2)
    for token in ("a", "b", "a", "c"):
        seen.is_repeat(token)
    assert seen.is_repeat("a"), "seen again after b"
    assert seen.is_repeat("c")
    assert not seen.is_repeat("b")


@pytest.mark.usefixtures("hasty_threads")
def test_of_many_tries_that_come_at_once_one_is_the_first() -> None:
    seen, firsts = SeenRequests(), list[int]()
    _at_once(lambda: firsts.extend(at for at in range(2_000) if not seen.is_repeat(("CA1", at))))
    assert sorted(firsts) == list(range(2_000))


@pytest.mark.usefixtures("hasty_threads")
def test_threads_that_make_it_forget_do_not_trip_over_one_another() -> None:
    seen, numbers = SeenRequests(most=3), count()
    firsts = list[bool]()
    _at_once(lambda: firsts.extend(not seen.is_repeat(("CA1", next(numbers))) for _ in range(2_000)))
    assert firsts == [True] * 8 * 2_000

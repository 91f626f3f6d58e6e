"""When a process that was told to end may take no further call; tests/chaos ends real ones."""

import time
from collections.abc import Callable, Iterator

import pytest

from voicebot.web.draining import DrainingWorker, wait_until_free


def _answers(*answers: bool) -> Callable[[], bool]:
    """Give the answers in turn, the last one for ever."""
    coming: Iterator[bool] = iter(answers[:-1])
    return lambda: next(coming, answers[-1])


@pytest.mark.parametrize(
    ("is_overtaken", "is_quiet"),
    [((True,), (False,)), ((False,), (True,)), ((False, False, True), (False,)), ((False,), (False, False, True))],
    ids=["next process is there", "no call", "next process comes", "last call ends"],
)
def test_it_may_go_when_another_answers_or_nobody_depends_on_it(
    is_overtaken: tuple[bool, ...], is_quiet: tuple[bool, ...]
) -> None:
    begun = time.monotonic()
    wait_until_free(is_overtaken=_answers(*is_overtaken), is_quiet=_answers(*is_quiet), grace_s=600, look_s=0.01)
    assert time.monotonic() - begun < 60


def test_grace_time_ends_it_with_calls_up() -> None:
    begun = time.monotonic()
    wait_until_free(is_overtaken=_answers(False), is_quiet=_answers(False), grace_s=0.1, look_s=0.01)
    assert time.monotonic() - begun >= 0.1


def test_gunicorns_worker_has_what_ours_relies_on() -> None:
    for name in ("handle", "handle_exit", "set_accept_enabled", "wait_for_and_dispatch_events", "is_parent_alive"):
        assert callable(getattr(DrainingWorker.__mro__[1], name))

"""When a process that was told to end may take no further call; tests/chaos ends real ones."""

import gc
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from voicebot.web.draining import DrainingWorker, settle_memory, show_life, wait_until_free


def _answers(*answers: bool) -> Callable[[], bool]:
    """Give the answers in turn, the last one for ever."""
    coming: Iterator[bool] = iter(answers[:-1])
    return lambda: next(coming, answers[-1])


@pytest.mark.parametrize(
    ("is_overtaken", "is_quiet"),
    [((True,), (False,)), ((False,), (True,)), ((False, False, True), (False,)), ((False,), (False, False, True))],
    ids=["next process is there", "no call", "next process comes", "last call ends"],
)
def test_a_process_may_end_when_another_answers_or_no_call_depends_on_it(
    is_overtaken: tuple[bool, ...], is_quiet: tuple[bool, ...]
) -> None:
    begun = time.monotonic()
    wait_until_free(is_overtaken=_answers(*is_overtaken), is_quiet=_answers(*is_quiet), grace_s=600, look_s=0.01)
    assert time.monotonic() - begun < 60


def test_grace_time_ends_it_with_calls_up() -> None:
    begun = time.monotonic()
    wait_until_free(is_overtaken=_answers(False), is_quiet=_answers(False), grace_s=0.1, look_s=0.01)
    assert time.monotonic() - begun >= 0.1


def test_a_process_that_loads_slowly_shows_that_it_lives_and_one_that_hangs_stops_to() -> None:
    is_loaded, signs = threading.Event(), [0]

    def notify() -> None:
        signs[0] += 1
        if signs[0] == 3:
            is_loaded.set()

    show_life(notify, is_loaded, look_s=0.01)
    assert signs == [3]
    show_life(notify, threading.Event(), most_s=0.1, look_s=0.01)
    assert signs[0] > 3


def test_gunicorns_worker_has_what_ours_relies_on() -> None:
    for name in (
        "handle",
        "handle_exit",
        "load_wsgi",
        "notify",
        "set_accept_enabled",
        "wait_for_and_dispatch_events",
        "is_parent_alive",
    ):
        assert callable(getattr(DrainingWorker.__mro__[1], name))


def test_what_was_loaded_is_left_out_of_the_collectors_rounds() -> None:
    gc.unfreeze()
    settle_memory()
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 10_000
    gc.unfreeze()

"""The thread that looks after the worker: nothing that it meets ends it, and it believes no clock that was set."""

import threading

import pytest

from tests.fakes_outside import FakeLetters
from tests.service.lines import Line
from voicebot.service.hotline import AlarmAddresses
from voicebot.service.ports import Letter
from voicebot.web.resilience.second_watch import SecondWatch

pytestmark = pytest.mark.requirement("D-10")


class Telling(FakeLetters):
    """Notes that it was told, from whichever thread; may fail in a way nobody foresaw."""

    def __init__(self, problem: Exception | None = None) -> None:
        super().__init__()
        self.was_told = threading.Event()
        self._problem = problem

    def send(self, address: str, letter: Letter) -> None:
        self.was_told.set()
        if self._problem is not None:
            raise self._problem
        super().send(address, letter)


def watched(line: Line, letters: Telling) -> SecondWatch:
    line.use(alarm_addresses=AlarmAddresses(sender=letters, names=("address 1",)))
    return SecondWatch(line.hotline)


def test_the_thread_tells_that_no_worker_lives(line: Line) -> None:
    letters = Telling()
    watched(line, letters).begin(every_s=0.01)
    assert letters.was_told.wait(30)


def test_what_nobody_foresaw_does_not_end_it(line: Line) -> None:
    letters = Telling(ValueError("nobody foresaw this"))
    watch = watched(line, letters)
    watch.look()
    assert letters.was_told.is_set()
    watch.look()


def test_after_a_jump_of_the_clock_it_says_nothing(line: Line) -> None:
    letters = Telling()
    watch = watched(line, letters)
    line.step(hours=1)
    watch.look()
    assert not letters.was_told.is_set()

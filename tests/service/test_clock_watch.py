"""A clock that is set is noticed, either way, and trusted again after a while."""

from datetime import timedelta

import pytest

from tests.builders import at
from tests.fakes_outside import SteppedClock
from voicebot.service.clock_watch import ClockWatch


class _Time:
    """A wall clock and one that nobody sets."""

    def __init__(self) -> None:
        self.wall = SteppedClock(at("Wednesday 18 November 2026 10:00:00"))
        self.elapsed_s = 0.0
        self.watch = ClockWatch(self.wall, elapsed_s=lambda: self.elapsed_s, distrust=timedelta(minutes=5))

    def pass_by(self, seconds: float, *, jump: timedelta = timedelta()) -> bool:
        """Let time pass, and the wall clock be set; tell whether it is trusted."""
        self.elapsed_s += seconds
        self.wall.step(timedelta(seconds=seconds) + jump)
        return self.watch.is_steady()


def test_time_that_passes_is_no_jump() -> None:
    time = _Time()
    assert all(time.pass_by(seconds) for seconds in (0.5, 60, 3600, 0))


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(seconds=31)])
def test_a_jump_is_distrusted_for_five_minutes(jump: timedelta) -> None:
    time = _Time()
    assert not time.pass_by(1, jump=jump)
    assert not time.pass_by(299)
    assert time.pass_by(1)


def test_a_clock_that_is_slewed_is_trusted() -> None:
    time = _Time()
    assert all(time.pass_by(1, jump=timedelta(seconds=1)) for _ in range(100))

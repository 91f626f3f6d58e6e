"""A clock that is set is noticed, either way; deadlines wait until the new time is confirmed, and for no longer."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import at
from tests.fakes_outside import SteppedClock
from voicebot.errors import Unavailable
from voicebot.service.background.clock_watch import ClockWatch, SteadyClock

DAY = timedelta(days=1)


class _Time:
    """A wall clock, one that nobody sets, and a witness that tells the true time, nothing, or something else."""

    def __init__(self) -> None:
        self.true = at("Wednesday 18 November 2026 10:00:00")
        self.wall = SteppedClock(self.true)
        self.elapsed_s = 0.0
        self.told: timedelta | None = None
        self.questions = 0
        self.watch = ClockWatch(
            self.wall, elapsed_s=lambda: self.elapsed_s, distrust=timedelta(minutes=5), witnesses=[self._tell]
        )

    def pass_by(self, seconds: float, *, jump: timedelta = timedelta()) -> bool:
        """Let time pass, and the wall clock be set; tell whether it is trusted."""
        self.elapsed_s += seconds
        self.true += timedelta(seconds=seconds)
        self.wall.step(timedelta(seconds=seconds) + jump)
        return self.watch.is_steady()

    def is_confirmed(self) -> bool:
        """Ask whoever may be asked, then tell whether deadlines may be judged."""
        self.watch.confirm()
        with suppress(Unavailable):
            return self.watch.now() == self.wall.now()
        return False

    def _tell(self) -> datetime | None:
        self.questions += 1
        return None if self.told is None else self.true + self.told


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


def test_deadlines_wait_from_the_jump_on_not_only_from_the_next_round() -> None:
    time = _Time()
    assert time.is_confirmed()
    time.wall.step(DAY)
    with pytest.raises(Unavailable, match="86400 s"):
        time.watch.now()


def test_a_clock_that_is_set_back_to_where_it_was_is_confirmed_at_once() -> None:
    time = _Time()
    time.pass_by(1, jump=DAY)
    assert not time.is_confirmed()
    assert not time.pass_by(1, jump=-DAY), "signs of life were written in the wrong time meanwhile"
    assert time.is_confirmed()


def test_a_clock_that_was_set_right_stops_deadlines_for_one_question() -> None:
    time = _Time()
    time.true += DAY
    time.pass_by(1, jump=DAY)
    time.told = timedelta(seconds=3)
    assert time.is_confirmed()
    assert time.is_confirmed()
    assert time.questions == 1


def test_without_a_witness_a_clock_that_stays_is_believed_after_five_minutes() -> None:
    time = _Time()
    time.pass_by(1, jump=DAY)
    assert not any((time.pass_by(60), time.is_confirmed())[1] for _ in range(4))
    time.pass_by(60)
    assert time.is_confirmed()


def test_a_clock_that_a_witness_contradicts_is_not_believed_before_it_is_right() -> None:
    time = _Time()
    time.told = timedelta(0)
    time.pass_by(1, jump=DAY)
    for _ in range(100):
        assert not time.is_confirmed()
        time.pass_by(60)
    assert time.questions <= 101, "asked now and then, not at each look"
    time.pass_by(1, jump=-DAY)
    assert time.is_confirmed()


def test_a_worker_that_starts_with_a_wrong_clock_is_told_so() -> None:
    time = _Time()
    time.told = -DAY
    assert not time.is_confirmed()
    time.told = timedelta(0)
    time.pass_by(11)
    assert time.is_confirmed()


def test_a_witness_is_not_asked_without_a_doubt() -> None:
    time = _Time()
    time.told = timedelta(0)
    for _ in range(50):
        time.pass_by(60)
        assert time.is_confirmed()
    assert time.questions == 1


@given(
    st.lists(st.tuples(st.floats(0, 400), st.sampled_from([0, 0, 1, -1, 24, -24, 2000])), max_size=30),
    st.booleans(),
)
def test_whatever_is_set_in_whatever_order_no_wrong_time_is_believed_while_a_witness_is_heard(
    moves: list[tuple[float, int]], is_heard: bool
) -> None:
    time = _Time()
    time.told = timedelta(0) if is_heard else None
    assert time.is_confirmed()
    for seconds, hours in moves:
        time.pass_by(seconds, jump=timedelta(hours=hours))
        is_right = abs(time.wall.now() - time.true) < timedelta(minutes=5)
        if is_heard:
            assert not (time.is_confirmed() and not is_right)
    time.pass_by(1, jump=time.true - time.wall.now())
    time.pass_by(301)
    assert time.is_confirmed(), "right, and long enough ago: never stopped for good"


def test_ages_are_not_judged_for_a_while_after_a_jump_whoever_has_confirmed_it() -> None:
    time = _Time()
    steady = SteadyClock(time.watch)
    assert steady.now() == time.wall.now()
    time.told = timedelta(0)
    time.pass_by(1, jump=DAY)
    with pytest.raises(Unavailable, match="was set not long ago"):
        steady.now()
    time.pass_by(301)
    assert steady.now() == time.wall.now()

"""The carrier's time, real and stepped."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.simulator import PacedClock, SteppedClock

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_paced_clock_runs_faster_than_real_time() -> None:
    clock = PacedClock(50, start=START)
    begun = time.monotonic()
    clock.sleep_until(5.0)
    assert 0.09 <= time.monotonic() - begun < 1.0
    assert clock.now() >= START + timedelta(seconds=5)
    clock.close()


def test_pace_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="above 0"):
        PacedClock(0)


@pytest.mark.parametrize("clock", [PacedClock(1), SteppedClock(START)], ids=["paced", "stepped"])
def test_closing_wakes_sleepers_quietly(clock: PacedClock | SteppedClock) -> None:
    woke: list[str] = []
    asleep = threading.Event()

    def work() -> None:
        asleep.set()
        clock.sleep_until(3600.0)
        woke.append("too late")

    clock.spawn("sleeper", work)
    asleep.wait(5)
    clock.close()
    assert woke == []


def test_stepped_clock_wakes_each_sleeper_at_its_instant_in_order() -> None:
    clock = SteppedClock(START)
    woke: list[tuple[str, float]] = []

    def sleeper(name: str, times: list[float]) -> None:
        def work() -> None:
            for at_s in times:
                clock.sleep_until(at_s)
                woke.append((name, clock.elapsed_s()))

        clock.spawn(name, work)

    sleeper("a", [1.0, 4.0])
    sleeper("b", [2.0, 3.0, 9.0])
    clock.advance(5.0)
    assert woke == [("a", 1.0), ("b", 2.0), ("b", 3.0), ("a", 4.0)]
    assert clock.now() == START + timedelta(seconds=5)
    clock.close()


def test_time_runs_until_what_is_awaited() -> None:
    steps: list[int] = []
    clock = SteppedClock(START, settle=lambda: steps.append(1))
    done: list[bool] = []

    def work() -> None:
        clock.sleep_until(1800.0)
        done.append(True)

    clock.spawn("worker", work)
    clock.run_until(lambda: bool(done))
    assert (clock.elapsed_s(), len(steps)) == (1800.0, 1)
    with pytest.raises(TimeoutError, match="did not happen"):
        clock.run_until(lambda: False)
    clock.close()

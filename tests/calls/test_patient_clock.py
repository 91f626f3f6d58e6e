"""The carrier's time waits for a hotline that is busy, and goes on for one that is slow in earnest."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.calls.patient_clock import PatientClock
from voicebot.simulator.clock import CarrierClosed

START = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
HELD_S = 0.5


@pytest.fixture
def clock() -> Iterator[PatientClock]:
    """A clock, ten times faster than real time, that waits not long for who is slow."""
    clock = PatientClock(10.0, start=START, longest_hold_s=HELD_S)
    yield clock
    clock.close()


def test_time_passes_for_those_who_wait(clock: PatientClock) -> None:
    began = clock.elapsed_s()
    clock.sleep_until(began + 2.0)
    assert clock.elapsed_s() >= began + 2.0
    assert clock.now() >= START + timedelta(seconds=2)


def test_time_stands_still_while_it_is_held_however_often(clock: PatientClock) -> None:
    with clock.held():
        with clock.held():
            at = clock.elapsed_s()
            threading.Event().wait(0.1)
        threading.Event().wait(0.1)
        assert clock.elapsed_s() == at
    clock.sleep_until(at + 0.5)


def test_time_stands_still_while_the_hotline_is_behind(clock: PatientClock) -> None:
    is_behind = threading.Event()
    clock.wait_while(is_behind.is_set)
    is_behind.set()
    at = clock.elapsed_s()
    threading.Event().wait(0.2)
    assert clock.elapsed_s() == at
    is_behind.clear()
    clock.sleep_until(at + 0.5)


def test_a_hotline_that_stays_behind_is_not_waited_for_for_ever(clock: PatientClock) -> None:
    clock.wait_while(lambda: True)
    began, at = time.monotonic(), clock.elapsed_s()
    clock.sleep_until(at + 1.0)
    assert time.monotonic() - began >= HELD_S


def test_nobody_holds_time_for_ever(clock: PatientClock) -> None:
    with clock.held():
        began, at = time.monotonic(), clock.elapsed_s()
        clock.sleep_until(at + 1.0)
        assert time.monotonic() - began >= HELD_S


def test_closing_the_clock_wakes_whoever_sleeps_on_it(clock: PatientClock) -> None:
    woken = threading.Event()

    def sleep() -> None:
        with pytest.raises(CarrierClosed):
            clock.sleep_until(10_000.0)
        woken.set()

    clock.spawn("sleeper", sleep)
    clock.close()
    assert woken.wait(5)


def test_closing_the_clock_wakes_whoever_sleeps_while_time_is_held() -> None:
    clock = PatientClock(10.0, start=START, longest_hold_s=60.0)
    woken = threading.Event()

    def sleep() -> None:
        with pytest.raises(CarrierClosed):
            clock.sleep_until(10_000.0)
        woken.set()

    with clock.held():
        clock.spawn("sleeper", sleep)
        assert not woken.wait(0.1)
        clock.close()
        assert woken.wait(5)

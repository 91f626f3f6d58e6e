"""Pauses that double."""

import doctest
from datetime import timedelta

import pytest

from tests.house import tree
from voicebot.domain import back_off as module
from voicebot.domain.back_off import back_off


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (7, 30), (10**9, 30)])
def test_each_failure_doubles_the_pause_up_to_the_longest(failures: int, minutes: int) -> None:
    pause = back_off(failures, first=timedelta(minutes=1), longest=timedelta(minutes=30))
    assert pause == timedelta(minutes=minutes)


def test_seconds_do_as_well_as_durations() -> None:
    assert [back_off(failures, first=0.2, longest=1.0) for failures in (1, 2, 3, 4)] == [0.2, 0.4, 0.8, 1.0]


def test_a_first_pause_above_the_longest_is_cut() -> None:
    assert back_off(1, first=9.0, longest=5.0) == 5.0


def test_nobody_doubles_a_pause_elsewhere() -> None:
    elsewhere = [path for path in tree.modules() if path.name != "back_off.py"]
    doubled = ("pause * 2", "pause_s * 2", "1 << min(", "2 ** min(", "2**min(")
    assert [tree.place(path) for path in elsewhere if any(each in path.read_text() for each in doubled)] == []


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(module).failed == 0

"""An alarm about the watch is told when it begins and every hour while it goes on."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_watch_alarm
from voicebot.domain.watch_alarm import REPEATED_AFTER


@pytest.mark.requirement("D-10")
def test_an_alarm_is_told_at_once_and_then_every_hour() -> None:
    alarm = a_watch_alarm()
    assert alarm.is_to_be_told(MONDAY_TEN)
    told = alarm.told(MONDAY_TEN)
    assert (told.times, told.is_to_be_told(MONDAY_TEN)) == (1, False)
    assert not told.is_to_be_told(MONDAY_TEN + REPEATED_AFTER - timedelta(seconds=1))
    assert told.is_to_be_told(MONDAY_TEN + REPEATED_AFTER)
    assert told.told(MONDAY_TEN + REPEATED_AFTER).times == 2


def test_tries_that_reach_nobody_are_spaced_by_ever_longer_pauses_until_one_does() -> None:
    alarm, now, pauses = a_watch_alarm(), MONDAY_TEN, []
    for _ in range(6):
        alarm = alarm.tried_in_vain(now)
        pause = next(each for each in range(1, 99) if alarm.may_be_tried(now + timedelta(minutes=each)))
        pauses.append(pause)
        now += timedelta(minutes=pause)
    assert pauses == [1, 2, 4, 8, 15, 15]
    assert alarm.told(now).may_be_tried(now)


def test_a_clock_that_was_set_back_holds_up_no_alarm() -> None:
    assert a_watch_alarm().tried_in_vain(MONDAY_TEN).may_be_tried(MONDAY_TEN - timedelta(days=400))


def test_what_begins_anew_after_it_was_told_is_untold() -> None:
    alarm = a_watch_alarm()
    assert alarm.is_untold_since(MONDAY_TEN)
    told = alarm.told(MONDAY_TEN)
    assert not told.is_untold_since(MONDAY_TEN)
    assert told.is_untold_since(MONDAY_TEN + timedelta(seconds=1))

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

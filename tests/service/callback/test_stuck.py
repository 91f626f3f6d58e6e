"""Calls of which nothing is heard: the carrier is asked."""

import pytest

from tests.service.callback.callers import CA, a_case, ordered, the_call
from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCallState
from voicebot.errors import Unavailable
from voicebot.service.background.sweeps import run_due
from voicebot.service.callback.dial import SILENT_AFTER
from voicebot.service.callback.stuck import settle_stuck_call


def test_a_call_whose_report_never_came_is_ended_when_the_carrier_says_that_it_is_over(line: Line) -> None:
    call = ordered(line, a_case(line))
    line.clock.step(SILENT_AFTER)
    run_due(line.hotline)
    assert the_call(line, call.id).state is StaffCallState.RINGING
    line.calls.over.add(CA)
    line.clock.step(SILENT_AFTER)
    run_due(line.hotline)
    assert the_call(line, call.id).state is StaffCallState.ENDED
    settle_stuck_call(line.hotline, call.id)


def test_a_carrier_that_is_away_is_asked_again(line: Line) -> None:
    call = ordered(line, a_case(line))
    line.calls.is_away = True
    with pytest.raises(Unavailable):
        settle_stuck_call(line.hotline, call.id)
    assert the_call(line, call.id).state is StaffCallState.RINGING

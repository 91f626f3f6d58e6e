"""Calls of which nothing is heard: the carrier is asked."""

from dataclasses import replace

import pytest

from tests.fakes_outside import FakeCalls
from tests.service.callback.callers import CA, a_case, ordered, the_call
from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCallState
from voicebot.errors import Unavailable
from voicebot.service.background.sweeps import run_due
from voicebot.service.callback import hops
from voicebot.service.callback.dial import SILENT_AFTER, dial
from voicebot.service.callback.order import order_callback
from voicebot.service.callback.stuck import settle_stuck_call
from voicebot.service.ports import CallUncertain


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


def test_a_call_that_was_left_while_it_was_dialled_is_looked_for_in_the_carriers_list(line: Line) -> None:
    call = order_callback(line.hotline, a_case(line).case_number, actor="owner_1")
    line.calls.trouble, line.calls.keeps_uncertain = [CallUncertain()], True
    dial(line.hotline, call.id)
    settle_stuck_call(line.hotline, call.id)
    assert (the_call(line, call.id).state, the_call(line, call.id).carrier_call_id) == (StaffCallState.RINGING, CA)


def test_a_key_that_is_pressed_while_the_carrier_is_asked_stands(line: Line) -> None:
    call = ordered(line, a_case(line))

    class Meanwhile(FakeCalls):
        def is_over(self, carrier_call_id: str) -> bool:
            hops.accept(line.hotline, call.id, "1")
            return super().is_over(carrier_call_id)

    line.step(minutes=6)
    settle_stuck_call(replace(line.hotline, calls=Meanwhile()), call.id)
    assert the_call(line, call.id).state is StaffCallState.TAKEN

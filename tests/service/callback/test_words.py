"""What a member hears when they pick up."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.adjustments import keep
from tests.service.callback.callers import a_case, ordered, with_callbacks
from tests.service.lines import Line
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.staff_call import StaffCallKind
from voicebot.service.callback.order import CallOrder, write_order
from voicebot.service.callback.words import is_recorded, say_trial, whisper
from voicebot.service.hotline import context_of


@pytest.mark.requirement("S0-13")
def test_case_demand_promise_and_number_are_said(line: Line) -> None:
    ticket = a_case(line)
    call = ordered(line, ticket)
    with line.work() as work:
        words = whisper(context_of(line.hotline, work), call)
    case_end = " ".join(ticket.case_number[-3:])
    assert words.startswith(
        f"Promised call. Case ending {case_end}. They want: a refund please. We promised it for Wed 18 Nov"
    )
    assert words.endswith("with the number ending 1 4 3, press 1.")


@pytest.mark.parametrize("kind", [StaffCallKind.CALLBACK, StaffCallKind.RANG_IN])
def test_a_telephone_that_others_answer_does_not_tell_what_the_complainant_wants(
    line: Line, tmp_path: Path, kind: StaffCallKind
) -> None:
    ticket = a_case(line)
    call = replace(ordered(line, ticket), kind=kind)
    said = []
    for is_told in (True, False):
        with_callbacks(line, tmp_path / str(is_told), whisper_demand=is_told)
        with line.work() as work:
            said.append(whisper(context_of(line.hotline, work), call))
    assert ["refund" in words for words in said] == [True, False]
    assert said[1] == said[0].replace("They want: a refund please. ", "")


def test_a_call_of_the_ladder_says_what_was_missed_and_the_three_keys(line: Line) -> None:
    ticket, member = a_case(line), line.policy.staff[0]
    with line.work() as work:
        order = CallOrder(
            ticket=ticket, member=member, ordered_by="worker", kind=StaffCallKind.LADDER, purpose="step:x"
        )
        call = write_order(context_of(line.hotline, work), order)
        assert call is not None
        words = whisper(context_of(line.hotline, work), call)
    assert "The promised call was missed. To take it, press 1." in words


def test_a_telephone_that_is_tried_out_hears_the_company_in_the_flow_s_first_language(line: Line) -> None:
    words, locale = say_trial(line.hotline)
    flow = line.hotline.flows.current_flow(line.hotline.rules.flow_name)
    assert locale == flow.locales[0]
    assert line.hotline.rules.company in words


@pytest.mark.requirement("D-10")
def test_a_drill_says_that_it_is_one(line: Line) -> None:
    call = replace(ordered(line, a_case(line)), kind=StaffCallKind.LADDER, purpose="drill:2026-03:missed:owner_1")
    with line.work() as work:
        assert "drill" in whisper(context_of(line.hotline, work), call)


def test_a_talk_is_not_recorded_where_no_machine_may_be_told_so(line: Line, tmp_path: Path) -> None:
    with_callbacks(line, tmp_path / "recorded", record_talks=True)
    ticket = a_case(line)
    with line.work() as work:
        assert is_recorded(context_of(line.hotline, work), ticket)
    keep(line, AdjustmentKind.NO_MESSAGE)
    with line.work() as work:
        assert not is_recorded(context_of(line.hotline, work), ticket)

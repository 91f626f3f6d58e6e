"""Waiting for the complainant pauses the decision; it ends by itself, by staff or by the complainant's words."""

from datetime import date, datetime, timedelta

import pytest

from tests.builders import at
from tests.service.decision.deciding import DUE, called_case, current, pass_until, steps, terms, texts
from tests.service.lines import OWNER, Line
from voicebot.domain.decision_term import DecisionReason, TermState
from voicebot.domain.ticket import NotComplaint, Ticket
from voicebot.errors import Refused
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import end_wait_for_words, waiting_for, waiting_no_longer
from voicebot.service.hotline import context_of
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.ticket.ending import dismissing

MONDAY = date(2026, 11, 23)


def wait(line: Line, case: Ticket, until: date = MONDAY, seen: int | None = None) -> bool:
    step = waiting_for("the receipt", until=until, actor="owner_1", seen=seen)
    return act(line.hotline, case.case_number, step)


def due_at(line: Line, case: Ticket) -> datetime:
    found = current(line, case).due_at
    assert found is not None
    return found


@pytest.mark.requirement("S0-12")
@pytest.mark.requirement("D-02")
def test_a_wait_ends_when_work_begins_and_brings_the_case_back_to_its_owner(line: Line) -> None:
    case = called_case(line)
    line.clock.at = at("Thursday 19 November 2026 09:00:00")
    assert wait(line, case)
    waiting = current(line, case)
    assert (waiting.state, waiting.due_at) == (TermState.WAITING, None)
    assert waiting.waiting_until == at("Monday 23 November 2026 09:00:00")
    pass_until(line, at("Monday 23 November 2026 09:00:00"))
    assert steps(line, case) == [("waiting_over", "owner_1")]
    assert "wait for the complainant is over" in line.sender.to(OWNER)[-1]
    assert due_at(line, case) == DUE + timedelta(days=4)
    reason = DecisionReason.model_validate_json(current(line, case).why_json)
    assert [(pause.begins_at, pause.ends_at) for pause in reason.pauses] == [
        (at("Thursday 19 November 2026 09:00:00"), at("Monday 23 November 2026 09:00:00"))
    ]


def test_a_worker_that_looks_late_makes_no_pause_longer(line: Line) -> None:
    case = called_case(line)
    line.clock.at = at("Thursday 19 November 2026 09:00:00")
    wait(line, case)
    line.clock.at = at("Wednesday 25 November 2026 12:00:00")
    line.sweep()
    assert due_at(line, case) == DUE + timedelta(days=4)


def test_nobody_is_warned_or_late_while_we_wait(line: Line) -> None:
    case = called_case(line)
    line.clock.at = at("Tuesday 24 November 2026 10:00:00")
    wait(line, case, until=date(2026, 12, 16))
    told = steps(line, case)
    pass_until(line, DUE + timedelta(days=5))
    assert steps(line, case) == told
    assert [term.state for term in terms(line, case)] == [TermState.WAITING]


@pytest.mark.requirement("S0-12")
def test_a_climb_of_a_late_decision_rests_while_we_wait_and_goes_on(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE)
    wait(line, case, until=date(2026, 12, 8))
    pass_until(line, at("Monday 7 December 2026 18:00:00"))
    assert steps(line, case)[-1][0] == "decision_late"
    pass_until(line, at("Tuesday 8 December 2026 09:00:00"))
    assert {step for step, _ in steps(line, case)[3:]} == {"waiting_over", "decision_heads", "decision_executive"}


@pytest.mark.requirement("S0-12")
def test_neither_another_kind_nor_other_hands_nor_another_wait_loses_a_pause(line: Line) -> None:
    case = called_case(line)
    line.clock.at = at("Thursday 19 November 2026 09:00:00")
    wait(line, case)
    act(line.hotline, case.case_number, being_of_kind("billing", actor="owner_1"))
    line.clock.at = at("Friday 20 November 2026 09:00:00")
    act(line.hotline, case.case_number, waiting_no_longer(actor="owner_1"))
    wait(line, case)
    line.clock.at = at("Friday 20 November 2026 13:00:00")
    act(line.hotline, case.case_number, waiting_no_longer(actor="owner_1"))
    act(line.hotline, case.case_number, being_of_kind("standard", actor="owner_1"))
    act(line.hotline, case.case_number, being_of_kind("billing", actor="owner_1"))
    reason = DecisionReason.model_validate_json(current(line, case).why_json)
    assert [pause.ends_at - pause.begins_at for pause in reason.pauses] == [timedelta(days=1), timedelta(hours=4)]
    # Five working days end on Wednesday 25 November; a day and a half of work were waited (Thanksgiving follows).
    assert reason.due_at == at("Monday 30 November 2026 13:00:00")


def test_words_of_the_complainant_end_the_wait(line: Line) -> None:
    case = called_case(line)
    wait(line, case)
    line.step(hours=1)
    for _ in range(2):
        with line.work() as work:
            end_wait_for_words(context_of(line.hotline, work), case.id)
            work.commit()
    assert current(line, case).state is TermState.RUNNING
    assert line.verbs(case.id).count("waiting_ended") == 1


def test_what_cannot_be_waited_for_is_refused_and_changes_nothing(line: Line) -> None:
    case = called_case(line)
    before = current(line, case)
    for until, words, code in (
        (MONDAY, "  ", "waiting-wordless"),
        (date(2026, 11, 17), "the receipt", "waiting-past"),
        (date(2027, 1, 18), "the receipt", "wait-too-long"),
    ):
        with pytest.raises(Refused) as refusal:
            act(line.hotline, case.case_number, waiting_for(words, until=until, actor="owner_1"))
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        act(line.hotline, case.case_number, waiting_no_longer(actor="owner_1"))
    assert refusal.value.code == "waiting-not"
    assert current(line, case) == before
    assert wait(line, case)
    with pytest.raises(Refused) as refusal:
        wait(line, case)
    assert refusal.value.code == "term-transition"
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    with pytest.raises(Refused) as refusal:
        wait(line, case)
    assert refusal.value.code == "waiting-not"


def test_a_double_click_waits_and_goes_on_once(line: Line) -> None:
    case = called_case(line)
    assert [wait(line, case, seen=1), wait(line, case, seen=1)] == [True, False]
    goes_on = [act(line.hotline, case.case_number, waiting_no_longer(actor="owner_1", seen=2)) for _ in range(2)]
    assert goes_on == [True, False]


def test_who_waits_in_the_moment_in_which_the_decision_is_late_waits_with_the_new_term(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE - timedelta(seconds=1))
    line.clock.at = DUE + timedelta(seconds=1)
    wait(line, case, until=date(2026, 12, 4))
    assert [term.state for term in terms(line, case)] == [TermState.LATE, TermState.WAITING]
    line.sweep()
    assert texts(line, case, "sms_decision_late") == []
    pass_until(line, at("Friday 4 December 2026 09:00:00"))
    assert len(texts(line, case, "sms_decision_late")) == 1


def test_a_climb_that_has_told_everybody_is_not_quieted_by_seeing_the_case(line: Line) -> None:
    case = called_case(line)
    pass_until(line, at("Monday 7 December 2026 10:00:00"))
    late = terms(line, case)[0]
    assert late.next_step_at is None
    assert acknowledge(line.hotline, case.case_number, actor="owner_1")
    assert terms(line, case)[0] == late

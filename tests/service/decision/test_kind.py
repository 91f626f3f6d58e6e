"""The kind of a case sets how long its decision may take."""

from datetime import date, timedelta

import pytest

from tests.builders import at
from tests.service.decision.deciding import DUE, called_case, current, pass_until, steps, terms
from tests.service.lines import Line
from voicebot.domain.decision_term import TermState
from voicebot.domain.ticket import NotComplaint
from voicebot.errors import Refused
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing


@pytest.mark.requirement("S0-12")
def test_an_urgent_kind_brings_the_decision_nearer_and_makes_nobody_late_at_once(line: Line) -> None:
    case = called_case(line)
    pass_until(line, at("Thursday 26 November 2026 12:00:00"))
    assert act(line.hotline, case.case_number, being_of_kind("safety", actor="owner_1"))
    line.sweep()
    assert (current(line, case).target, current(line, case).due_at) == (
        "safety",
        at("Friday 27 November 2026 18:00:00"),
    )
    assert [step for step, _ in steps(line, case)] == ["decision_half_gone"]
    pass_until(line, at("Friday 27 November 2026 18:00:00"))
    assert ("decision_late", "owner_1,supervisor_1") in steps(line, case)


def test_a_kind_that_is_learned_in_the_moment_of_the_miss_hides_no_miss(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE - timedelta(seconds=1))
    line.clock.at = DUE + timedelta(seconds=1)
    act(line.hotline, case.case_number, being_of_kind("safety", actor="owner_1"))
    assert [term.state for term in terms(line, case)] == [TermState.LATE, TermState.RUNNING]


def test_a_kind_set_twice_is_set_once(line: Line) -> None:
    case = called_case(line)
    done = [act(line.hotline, case.case_number, being_of_kind("easy", actor="owner_1", seen=1)) for _ in range(2)]
    assert done == [True, False]


def test_a_kind_that_nobody_knows_and_a_case_that_is_over_are_refused(line: Line) -> None:
    case = called_case(line)
    with pytest.raises(Refused, match="name one of billing, easy") as refusal:
        act(line.hotline, case.case_number, being_of_kind("weather", actor="owner_1"))
    assert refusal.value.code == "kind-unknown"
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    with pytest.raises(Refused) as refusal:
        act(line.hotline, case.case_number, being_of_kind("easy", actor="owner_1"))
    assert refusal.value.code == "case-over"


@pytest.mark.requirement("D-02")
def test_a_case_that_waits_goes_on_waiting_when_its_kind_is_learned(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, waiting_for("the receipt", until=date(2026, 11, 23), actor="owner_1"))
    until = current(line, case).waiting_until
    act(line.hotline, case.case_number, being_of_kind("safety", actor="owner_1"))
    waiting = current(line, case)
    assert (waiting.state, waiting.target, waiting.waiting_until) == (TermState.WAITING, "safety", until)
    assert (waiting.due_at, waiting.next_step_at) == (None, until)

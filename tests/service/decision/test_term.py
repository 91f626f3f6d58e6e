"""A term begins with a case and follows what becomes of it; its due instant is found anew from the history."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.decision.deciding import DUE, called_case, current, pass_until, terms
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.decision_term import TermState
from voicebot.domain.ticket import NotComplaint, TicketStatus
from voicebot.service.decision.term import follow_case, planned_anew, warnings_of
from voicebot.service.hotline import context_of
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing, reopening


@pytest.mark.requirement("S0-12")
def test_a_case_has_its_decision_due_from_its_first_moment(line: Line) -> None:
    answer = line.ring()
    with line.work() as work:
        term = work.decision_terms.current_of(answer.call.ticket_id)
    assert term is not None
    assert (term.started_at, term.due_at, term.state) == (line.clock.at, DUE, TermState.RUNNING)


@pytest.mark.requirement("S0-12")
def test_what_opens_again_gets_a_new_term_and_is_not_late_at_once(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    line.clock.at = at("Monday 18 January 2027 10:00:00")
    line.sweep()
    act(line.hotline, case.case_number, reopening(words="it was none", actor="owner_1"))
    line.sweep()
    first, second = terms(line, case)
    assert (first.state, second.state, second.attempt) == (TermState.DECIDED, TermState.RUNNING, 2)
    assert (second.started_at, second.due_at) == (line.clock.at, at("Monday 1 February 2027 10:00:00"))


def test_following_a_case_twice_changes_nothing(line: Line) -> None:
    case = called_case(line)
    before = terms(line, case)
    for ticket in (case, case, replace(case, status=TicketStatus.CLOSED), replace(case, status=TicketStatus.CLOSED)):
        with line.work() as work:
            follow_case(context_of(line.hotline, work), ticket)
            work.commit()
    assert [term.id for term in terms(line, case)] == [term.id for term in before]
    assert terms(line, case)[0].state is TermState.DECIDED


def test_a_due_instant_that_is_lost_is_found_again_as_it_was(line: Line) -> None:
    case = called_case(line)
    term = current(line, case)
    with line.work() as work:
        lost = replace(term, due_at=None, next_step_at=None)
        assert planned_anew(context_of(line.hotline, work), lost) == term


def test_a_policy_edited_meanwhile_changes_no_term_that_runs(line: Line, tmp_path: Path) -> None:
    case = called_case(line)
    folder = a_policy_dir(tmp_path / "policy")
    for name, old, new in (
        ("service_levels.yaml", "standard: 10 working days", "standard: 2 working days"),
        ("service_levels.yaml", "ceiling: 14 calendar days", "ceiling: 3 calendar days"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    term = current(line, case)
    with line.work() as work:
        assert planned_anew(context_of(line.hotline, work), term).due_at == DUE


def test_warnings_stay_as_they_were_when_the_first_was_given(line: Line, tmp_path: Path) -> None:
    case = called_case(line)
    pass_until(line, at("Thursday 26 November 2026 12:00:00"))
    folder = a_policy_dir(tmp_path / "policy")
    path = folder / "escalation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("decision_half_gone", "renamed"), encoding="utf-8")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    term = current(line, case)
    with line.work() as work:
        names = [warning.name for warning in warnings_of(context_of(line.hotline, work), term)]
    assert names == ["decision_half_gone", "decision_three_quarters_gone"]

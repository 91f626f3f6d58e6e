"""A late term is written once, with its climb and the term that follows."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.decision.deciding import DUE, called_case, current, pass_until, steps, terms, texts
from tests.service.lines import CALLER, FLOWS_DIR, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.decision_term import TermState
from voicebot.domain.ticket import NotComplaint, Ticket
from voicebot.service.decision.late import late_terms, make_late
from voicebot.service.hotline import context_of
from voicebot.service.ladder.plan import kept_plan
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.case_view import view_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing, reopening


def test_a_late_term_keeps_the_plan_of_its_climb_and_is_followed_at_once(line: Line) -> None:
    case = called_case(line)
    line.clock.at = DUE + timedelta(minutes=3)
    term = current(line, case)
    with line.work() as work:
        following = make_late(context_of(line.hotline, work), term)
        (late,) = late_terms(work, case.id)
        plan = kept_plan(work, late.id)
        work.commit()
    assert plan is not None
    assert [(step.name, step.due_at >= DUE) for step in plan] == [
        ("decision_late", True),
        ("decision_heads", True),
        ("decision_executive", True),
    ]
    assert (late.settled_at, late.next_step_at) == (DUE, DUE)
    assert (following.attempt, following.started_at) == (2, line.clock.at)
    assert [term.state for term in terms(line, case)] == [TermState.LATE, TermState.RUNNING]
    assert line.verbs(case.id).count("decision_late") == 1


def nobody_decides(line: Line) -> Ticket:
    """Let 120 days pass over a case in which staff do nothing more."""
    case = called_case(line)
    pass_until(line, line.clock.at + timedelta(days=120))
    return case


@pytest.mark.requirement("S4-14")
@pytest.mark.requirement("S1-14")
def test_who_is_never_answered_is_written_to_three_times_and_the_last_letter_names_no_date(line: Line) -> None:
    case = nobody_decides(line)
    first, second = texts(line, case, "sms_decision_late")
    (last,) = texts(line, case, "sms_decision_late_last")
    assert "New date: Wed 9 Dec." in first.body
    assert "New date: Wed 16 Dec." in second.body
    assert "we name no new date" in last.body
    assert "Our managing director answers for it." in last.body
    assert last.created_at == at("Wednesday 16 December 2026 18:00:00")
    assert line.sender.to(CALLER)[-1] == last.body


def test_staff_are_told_along_the_ladder_so_often_and_then_the_case_stays_due_in_the_list(line: Line) -> None:
    case = nobody_decides(line)
    taken = [step for step, _ in steps(line, case)]
    assert [taken.count(name) for name in ("decision_late", "decision_heads", "decision_executive")] == [3, 3, 3]
    with line.work() as work:
        told = [step.taken_at for step in work.promises.steps(case.id)]
        late = work.morning.decisions(line.clock.at, 50).late
    assert [(each.case_number, each.at) for each in late] == [(case.case_number, DUE)]
    assert max(told) < at("Thursday 24 December 2026 00:00:00")
    (listed,) = list_cases(line.hotline).lines
    assert listed.next_date is not None
    assert listed.next_date.at > line.clock.at


def test_the_page_says_that_nothing_more_goes_out_by_itself(line: Line) -> None:
    case = called_case(line)

    def then() -> str:
        due = next(
            due for due in view_case(line.hotline, case.case_number).deadlines if due.what.startswith("decision ")
        )
        return due.why[-1]

    assert then() == "then the complainant is written to, and the ladder is climbed (1 of 3)"
    pass_until(line, line.clock.at + timedelta(days=60))
    assert "times: no letter and no ladder any more" in then()


def test_a_case_that_is_decided_and_opens_again_is_written_about_anew(line: Line) -> None:
    case = nobody_decides(line)
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    act(line.hotline, case.case_number, reopening(words="it was none", actor="owner_1"))
    pass_until(line, line.clock.at + timedelta(days=15))
    assert len(texts(line, case, "sms_decision_late")) == 3


def test_a_policy_of_one_letter_still_names_a_date_in_it(line: Line, tmp_path: Path) -> None:
    folder = a_policy_dir(tmp_path / "policy")
    ladder = folder / "escalation.yaml"
    text = ladder.read_text(encoding="utf-8")
    ladder.write_text(text.replace("told_at_most: 3", "told_at_most: 1"), encoding="utf-8")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    case = nobody_decides(line)
    assert len(texts(line, case, "sms_decision_late")) == 1
    assert texts(line, case, "sms_decision_late_last") == []

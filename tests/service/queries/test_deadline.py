"""What is due of a decision, and why at that instant, as staff read it."""

from datetime import date, timedelta

import pytest

from tests.service.decision.deciding import DUE, called_case, current, pass_until
from tests.service.lines import Line, a_late_task
from voicebot.domain.ticket import NotComplaint, Ticket
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.lookup import ticket_of
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.deadline import Deadline
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing, reopening
from voicebot.service.ticket.tasks import finishing


def due(line: Line, case: Ticket) -> tuple[Deadline, ...]:
    return view_case(line.hotline, case.case_number).deadlines


@pytest.mark.requirement("S0-12")
def test_a_decision_its_warnings_and_why_are_shown_in_order(line: Line) -> None:
    case = called_case(line)
    found = due(line, case)
    assert [each.what for each in found] == [
        "warning decision_half_gone",
        "warning decision_three_quarters_gone",
        "decision standard",
    ]
    assert found[-1].at == DUE
    assert "no later than 14 calendar days: Wed 2 Dec 2026, 10:00 EST" in found[-1].why


@pytest.mark.requirement("D-02")
def test_a_wait_is_shown_with_its_end(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, waiting_for("a receipt", until=date(2026, 11, 23), actor="owner_1"))
    (waiting,) = due(line, case)
    assert (waiting.what, "we wait for the complainant" in waiting.why[0]) == ("waiting", True)


def test_a_late_decision_is_shown_with_its_next_step_and_the_new_date(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE + timedelta(minutes=1))
    whats = [each.what for each in due(line, case)]
    assert whats[0] == "step decision_heads"
    assert "decision after_late" in whats
    assert "the decision was due Wed 2 Dec 2026, 10:00 EST and is late" in due(line, case)[0].why


@pytest.mark.requirement("S0-12")
def test_a_decision_that_was_late_too_often_says_that_nothing_goes_by_itself_any_more(line: Line) -> None:
    case = called_case(line)
    for _ in range(3):
        pass_until(line, current(line, case).due_at or DUE)
    (decision,) = [each for each in due(line, case) if each.what == "decision after_late"]
    assert decision.why[-1].startswith("late 3 times: no letter and no ladder any more")


@pytest.mark.requirement("S2-05")
def test_a_task_is_shown_with_who_does_it_until_it_is_done_and_says_when_it_is_late(line: Line) -> None:
    task = a_late_task(line)
    with line.work() as work:
        case = ticket_of(work, task.ticket_id)

    def shown() -> list[Deadline]:
        return [each for each in due(line, case) if each.what == "task consult"]

    (asked,) = shown()
    assert (asked.at, asked.why) == (task.due_at, ("Deputy is to do it",))
    line.clock.at = task.due_at
    line.sweep()
    (late,) = shown()
    assert late.why == ("Deputy is to do it", "late: told Wed 18 Nov 2026, 15:00 EST")
    act(line.hotline, case.case_number, finishing(task.id, words="they have two", actor="deputy_1"))
    assert shown() == []


@pytest.mark.requirement("S0-12")
def test_of_a_case_that_was_opened_again_only_what_is_still_ahead_is_shown(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    act(line.hotline, case.case_number, reopening(words="it was none", actor="owner_1"))
    pass_until(line, DUE - timedelta(days=5))
    whats = [each.what for each in due(line, case) if each.what.startswith(("decision", "warning"))]
    assert whats == ["warning decision_three_quarters_gone", "decision standard"]

"""A plan is kept once, and tells which steps lie ahead."""

from datetime import timedelta

from tests.builders import MONDAY_TEN, a_breach, a_promise, a_step, a_ticket
from tests.service.lines import Line
from voicebot.domain.escalation import DueStep
from voicebot.service.ladder.plan import due_at, keep_plan, kept_plan, step_ahead, steps_taken, warning_ahead

FIRST = DueStep(name="first", due_at=MONDAY_TEN, tell=("owner",))
SECOND = DueStep(name="second", due_at=MONDAY_TEN + timedelta(hours=1), tell=("supervisor",))
PLAN = (FIRST, SECOND)


def test_what_is_kept_first_stays(line: Line) -> None:
    with line.work() as work:
        assert kept_plan(work, "climb-1") is None
        assert keep_plan(work, "climb-1", PLAN) == PLAN
        keep_plan(work, "climb-1", (SECOND,))
        assert kept_plan(work, "climb-1") == PLAN


def test_steps_ahead_are_those_that_this_climb_has_not_taken(line: Line) -> None:
    with line.work() as work:
        work.tickets.add(a_ticket())
        work.promises.add(a_promise())
        breach = a_breach()
        work.promises.add_breach(breach)
        assert step_ahead(work, breach, PLAN) == FIRST
        work.promises.take_step(a_step(subject_id="another", step="first"))
        assert step_ahead(work, breach, PLAN) == FIRST
        work.promises.take_step(a_step(step="first"))
        assert steps_taken(work, "ticket-1", breach.id) == {"first"}
        assert step_ahead(work, breach, PLAN) == SECOND
        assert warning_ahead(work, PLAN, ticket_id="ticket-1", subject_id=breach.id) == SECOND
        assert warning_ahead(work, PLAN, ticket_id="ticket-1", subject_id="promise-1") == FIRST


def test_a_climb_without_a_step_ahead_has_no_due_instant() -> None:
    assert due_at(None) is None
    assert due_at(SECOND) == SECOND.due_at

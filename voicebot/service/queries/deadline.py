"""One instant by which something happens in a case, and why it is that one. This module has those of decisions, and the
value for all.

Knows: terms of decisions, their warnings and climbs. Must not know: promised calls (case_view.py), pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.case_task import CaseTask, is_task_open
from voicebot.domain.decision_term import DecisionReason, DecisionTerm, TermState
from voicebot.domain.instants import written_instant
from voicebot.service.decision.term import late_in_a_row, warned_as, warnings_of
from voicebot.service.hotline import Context
from voicebot.service.ladder.plan import kept_plan, step_ahead, steps_taken
from voicebot.service.staff.members import member_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """One instant by which something happens, and why it is that one."""

    what: str
    at: datetime
    why: tuple[str, ...]


def decision_deadlines(context: Context, terms: Sequence[DecisionTerm]) -> Iterator[Deadline]:
    """Yield what is due next of the decisions of a case."""
    for term in terms:
        if term.state is TermState.RUNNING and term.due_at is not None:
            yield from _running(context, term, term.due_at)
        elif term.state is TermState.WAITING and term.waiting_until is not None:
            why = ("we wait for the complainant, and the time to decide rests", "then it comes back to its owner")
            yield Deadline(what="waiting", at=term.waiting_until, why=why)
        elif term.state is TermState.LATE:
            yield from _late(context, term)


def task_deadlines(context: Context, tasks: Sequence[CaseTask]) -> Iterator[Deadline]:
    """Yield the tasks that are still to be done."""
    for task in tasks:
        if is_task_open(task):
            who = member_name(context.work, context.policy, task.assignee_id)
            late = () if task.late_at is None else (f"late: told {written_instant(task.late_at, _zone(context))}",)
            yield Deadline(what=f"task {task.kind}", at=task.due_at, why=(f"{who} is to do it", *late))


def _zone(context: Context) -> str:
    return context.policy.calendar.zone


def _running(context: Context, term: DecisionTerm, due_at: datetime) -> Iterator[Deadline]:
    why = DecisionReason.model_validate_json(term.why_json).lines()
    yield Deadline(what=f"decision {term.target}", at=due_at, why=(*why, _then(context, term)))
    taken = steps_taken(context.work, term.ticket_id, warned_as(term))
    for warning in warnings_of(context, term):
        if warning.name not in taken and warning.due_at > context.now:
            tells = f"before the decision is due; tells {', '.join(warning.tell)}"
            yield Deadline(what=f"warning {warning.name}", at=warning.due_at, why=(tells,))


def _then(context: Context, term: DecisionTerm) -> str:
    """Say what follows when it passes without a decision."""
    most, told = context.policy.late_decision.told_at_most, late_in_a_row(context.work, term.ticket_id)
    if told >= most:
        return f"late {told} times: no letter and no ladder any more, it stays in the morning list until it is decided"
    return f"then the complainant is written to, and the ladder is climbed ({told + 1} of {most})"


def _late(context: Context, term: DecisionTerm) -> Iterator[Deadline]:
    step = None if term.next_step_at is None else step_ahead(context.work, term, kept_plan(context.work, term.id) or ())
    if step is None or term.due_at is None:
        return
    late = f"the decision was due {written_instant(term.due_at, context.policy.calendar.zone)} and is late"
    yield Deadline(what=f"step {step.name}", at=step.due_at, why=(late, f"tells {', '.join(step.tell)}"))

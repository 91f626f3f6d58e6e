"""Plans of climbs as they stood when each began, and which of their steps were taken.

A policy that is edited while a climb runs changes only climbs that begin later, or else a step that got another name
would tell the same people twice, and a step that moved would be taken a second time. Steps are kept with their instants
and roles. Who has a role, and their telephone, is asked anew each time.

Knows: plans as rows. Must not know: what is climbed, working time.
"""

from datetime import datetime

from pydantic import TypeAdapter

from voicebot.domain.escalation import Climb, DueStep, next_step, next_warning, steps_of
from voicebot.service.ports import UnitOfWork

_PLAN: TypeAdapter[tuple[DueStep, ...]] = TypeAdapter(tuple[DueStep, ...])


def kept_plan(work: UnitOfWork, subject_id: str) -> tuple[DueStep, ...] | None:
    """Return the steps kept for a subject, or None where none are kept."""
    kept = work.promises.plan(subject_id)
    return None if kept is None else _PLAN.validate_json(kept)


def keep_plan(work: UnitOfWork, subject_id: str, plan: tuple[DueStep, ...]) -> tuple[DueStep, ...]:
    """Keep the steps of a subject once, and return those that were given."""
    work.promises.keep_plan(subject_id, _PLAN.dump_json(plan).decode())
    return plan


def steps_taken(work: UnitOfWork, ticket_id: str, subject_id: str) -> frozenset[str]:
    """Return the names of the steps taken in a climb, or of the warnings given about a promise or a decision."""
    return frozenset(step.step for step in steps_of(subject_id, work.promises.steps(ticket_id)))


def step_ahead(work: UnitOfWork, climb: Climb, plan: tuple[DueStep, ...]) -> DueStep | None:
    """Return the next step of a climb and when it is due, or None when the climb is over."""
    return next_step(plan, climb, taken=steps_taken(work, climb.ticket_id, climb.id))


def warning_ahead(work: UnitOfWork, plan: tuple[DueStep, ...], *, ticket_id: str, subject_id: str) -> DueStep | None:
    """Return the next warning about a subject, or None when all were given."""
    return next_warning(plan, taken=steps_taken(work, ticket_id, subject_id))


def due_at(step: DueStep | None) -> datetime | None:
    """Return when a step is due, if there is one."""
    return None if step is None else step.due_at

"""Who is told when, frozen as it stood when the promise was made and when it was missed.

A policy that is edited while a climb runs changes only climbs that begin later: else a step that got another name
would tell the same people twice, and an apology that moved to another step would be sent, and a window promised, a
second time. Steps are kept with their instants and roles; who has a role, and their telephone, is asked anew each time.
Rows from before plans were kept get theirs from the policy in force when they are next looked at.

Knows: plans as rows, the ladder, working time. Must not know: who is told what.
"""

from datetime import datetime

from pydantic import TypeAdapter

from voicebot.domain.escalation import DueStep, climb_steps, next_step, next_warning, warning_times
from voicebot.domain.promise import Breach, Promise
from voicebot.flow.policy import Policy
from voicebot.service.ports import UnitOfWork

_PLAN: TypeAdapter[tuple[DueStep, ...]] = TypeAdapter(tuple[DueStep, ...])


def climb_of(work: UnitOfWork, policy: Policy, breach: Breach) -> tuple[DueStep, ...]:
    """Return the steps of a climb as they stood at its start; one without a plan would be planned like this now."""
    kept = work.promises.plan(breach.id)
    if kept is not None:
        return _PLAN.validate_json(kept)
    return climb_steps(policy.ladder, breach.at, calendar=policy.calendar, miss=miss_of(work, breach))


def freeze_climb(work: UnitOfWork, policy: Policy, breach: Breach) -> tuple[DueStep, ...]:
    """Keep the steps of a climb, once; return those that hold."""
    return _frozen(work, breach.id, climb_of(work, policy, breach))


def warnings_of(work: UnitOfWork, policy: Policy, promise: Promise) -> tuple[DueStep, ...]:
    """Return the warnings of a promise as they stood when it was made."""
    kept = work.promises.plan(promise.id)
    return warning_times(policy.ladder, promise.window) if kept is None else _PLAN.validate_json(kept)


def freeze_warnings(work: UnitOfWork, policy: Policy, promise: Promise) -> datetime | None:
    """Keep the warnings of a promise that is being made; return when the first is due, for none was given yet."""
    warnings = _frozen(work, promise.id, warning_times(policy.ladder, promise.window))
    return _due_at(next_warning(warnings, taken=()))


def plan_warning(work: UnitOfWork, policy: Policy, promise: Promise) -> None:
    """Set when the next warning about an open promise is due, from those given so far; keep its warnings, once."""
    warnings = _frozen(work, promise.id, warnings_of(work, policy, promise))
    taken = steps_taken(work, promise.ticket_id, promise.id)
    work.promises.set_next_warning(promise.id, _due_at(next_warning(warnings, taken=taken)))


def first_step(work: UnitOfWork, policy: Policy, breach: Breach) -> DueStep | None:
    """Freeze a climb that begins, and return its first step."""
    return next_step(freeze_climb(work, policy, breach), breach, taken=())


def steps_taken(work: UnitOfWork, ticket_id: str, subject_id: str) -> frozenset[str]:
    """Return the names of the steps taken for a breach, or of the warnings given for a promise."""
    return frozenset(step.step for step in work.promises.steps(ticket_id) if step.subject_id == subject_id)


def miss_of(work: UnitOfWork, breach: Breach) -> int:
    """Return which miss of its case a breach is, written yet or not: 1 for the first."""
    ids = [known.id for known in work.promises.breaches_of_ticket(breach.ticket_id)]
    return ids.index(breach.id) + 1 if breach.id in ids else len(ids) + 1


def _due_at(warning: DueStep | None) -> datetime | None:
    return None if warning is None else warning.due_at


def _frozen(work: UnitOfWork, subject_id: str, plan: tuple[DueStep, ...]) -> tuple[DueStep, ...]:
    work.promises.keep_plan(subject_id, _PLAN.dump_json(plan).decode())
    return plan

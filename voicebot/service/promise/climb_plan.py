"""Who is told when of a promised call, frozen as it stood when the promise was made and when it was missed.

Rows from before plans were kept get theirs from the policy in force when they are next looked at.

Knows: the ladder of a missed call, working time. Must not know: who is told what, how plans are kept (ladder/plan.py).
"""

from datetime import datetime

from voicebot.domain.escalation import DueStep, climb_steps, next_warning, warning_times
from voicebot.domain.promise import Breach, Promise
from voicebot.flow.policy import Policy
from voicebot.service.ladder.plan import due_at, keep_plan, kept_plan, step_ahead, warning_ahead
from voicebot.service.ports import UnitOfWork


def climb_of(work: UnitOfWork, policy: Policy, breach: Breach) -> tuple[DueStep, ...]:
    """Return the steps of a climb as they stood at its start. One without a plan would be planned like this now."""
    kept = kept_plan(work, breach.id)
    if kept is not None:
        return kept
    return climb_steps(policy.ladder, breach.at, calendar=policy.calendar, miss=miss_of(work, breach))


def freeze_climb(work: UnitOfWork, policy: Policy, breach: Breach) -> tuple[DueStep, ...]:
    """Keep the steps of a climb once, and return those that hold."""
    return keep_plan(work, breach.id, climb_of(work, policy, breach))


def warnings_of(work: UnitOfWork, policy: Policy, promise: Promise) -> tuple[DueStep, ...]:
    """Return the warnings of a promise as they stood when it was made."""
    kept = kept_plan(work, promise.id)
    return warning_times(policy.ladder, promise.window) if kept is None else kept


def freeze_warnings(work: UnitOfWork, policy: Policy, promise: Promise) -> datetime | None:
    """Keep the warnings of a promise that is being made, and return when the first is due, for none was given yet."""
    warnings = keep_plan(work, promise.id, warning_times(policy.ladder, promise.window))
    return due_at(next_warning(warnings, taken=()))


def plan_warning(work: UnitOfWork, policy: Policy, promise: Promise) -> None:
    """Set when the next warning about an open promise is due, from those given so far. Keep its warnings, once."""
    warnings = keep_plan(work, promise.id, warnings_of(work, policy, promise))
    ahead = warning_ahead(work, warnings, ticket_id=promise.ticket_id, subject_id=promise.id)
    work.promises.set_next_warning(promise.id, due_at(ahead))


def first_step(work: UnitOfWork, policy: Policy, breach: Breach) -> DueStep | None:
    """Freeze a climb that begins, and return its first step."""
    return step_ahead(work, breach, freeze_climb(work, policy, breach))


def miss_of(work: UnitOfWork, breach: Breach) -> int:
    """Return which miss of its case a breach is, written yet or not, with 1 for the first."""
    ids = [known.id for known in work.promises.breaches_of_ticket(breach.ticket_id)]
    return ids.index(breach.id) + 1 if breach.id in ids else len(ids) + 1

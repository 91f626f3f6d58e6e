"""A climb as it goes on. It takes the step that is due, and rests after a restore.

Knows: plans, steps taken. Must not know: what was missed, whom a step tells.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from voicebot.domain.escalation import Climb, DueStep, next_step
from voicebot.service.hotline import Context
from voicebot.service.ladder.duty import is_skipped
from voicebot.service.ladder.plan import due_at, step_ahead, steps_taken
from voicebot.service.ladder.step import pass_over
from voicebot.service.lookup import ticket_of


def take_due_step(
    context: Context, climb: Climb, plan: tuple[DueStep, ...], *, take: Callable[[DueStep], None]
) -> tuple[bool, datetime | None]:
    """Take the next step if it is due, and return whether one was taken, and when the one after it is due.

    Steps with nobody on duty are skipped to the next with somebody, all in the transaction under way (duty.py).
    """
    step = step_ahead(context.work, climb, plan)
    if step is None or step.due_at > context.now:
        return False, due_at(step)
    while step is not None and (skipped := _is_skipped(context, climb, plan, step)):
        take(replace(step, is_skipped=skipped))
        step = step_ahead(context.work, climb, plan)
    assert step is not None, "a step is skipped only where a later one is taken"
    take(step)
    return True, due_at(step_ahead(context.work, climb, plan))


def _is_skipped(context: Context, climb: Climb, plan: tuple[DueStep, ...], step: DueStep) -> bool:
    taken = {step.name, *steps_taken(context.work, climb.ticket_id, climb.id)}
    later = [each for each in plan if each.name not in taken]
    return is_skipped(context, step, later, ticket=ticket_of(context.work, climb.ticket_id))


def pass_over_all_but_first(context: Context, climb: Climb, plan: tuple[DueStep, ...]) -> bool:
    """Pass over the steps that fell due before a restore, but the first. False when none did.

    The first that nobody is known to have taken stays, so the miss is told once.
    """
    first = step_ahead(context.work, climb, plan)
    if first is None or first.due_at > context.now:
        return False
    taken = {first.name, *steps_taken(context.work, climb.ticket_id, climb.id)}
    while (step := next_step(plan, climb, taken=taken)) is not None and step.due_at <= context.now:
        pass_over(context, climb.id, ticket_id=climb.ticket_id, step=step)
        taken.add(step.name)
    return True


def pass_over_warnings_but_last(
    context: Context, warnings: tuple[DueStep, ...], *, ticket_id: str, subject_id: str
) -> None:
    """Pass over the warnings that fell due before a restore, but the last, which may still prevent a miss."""
    now, taken = context.now, steps_taken(context.work, ticket_id, subject_id)
    due = [warning for warning in warnings if warning.name not in taken and warning.due_at <= now]
    for warning in due[:-1]:
        pass_over(context, subject_id, ticket_id=ticket_id, step=warning)

"""A climb as it goes on: the step that is due, and the rest after a restore.

Knows: plans, steps taken. Must not know: what was missed, whom a step tells.
"""

from collections.abc import Callable
from datetime import datetime

from voicebot.domain.escalation import Climb, DueStep, next_step
from voicebot.service.ladder.plan import due_at, step_ahead, steps_taken
from voicebot.service.ladder.step import pass_over
from voicebot.service.outbox.compose import TextSetting


def take_due_step(
    setting: TextSetting, climb: Climb, plan: tuple[DueStep, ...], *, take: Callable[[DueStep], None]
) -> tuple[bool, datetime | None]:
    """Take the next step if it is due; return whether one was taken, and when the one after it is due."""
    step = step_ahead(setting.work, climb, plan)
    if step is None or step.due_at > setting.hotline.clock.now():
        return False, due_at(step)
    take(step)
    return True, due_at(step_ahead(setting.work, climb, plan))


def pass_over_all_but_first(setting: TextSetting, climb: Climb, plan: tuple[DueStep, ...]) -> bool:
    """Pass over the steps that fell due before a restore, but the first; False when none did.

    The first that nobody is known to have taken stays: the miss is told once.
    """
    now = setting.hotline.clock.now()
    first = step_ahead(setting.work, climb, plan)
    if first is None or first.due_at > now:
        return False
    taken = {first.name, *steps_taken(setting.work, climb.ticket_id, climb.id)}
    while (step := next_step(plan, climb, taken=taken)) is not None and step.due_at <= now:
        pass_over(setting, climb.id, ticket_id=climb.ticket_id, step=step)
        taken.add(step.name)
    return True


def pass_over_warnings_but_last(
    setting: TextSetting, warnings: tuple[DueStep, ...], *, ticket_id: str, subject_id: str
) -> None:
    """Pass over the warnings that fell due before a restore, but the last, which may still prevent a miss."""
    now, taken = setting.hotline.clock.now(), steps_taken(setting.work, ticket_id, subject_id)
    due = [warning for warning in warnings if warning.name not in taken and warning.due_at <= now]
    for warning in due[:-1]:
        pass_over(setting, subject_id, ticket_id=ticket_id, step=warning)

"""A climb as it goes on: the step that is due, and the rest after a restore.

Knows: plans, steps taken. Must not know: what was missed, whom a step tells.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from voicebot.domain.escalation import Climb, DueStep, next_step
from voicebot.service.ladder.duty import is_skipped
from voicebot.service.ladder.plan import due_at, step_ahead, steps_taken
from voicebot.service.ladder.step import pass_over
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import TextSetting


def take_due_step(
    setting: TextSetting, climb: Climb, plan: tuple[DueStep, ...], *, take: Callable[[DueStep], None]
) -> tuple[bool, datetime | None]:
    """Take the next step if it is due; return whether one was taken, and when the one after it is due.

    Steps with nobody on duty are skipped to the next with somebody, all in the transaction under way (duty.py).
    """
    step = step_ahead(setting.work, climb, plan)
    if step is None or step.due_at > setting.hotline.clock.now():
        return False, due_at(step)
    while step is not None and (skipped := _is_skipped(setting, climb, plan, step)):
        take(replace(step, is_skipped=skipped))
        step = step_ahead(setting.work, climb, plan)
    if step is not None:
        take(step)
    return True, due_at(step_ahead(setting.work, climb, plan))


def _is_skipped(setting: TextSetting, climb: Climb, plan: tuple[DueStep, ...], step: DueStep) -> bool:
    taken = {step.name, *steps_taken(setting.work, climb.ticket_id, climb.id)}
    later = [each for each in plan if each.name not in taken]
    return is_skipped(setting, step, later, owner_id=ticket_of(setting.work, climb.ticket_id).owner_id)


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

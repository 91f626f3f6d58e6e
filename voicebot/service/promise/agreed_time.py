"""At what time of day a complainant is rung, where that was agreed with them.

"Mornings" is by the clock of where their number is, and within the hours in which people are rung at all.
Knows: what was agreed with a number, ring hours. Must not know: how a window is found, who calls.
Source: complaints.md V-05.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from voicebot.domain.adjustment import is_rung_in_mornings
from voicebot.domain.callback_window import CallbackWindow
from voicebot.domain.ring_hours import RingHours, zones_of
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Context
from voicebot.service.number_gate import agreed_with


def agreed_windows(context: Context, number: str | None) -> Callable[[CallbackWindow], bool] | None:
    """Return what tells whether a window lies at the time agreed with whoever has a number. None where none was."""
    policy = context.policy
    if number is None or not is_rung_in_mornings(agreed_with(context.work, context.hotline.rules, number)):
        return None
    return partial(_covers, policy.callbacks.ring_hours.mornings, zones_of(number, otherwise=policy.calendar.zone))


def agreed_first(
    windows: Sequence[CallbackWindow], is_agreed: Callable[[CallbackWindow], bool] | None
) -> tuple[CallbackWindow, ...]:
    """Return windows with those at the agreed time before the others, each in their order."""
    return tuple(windows) if is_agreed is None else tuple(sorted(windows, key=lambda window: not is_agreed(window)))


def next_agreed(policy: Policy, number: str, *, now: datetime) -> datetime | None:
    """Return when whoever has a number may be rung next in the morning, where that is not now."""
    at = policy.callbacks.ring_hours.mornings.next_time(now, zones_of(number, otherwise=policy.calendar.zone))
    return None if at == now else at


def _covers(hours: RingHours, zones: Sequence[str], window: CallbackWindow) -> bool:
    return hours.cover(window.opens_at, window.closes_at, zones)

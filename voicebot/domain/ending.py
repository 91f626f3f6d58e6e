"""The rules by which a case may end without the complainant's yes, and for how long it can come back.

Knows: waiting, tries, spans. Must not know: policy files, who tried, texts.
Source: script.md 7 (no answer, with tries in several windows, ten working days, then "not reached", never resolved).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.business_calendar import BusinessCalendar


@dataclass(frozen=True, kw_only=True, slots=True)
class EndingRules:
    """The policy. Its defaults stand, with their reasons, in `flows/policy/service_levels.yaml`."""

    answer_waits_days: int = 10
    """Working days in which the complainant may say no to an answer."""
    tries: int = 6
    """The least calls in vain before "not reached"."""
    tries_over_days: int = 10
    """The least working days since the first of them."""
    reopens_within_days: int = 60
    """Who comes back within so many days of the end finds the same case open again."""


def waits_until(rules: EndingRules, calendar: BusinessCalendar, answered_at: datetime) -> datetime:
    """Return when an answer that nobody spoke against closes the case, which is at the end of the last working day."""
    return calendar.add_working_days(answered_at, rules.answer_waits_days)


def why_not_given_up(
    rules: EndingRules, calendar: BusinessCalendar, tries: Sequence[datetime], *, now: datetime
) -> str:
    """Return why it is too soon to say "not reached", or empty when the policy's tries are made.

    `tries` are the calls in vain since somebody was last spoken with, oldest first.
    """
    if len(tries) < rules.tries:
        return f"{rules.tries} tries are asked for, and {len(tries)} were made"
    until = calendar.add_working_days(tries[0], rules.tries_over_days)
    if now < until:
        return f"the tries are to be spread over {rules.tries_over_days} working days, and those are not over yet"
    return ""

"""The drill. Once a month a made-up miss climbs the real ladder, and a person must say that they were reached.

It begins on the policy's day of the month, or on the next working day after it, in working time. It is missed when no
hour of work comes within a week of its day. It ends with the first answer, or unanswered after the policy's time.
Knows: months, working time, states. Must not know: who is told, channels, cases.
Source: complaints.md D-10.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import BusinessCalendar

BEGINS_WITHIN = timedelta(days=7)
"""Of its day. A longer silence of the machine leaves the month without one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillRules:
    """Policy of the drill."""

    day: int = 10
    """Of the month, 1 to 28."""
    at: time = time(11)
    """By the company's clock."""
    answered_within: timedelta = timedelta(hours=2)
    """Working time. The steps of the ladder that fall into it are taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drill:
    """One drill. It is climbed for like a miss (escalation.py, `Climb`)."""

    id: str
    """Its month, as `2026-11`. There is one in each."""
    ticket_id: str
    """The case that holds it. It is closed from the beginning, and nothing is due on it."""
    began_at: datetime
    ends_at: datetime
    """Unanswered by then, it failed."""
    answered_at: datetime | None = None
    answered_by: str = ""
    """StaffMember.id."""
    ended_at: datetime | None = None

    @property
    def quiet_until(self) -> None:
        """Nothing quiets a drill but an answer."""
        return

    def has_failed(self, now: datetime) -> bool:
        """Tell whether it was answered by nobody in time."""
        return self.answered_at is None and now >= self.ends_at


def due_drill(calendar: BusinessCalendar, rules: DrillRules | None, now: datetime) -> str:
    """Return the id of the drill that is to begin now, unless it has.

    It is empty when none is. No rules means that there are none.
    """
    if rules is None or not calendar.is_open(now):
        return ""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    last_month = today.replace(day=1) - timedelta(days=1)
    return next((f"{day:%Y-%m}" for day in (today, last_month) if _is_due(calendar, rules, day, now)), "")


def _is_due(calendar: BusinessCalendar, rules: DrillRules, month: date, now: datetime) -> bool:
    """Tell whether the drill of the month of a day is due. A late day of the month may give it to the next."""
    at = datetime.combine(month.replace(day=rules.day), rules.at, ZoneInfo(calendar.zone)).astimezone(UTC)
    return at <= now < at + BEGINS_WITHIN

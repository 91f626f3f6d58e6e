"""Who is on duty. It knows weekly shifts, and what differs from them on a day.

A person's shifts say when they usually work. A change says that they are away or here for a stretch, and of several
changes that meet, the one made last holds. Whoever has no shifts works in the company's opening hours, so that a firm
needs no rota to begin with, and whoever works on dates that follow no week works only where a change says "here". On
public holidays nobody works by a shift. A special day with hours of its own gives these hours to all who work that
weekday.

A person may have several roles. A shift or a stretch "here" may be for one of them only, and then the others are not on
duty through it.

Everything is summed on instants (UTC), as in business_calendar.py. So a shift that begins in the hour which the clock
skips begins after it, and an hour that happens twice counts twice.
Knows: people, shifts, changes, working time. Must not know: cases, ladders, where a rota is kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import (
    DAY_MINUTES,
    WEEKDAYS,
    BusinessCalendar,
    DaySpan,
    OpenSpan,
    joined_spans,
    spans_of_day,
)
from voicebot.domain.staff import StaffMember
from voicebot.errors import Refused

LOOK_AHEAD = timedelta(days=62)
"""How far ahead somebody of a role is looked for, which is longer than any holiday."""

LONGEST_CHANGE = timedelta(days=400)
"""A stretch longer than this is a mistake in the year."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class ChangeKind(StrEnum):
    """What a change says of its stretch."""

    AWAY = "away"
    HERE = "here"


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaRules:
    """Policy on how much a person can take on."""

    calls_an_hour: int = 4
    load_cap: int = 40
    """Open cases beyond which no new one comes to somebody while others have room."""
    most_hand_offs: int = 3
    """Beyond so many only a supervisor hands a case on."""
    fetch_calendars_every: timedelta = timedelta(hours=1)
    calendars_stale_after: timedelta = timedelta(days=1)
    """Staff are told of a calendar that could not be had for so long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """When somebody works on one weekday, every week. Two on a day are a split shift."""

    id: str
    staff_id: str
    weekday: int
    """0 is Monday."""
    opens_minute: int
    """Minutes since midnight by the company's clock."""
    closes_minute: int
    """Not part of the shift. 1440 is midnight. A shift over midnight is two."""
    role: str = ""
    """For this role only. Empty means for all that the person has."""

    @property
    def hours(self) -> str:
        """Say when it is, such as `9:00-13:00`, with its role where it is for one."""
        begins, ends = (f"{minute // 60}:{minute % 60:02}" for minute in (self.opens_minute, self.closes_minute))
        return f"{begins}-{ends} ({self.role})" if self.role else f"{begins}-{ends}"

    @property
    def span(self) -> DaySpan:
        """Return the shift as a stretch of its day."""
        return DaySpan(opens_minute=self.opens_minute, closes_minute=self.closes_minute)


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaChange:
    """Somebody is away, or here, for one stretch."""

    id: str
    staff_id: str
    kind: ChangeKind
    begins_at: datetime
    ends_at: datetime
    made_at: datetime
    made_by: str
    role: str = ""
    """Of a stretch "here", this is for this role only."""
    note: str = ""
    swap_id: str | None = None
    """The same for both halves of a swap. One is away and the other here."""
    feed_uid: str | None = None
    """Which event of a calendar feed it came from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FedStretch:
    """An event of a calendar feed."""

    uid: str
    begins_at: datetime
    ends_at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaProfile:
    """What the rota knows of a person beside when they work."""

    staff_id: str
    roles: tuple[str, ...] = ()
    """Beside the role that the policy or the account gives them."""
    languages: tuple[str, ...] = ()
    """Codes like `en`. None named means every language."""
    load_cap: int | None = None
    """Open cases beyond which no new one comes to them while others have room. None means the policy's."""
    feed_token: str | None = None
    """The secret part of the address of their calendar. None means that there is no calendar."""
    has_dated_shifts: bool = False
    """Works on dates, not by the week, and is on duty only where a change says "here"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with everything that the rota says of them."""

    member: StaffMember
    profile: RotaProfile
    shifts: tuple[Shift, ...] = ()
    changes: tuple[RotaChange, ...] = ()

    @property
    def id(self) -> str:
        """Return who it is."""
        return self.member.id

    @property
    def roles(self) -> tuple[str, ...]:
        """Return every role, the one of the policy or the account first."""
        return tuple(dict.fromkeys((self.member.role, *self.profile.roles)))

    def speaks(self, locale: str) -> bool:
        """Tell whether somebody of this locale can be served."""
        language = locale.partition("-")[0]
        return not self.profile.languages or language in self.profile.languages


@dataclass(frozen=True, kw_only=True, slots=True)
class Rota:
    """Everybody who can be on duty, in the order in which they are asked."""

    people: tuple[Person, ...]
    calendar: BusinessCalendar
    beside: tuple[Person, ...] = ()
    """Those of whom the rota says only that they are away. They have no hours, and nobody asks for them."""
    _known: dict[tuple[str, str, date], tuple[OpenSpan, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )
    """Usual spans by person, role and day, because a search for a window asks for the same days again and again."""

    def person(self, staff_id: str) -> Person | None:
        """Return a person by id, or None."""
        return next((person for person in (*self.people, *self.beside) if person.id == staff_id), None)

    def without(self, staff_id: str, begins_at: datetime, ends_at: datetime) -> "Rota":
        """Return the rota as it would be with somebody away for a stretch."""
        people = tuple(
            replace(person, changes=(*person.changes, _away(person, begins_at, ends_at)))
            if person.id == staff_id
            else person
            for person in self.people
        )
        return replace(self, people=people)

    def of_role(self, role: str) -> tuple[Person, ...]:
        """Return all who have a role."""
        return tuple(person for person in self.people if role in person.roles)

    def has_shifts(self, role: str) -> bool:
        """Tell whether anybody of a role has shifts. Without any, nothing is known of how many work when."""
        return any(person.shifts or person.profile.has_dated_shifts for person in self.of_role(role))

    def on_duty(self, at: datetime, role: str = "") -> tuple[Person, ...]:
        """Return who is on duty at an instant, in any of their roles or in one."""
        people = self.of_role(role) if role else self.people
        return tuple(person for person in people if self.is_on_duty(person, at, role))

    def is_on_duty(self, person: Person, at: datetime, role: str = "") -> bool:
        """Tell whether a person is on duty. The first instant of a stretch is, the last one is not."""
        return bool(self.duty_spans(person, at, at + timedelta(microseconds=1), role=role))

    def next_on_duty(self, at: datetime, role: str) -> datetime | None:
        """Return `at` when somebody of a role is on duty, else the next instant at which, or None within LOOK_AHEAD."""
        found = (self.next_of(person, at, role=role) for person in self.of_role(role))
        return min((instant for instant in found if instant is not None), default=None)

    def next_of(self, person: Person, at: datetime, *, role: str = "") -> datetime | None:
        """Return `at` when a person is on duty, else the next instant at which, or None within LOOK_AHEAD."""
        begins_at = at
        while begins_at < at + LOOK_AHEAD:
            spans = self.duty_spans(person, begins_at, begins_at + _WEEK, role=role)
            if spans:
                return spans[0].opens_at
            begins_at += _WEEK
        return None

    def away_until(self, person: Person, at: datetime) -> datetime | None:
        """Return until when somebody is away by a change that holds at an instant, or None when none does."""
        return absences(person.changes, at).get(person.id)

    def duty_spans(
        self, person: Person, begins_at: datetime, ends_at: datetime, *, role: str = ""
    ) -> tuple[OpenSpan, ...]:
        """Return when a person is on duty between two instants, in order and joined, and in one role where named."""
        if role and role not in person.roles:
            return ()
        # Clipped to instants of one zone, a span would be as long as its wall clock says.
        begins_at, ends_at = begins_at.astimezone(UTC), ends_at.astimezone(UTC)
        spans = list(self._usual_between(person, begins_at, ends_at, role))
        for change in sorted(person.changes, key=_made):
            if change.ends_at <= begins_at or change.begins_at >= ends_at:
                continue
            if change.kind is ChangeKind.AWAY:
                spans = list(_without(spans, change))
            elif _is_for(change.role, role):
                spans.append(OpenSpan(opens_at=change.begins_at, closes_at=change.ends_at))
        clipped = (_clipped(span, begins_at, ends_at) for span in sorted(spans, key=lambda span: span.opens_at))
        return tuple(joined_spans(span for span in clipped if span is not None))

    def _usual_between(self, person: Person, begins_at: datetime, ends_at: datetime, role: str) -> Iterator[OpenSpan]:
        zone = ZoneInfo(self.calendar.zone)
        # A clock set back over midnight gives late instants of a day the date of the day before (business_calendar.py).
        day, last = begins_at.astimezone(zone).date(), ends_at.astimezone(zone).date() + _DAY
        while day <= last:
            yield from self._usual_on(person, day, role)
            day += _DAY

    def _usual_on(self, person: Person, day: date, role: str) -> tuple[OpenSpan, ...]:
        key = (person.id, role, day)
        if key not in self._known:
            self._known[key] = self._find_usual(person, day, role)
        return self._known[key]

    def _find_usual(self, person: Person, day: date, role: str) -> tuple[OpenSpan, ...]:
        if person in self.beside:
            return ()
        if not person.shifts:
            return () if person.profile.has_dated_shifts else self.calendar.spans_on(day)
        shifts = [shift for shift in person.shifts if shift.weekday == day.weekday() and _is_for(shift.role, role)]
        special = self.calendar.special_day(day)
        if special is not None:
            return self.calendar.spans_on(day) if shifts else ()
        return spans_of_day(day, (shift.span for shift in shifts), ZoneInfo(self.calendar.zone))


def absences(changes: Iterable[RotaChange], at: datetime) -> dict[str, datetime]:
    """Return who is away at an instant, and until when. Of several changes that hold, the one made last says so."""
    holding = {change.staff_id: change for change in sorted(changes, key=_made) if holds(change, at)}
    return {staff_id: last.ends_at for staff_id, last in holding.items() if last.kind is ChangeKind.AWAY}


def holds(change: RotaChange, at: datetime) -> bool:
    """Tell whether an instant lies in the stretch of a change."""
    return change.begins_at <= at < change.ends_at


def check_shift(shift: Shift, others: Iterable[Shift]) -> None:
    """Raise Refused when a shift is none, or meets another one of the same person."""
    if not 0 <= shift.weekday < len(WEEKDAYS):
        raise Refused("adding a shift: its weekday must be one from monday to sunday", code="rota-shift")
    if not 0 <= shift.opens_minute < shift.closes_minute <= DAY_MINUTES:
        raise Refused(
            "adding a shift: it must end after it begins, on the same day; write one over midnight as two",
            code="rota-shift",
        )
    if any(_meet(shift, other) for other in others):
        raise Refused(
            f"adding a shift: this person works at that time on {WEEKDAYS[shift.weekday]} already; "
            "remove that shift first",
            code="rota-shift",
        )


def check_change(change: RotaChange, *, now: datetime) -> None:
    """Raise Refused when a change says nothing, as when it ends before it begins, is over, or lasts for years."""
    if change.ends_at <= change.begins_at:
        raise Refused("changing the rota: the stretch must end after it begins", code="rota-change")
    if change.ends_at <= now:
        raise Refused("changing the rota: that time is over; give one that lies ahead", code="rota-change")
    if change.ends_at - change.begins_at > LONGEST_CHANGE:
        raise Refused(
            f"changing the rota: the stretch is longer than {LONGEST_CHANGE.days} days; look at its year",
            code="rota-change",
        )


def _away(person: Person, begins_at: datetime, ends_at: datetime) -> RotaChange:
    last = max((change.made_at for change in person.changes), default=begins_at)
    return RotaChange(
        id="",
        staff_id=person.id,
        kind=ChangeKind.AWAY,
        begins_at=begins_at,
        ends_at=ends_at,
        made_at=last + timedelta(seconds=1),
        made_by="",
    )


def _meet(one: Shift, other: Shift) -> bool:
    is_same = (one.staff_id, one.weekday) == (other.staff_id, other.weekday) and one.id != other.id
    return is_same and one.opens_minute < other.closes_minute and other.opens_minute < one.closes_minute


def _is_for(said: str, asked: str) -> bool:
    return not said or not asked or said == asked


def _made(change: RotaChange) -> tuple[datetime, str]:
    return change.made_at, change.id


def _without(spans: Sequence[OpenSpan], away: RotaChange) -> Iterator[OpenSpan]:
    for span in spans:
        if span.opens_at < away.begins_at:
            yield OpenSpan(opens_at=span.opens_at, closes_at=min(span.closes_at, away.begins_at))
        if span.closes_at > away.ends_at:
            yield OpenSpan(opens_at=max(span.opens_at, away.ends_at), closes_at=span.closes_at)


def _clipped(span: OpenSpan, begins_at: datetime, ends_at: datetime) -> OpenSpan | None:
    opens_at, closes_at = max(span.opens_at, begins_at), min(span.closes_at, ends_at)
    return OpenSpan(opens_at=opens_at, closes_at=closes_at) if opens_at < closes_at else None

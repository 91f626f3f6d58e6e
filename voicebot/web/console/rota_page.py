"""The rota as a page. It tells who is on duty, the week, and what differs from it.

Knows: people, shifts, changes, instants. Must not know: routes, forms.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from voicebot.domain.business_calendar import WEEKDAYS
from voicebot.domain.calendar_feed import CalendarFeed
from voicebot.domain.instants import Instants
from voicebot.domain.permission import Permission
from voicebot.domain.rota import ChangeKind, Person, Rota
from voicebot.domain.staff import StaffMember
from voicebot.service.wording.names import away_said

_WEEKLY = "No shifts: opening hours."
_DATED = "No weekly shifts: on duty where a line says here."
_KINDS = {ChangeKind.AWAY: "away", ChangeKind.HERE: "here"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaLine:
    """A shift or a change, with the id by which it is removed."""

    id: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """One person."""

    id: str
    name: str
    roles: str
    duty: str
    is_here: bool
    shifts: tuple[RotaLine, ...]
    usual: str
    """When they work without shifts."""
    changes: tuple[RotaLine, ...]
    calendars: tuple[RotaLine, ...]
    """Calendars that are fetched, and how that goes."""
    languages: str
    load_cap: str
    has_feed: bool
    may_change: bool
    """Whether whoever reads may say when this person is away or here. That is themselves, or a supervisor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaPage:
    """The page."""

    people: tuple[PersonRow, ...]
    zone: str
    read_at: str
    may_plan: bool
    """Whether whoever reads may change the week, and what others can do."""
    weekdays: tuple[str, ...] = WEEKDAYS


def rota_page(
    rota: Rota,
    *,
    member: StaffMember,
    may: Collection[Permission],
    instants: Instants,
    feeds: Sequence[CalendarFeed] = (),
) -> RotaPage:
    """Return the page for a member, and for what they may do."""
    may_plan, keeps_own = Permission.PLAN_ROTA in may, Permission.KEEP_OWN_DUTY in may
    return RotaPage(
        people=tuple(
            replace(
                _row(rota, person, instants, may_change=may_plan or (keeps_own and person.id == member.id)),
                calendars=tuple(_calendar(feed, instants) for feed in feeds if feed.staff_id == person.id),
            )
            for person in (*rota.people, *rota.beside)
        ),
        zone=instants.zone,
        read_at=instants.brief(instants.now),
        may_plan=may_plan,
    )


def _row(rota: Rota, person: Person, instants: Instants, *, may_change: bool) -> PersonRow:
    at = rota.next_of(person, instants.now)
    cap = person.profile.load_cap
    return PersonRow(
        id=person.id,
        name=person.member.name,
        roles=", ".join(role.replace("_", " ") for role in person.roles),
        duty=duty_said(rota, person, instants),
        is_here=at == instants.now,
        shifts=tuple(RotaLine(id=shift.id, said=f"{WEEKDAYS[shift.weekday]} {shift.hours}") for shift in person.shifts),
        changes=tuple(
            RotaLine(
                id=change.id,
                said=f"{_KINDS[change.kind]} {instants.window(change.begins_at, change.ends_at)}"
                + (f": {change.note}" if change.note else ""),
            )
            for change in person.changes
            if change.ends_at > instants.now
        ),
        usual=_usual(rota, person),
        calendars=(),
        languages=", ".join(person.profile.languages) or "every language",
        load_cap="" if cap is None else str(cap),
        has_feed=person.profile.feed_token is not None,
        may_change=may_change,
    )


def _usual(rota: Rota, person: Person) -> str:
    if person in rota.beside:
        return "Not on the rota: it names only when they are away."
    return _DATED if person.profile.has_dated_shifts else _WEEKLY


def _calendar(feed: CalendarFeed, instants: Instants) -> RotaLine:
    if feed.good_at is None:
        state = feed.problem or "not fetched yet"
    else:
        state = f"last fetched {instants.brief(feed.good_at)}" + (
            f"; since then: {feed.problem}" if feed.problem else ""
        )
    return RotaLine(id=feed.id, said=f"calendar at {feed.host}, {_KINDS[feed.kind]}: {state}")


def duty_said(rota: Rota, person: Person, instants: Instants) -> str:
    """Say whether somebody is on duty, such as `on duty`, `away until 14:00 EST`, `on duty from Thu 19 Nov 09:00`."""
    away = away_said(rota.away_until(person, instants.now), instants)
    if away:
        return away
    if person in rota.beside:
        return "not on the rota"
    at = rota.next_of(person, instants.now)
    if at is None:
        return "not on duty in the coming two months"
    return "on duty" if at == instants.now else f"on duty from {instants.brief(at)}"

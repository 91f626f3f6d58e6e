"""Somebody falls ill. What of theirs is at risk is shown, then given to those who are there, in one action.

At risk is every case whose promised call lies before they are back, or is missed already. Each goes to whoever will be
on duty when its window opens. With `everything` all their open cases go, for somebody who has left.
Knows: owners, windows, the rota, who a case goes to. Must not know: pages.
Source: complaints.md D-05.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog

from voicebot.domain.rota import ChangeKind
from voicebot.domain.staff import StaffMember
from voicebot.domain.staffing import Staffing
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import find_ticket
from voicebot.service.ports import CaseLine, CaseQuery, UnitOfWork
from voicebot.service.staff.assignment import Desk, desk_of
from voicebot.service.staff.decision import tidy
from voicebot.service.staff.members import find_member, management_of, member_name
from voicebot.service.staff.readers import barred
from voicebot.service.staff.rota import Stretch, write_change
from voicebot.service.ticket.hand_over import pass_to

DAYS_SHOWN = 5
"""Days of the company whose room is shown beside what is promised."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Who is away until when, and what goes with them."""

    staff_id: str
    until: datetime
    everything: bool = False
    """All open cases, and not only those at risk."""
    note: str = ""
    """What whoever takes a case over should know. It stands on each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A case and who it goes to."""

    line: CaseLine
    to: StaffMember | None
    """None when there is nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRoom:
    """One working day without the person who is away."""

    day: date
    promised: int
    """Calls that are promised to windows of this day, of everybody."""
    room: float
    """Calls that those on duty can make."""

    @property
    def is_short(self) -> bool:
        """Whether more is promised than can be done."""
        return self.promised > self.room


@dataclass(frozen=True, kw_only=True, slots=True)
class SpreadPlan:
    """What is at risk, who would take it, and the days ahead."""

    person: StaffMember
    until: datetime
    cases: tuple[Handed, ...]
    kept: int
    """Open cases that stay with the person, because nothing is promised in them before they are back."""
    days: tuple[DayRoom, ...]


def plan_spread(hotline: Hotline, absence: Absence) -> SpreadPlan:
    """Say what would happen, and change nothing. Raises: Refused when nobody goes by that name."""
    with hotline.look() as work:
        return _plan(context_of(hotline, work), absence)


def spread(hotline: Hotline, absence: Absence, *, actor: str) -> SpreadPlan:
    """Note that the person is away, and give their cases to those who are there. Returns what was done.

    A second time it finds what has come since. Raises: Refused when there is no such person, the time is over, or
    nobody is left to take a case.
    """
    note = tidy(absence.note)
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        plan = _plan(context, absence)
        if any(handed.to is None for handed in plan.cases):
            raise Refused(
                "there is nobody else who could take these cases: put somebody with the role handler on the rota",
                code="nobody-left",
            )
        stretch = Stretch(staff_id=absence.staff_id, begins_at=context.now, ends_at=absence.until)
        write_change(context, ChangeKind.AWAY, stretch, actor=actor)
        for handed in plan.cases:
            _hand(context, handed, actor=actor, note=note)
        work.commit()
    log.info("cases_spread", staff=absence.staff_id, cases=len(plan.cases), by=actor)
    return plan


def _plan(context: Context, absence: Absence) -> SpreadPlan:
    policy, now = context.policy, context.now
    person = find_member(context.work, policy, absence.staff_id)
    if person is None:
        raise Refused(f"nobody here goes by {absence.staff_id!r}", code="rota-person")
    if absence.until <= now:
        raise Refused("they are back by then already: give a time that lies ahead", code="rota-change")
    desk = desk_of(context.work, policy, now=now)
    lines = context.work.cases.page(CaseQuery(is_open=True, owner_id=absence.staff_id), now)
    at_risk = [line for line in lines if absence.everything or _is_at_risk(line, absence.until)]
    return SpreadPlan(
        person=person.model_copy(update={"name": member_name(context.work, policy, absence.staff_id)}),
        until=absence.until,
        cases=tuple(_handed(context, desk, line, absence) for line in at_risk),
        kept=len(lines) - len(at_risk),
        days=tuple(_days(context.work, policy, desk, absence, now=now)),
    )


def _is_at_risk(line: CaseLine, until: datetime) -> bool:
    return line.is_missed or (line.window_opens_at is not None and line.window_opens_at < until)


def _handed(context: Context, desk: Desk, line: CaseLine, absence: Absence) -> Handed:
    """Return who takes a case. Where no handler may see it, that is one of management who may."""
    at = context.now if line.window_opens_at is None else max(context.now, line.window_opens_at)
    hidden_from = barred(context, find_ticket(context.work, line.case_number))
    out = {absence.staff_id, *hidden_from}
    chosen = desk.choose(locale=line.locale, at=at, besides=out)
    seniors = (each for each in management_of(context.policy) if hidden_from and each.id not in out)
    return Handed(line=line, to=chosen or next(seniors, None))


def _hand(context: Context, handed: Handed, *, actor: str, note: str) -> None:
    assert handed.to is not None, "a plan with nobody to take a case is refused"
    work, at = context.work, context.now
    work.tickets.hold(find_ticket(work, handed.line.case_number).id)
    ticket = find_ticket(work, handed.line.case_number)
    pass_to(context, ticket, handed.to.id, by=actor)
    note_case(work, ticket.id, Verb.TICKET_GIVEN, at=at, actor=actor, before=ticket.owner_id, after=handed.to.id)
    if note:
        note_case(work, ticket.id, Verb.NOTE_WRITTEN, at=at, actor=actor, after=note)


def _days(work: UnitOfWork, policy: Policy, desk: Desk, absence: Absence, *, now: datetime) -> Iterator[DayRoom]:
    zone = ZoneInfo(policy.calendar.zone)
    windows = work.promises.open_windows(now)
    staffing = Staffing(
        rota=desk.rota.without(absence.staff_id, now, absence.until),
        calls_an_hour=policy.rota.calls_an_hour,
        fill_percent=100,
    )
    for day in _working_days(policy, now.astimezone(zone).date()):
        promised = sum(count for window, count in windows.items() if window.opens_at.astimezone(zone).date() == day)
        yield DayRoom(day=day, promised=promised, room=staffing.on_day(day, since=now))


def _working_days(policy: Policy, day: date) -> Iterator[date]:
    left = DAYS_SHOWN
    spans = policy.calendar.open_spans_from(datetime.combine(day, datetime.min.time(), ZoneInfo(policy.calendar.zone)))
    last: date | None = None
    while left:
        found = next(spans).opens_at.astimezone(ZoneInfo(policy.calendar.zone)).date()
        if found != last:
            last, left = found, left - 1
            yield found

"""What a morning list is made of, read from the rows of promises, decisions and messages.

Each list is cut off, because management reads the worst, and the console has the rest.
Knows: the tables promises, breaches, steps, decision_term, tickets, notices, staff_messages, sms. Must not know: names,
wording, days.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, case, func, literal, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import asked_by, is_shown
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.decision_term import TermState
from voicebot.domain.escalation import NOBODY
from voicebot.domain.notice import NoticeState
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import OPEN_STATUSES
from voicebot.service.ports.morning import MissedCall, PromisedCall, Untold, WaitingCase, WaitingDecisions

_IS_SHOWN = is_shown(tables.tickets.c.id)
"""Built once, since each of a list's ten questions asks it."""
_TEXTS_LOST = (SmsState.FAILED, SmsState.UNDELIVERED)


class MorningRows:
    """Fulfils `service.ports.MorningBook`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader

    def missed(self, since: datetime, limit: int) -> Sequence[MissedCall]:
        """Return misses since, and those that go on, with the longest missed first."""
        breaches, steps = tables.breaches, tables.steps
        taken = select(func.count()).where(steps.c.subject_id == breaches.c.id).scalar_subquery()
        found = _of_cases(breaches, breaches.c.at, taken.label("steps"), breaches.c.ended_at)
        found = found.where(or_(breaches.c.at >= since, breaches.c.ended_at.is_(None)))
        return [MissedCall(**row) for row in self._rows(found.order_by(breaches.c.at, breaches.c.id), limit)]

    def promised(self, until: datetime, limit: int) -> Sequence[PromisedCall]:
        """Return open promises whose window closes by an instant, the soonest closing first."""
        table = tables.promises
        window = (table.c.window_opens_at.label("opens_at"), table.c.window_closes_at.label("closes_at"))
        found = _of_cases(table, *window).where(
            table.c.state == PromiseState.OPEN, table.c.window_closes_at <= until, table.c.is_silent.is_(False)
        )
        return [PromisedCall(**row) for row in self._rows(found.order_by(table.c.window_closes_at, table.c.id), limit)]

    def oldest(self, limit: int) -> Sequence[WaitingCase]:
        """Return open cases that were opened first."""
        table = tables.tickets
        found = select(table.c.case_number, table.c.owner_id, table.c.opened_at.label("at"))
        found = found.where(table.c.status.in_(OPEN_STATUSES)).order_by(table.c.opened_at, table.c.id)
        return self._waiting(found, limit)

    def decisions(self, until: datetime, limit: int) -> WaitingDecisions:
        """Return decisions that are late, due by an instant, or wait for a second person."""
        term, ticket = tables.decision_terms, tables.tickets
        is_open = ticket.c.status.in_(OPEN_STATUSES)
        due = _of_cases(term, term.c.due_at.label("at")).where(is_open).order_by(term.c.due_at, term.c.id)
        # A case that is late again and again stands here once, since the first time.
        first = func.min(term.c.due_at).label("at")
        late = _of_cases(term, first).where(is_open, term.c.state == TermState.LATE, term.c.ended_at.is_(None))
        late = late.group_by(ticket.c.case_number, ticket.c.owner_id).order_by(first, ticket.c.case_number)
        refused = select(
            ticket.c.case_number, ticket.c.refusal_asked_by.label("owner_id"), ticket.c.opened_at.label("at")
        )
        refused = refused.where(
            is_open, ticket.c.refusal_asked_by.is_not(None), ticket.c.refusal_confirmed_by.is_(None)
        ).order_by(ticket.c.opened_at, ticket.c.id)
        return WaitingDecisions(
            late=self._waiting(late, limit),
            due=self._waiting(due.where(term.c.state == TermState.RUNNING, term.c.due_at <= until), limit),
            refusals=self._waiting(refused, limit),
        )

    def untold(
        self, since: datetime, limit: int, *, text_kinds: Collection[str], held_back: Collection[str]
    ) -> Sequence[Untold]:
        """Return steps without anybody, notices, messages and texts that reached nobody, with the newest first."""
        parts = (_steps(since), _notices(since), _messages(since, held_back), _texts(since, text_kinds, held_back))
        found = [Untold(**row) for part in parts for row in self._rows(part, limit)]
        return sorted(found, key=lambda each: each.at, reverse=True)[:limit]

    def _waiting(self, found: Select[Any], limit: int) -> Sequence[WaitingCase]:
        return [WaitingCase(**row) for row in self._rows(found, limit)]

    def _rows(self, found: Select[Any], limit: int) -> Sequence[Any]:
        shown = found.where(_IS_SHOWN).limit(limit)
        return self._connection.execute(shown, asked_by(self._reader)).mappings().all()


def _of_cases(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns of a table beside the number and the owner of the case."""
    ticket = tables.tickets
    found = select(ticket.c.case_number, ticket.c.owner_id, *columns)
    return found.select_from(table.join(ticket, ticket.c.id == table.c.ticket_id))


def _not_told(table: Table, *, what: Any, who: Any, why: Any, at: ColumnElement[Any], since: datetime) -> Select[Any]:
    """Select what somebody was not told of since an instant, the newest first."""
    columns = (what.label("what"), who.label("who"), why.label("why"), at.label("at"))
    found = select(tables.tickets.c.case_number, *columns).where(at >= since).order_by(at.desc())
    return found.select_from(table.join(tables.tickets, tables.tickets.c.id == table.c.ticket_id))


def _steps(since: datetime) -> Select[Any]:
    table = tables.steps
    why = literal("nobody of this step could be reached")
    found = _not_told(table, what=table.c.step, who=literal(""), why=why, at=table.c.taken_at, since=since)
    return found.where(table.c.told == NOBODY)


def _notices(since: datetime) -> Select[Any]:
    table = tables.notices
    what, who = table.c.event, table.c.member_id
    found = _not_told(table, what=what, who=who, why=table.c.reason, at=table.c.due_at, since=since)
    return found.where(table.c.state == NoticeState.UNTOLD)


def _messages(since: datetime, held_back: Collection[str]) -> Select[Any]:
    table = tables.staff_messages
    what, who = table.c.template, table.c.member_id
    found = _not_told(table, what=what, who=who, why=table.c.reason, at=table.c.state_at, since=since)
    is_held_back = and_(table.c.state == MessageState.SUPPRESSED, table.c.reason.in_(held_back))
    return found.where(or_(table.c.state == MessageState.FAILED, is_held_back))


def _texts(since: datetime, kinds: Collection[str], held_back: Collection[str]) -> Select[Any]:
    """The last part of a purpose is whom the text is for (outbox/purpose.py)."""
    table = tables.sms
    why = case((table.c.reason != "", table.c.reason), else_=literal("the carrier could not deliver it"))
    found = _not_told(table, what=table.c.template, who=table.c.purpose, why=why, at=table.c.state_at, since=since)
    is_held_back = and_(table.c.state == SmsState.SUPPRESSED, table.c.reason.in_(held_back))
    is_for_staff = or_(*(table.c.purpose.like(f"{kind}:%") for kind in kinds))
    return found.where(or_(table.c.state.in_(_TEXTS_LOST), is_held_back), is_for_staff)

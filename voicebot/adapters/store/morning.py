"""What a morning list is made of, read from the rows of promises, decisions and messages.

Each list is cut off, because management reads the worst, and the console has the rest.
Knows: the tables promises, breaches, steps, decision_term, tickets, notices, staff_messages, sms. Must not know: names,
wording, days.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, case, func, literal, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import asked_by, is_shown
from voicebot.adapters.store.rows import is_one_of
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.decision_term import TermState
from voicebot.domain.escalation import NOBODY
from voicebot.domain.notice import NoticeState
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import OPEN_STATUSES
from voicebot.service.ports.morning import MissedCall, PromisedCall, Untold, WaitingCase, WaitingDecisions

_TEXTS_LOST = (SmsState.FAILED, SmsState.UNDELIVERED)


class MorningRows:
    """Fulfils `service.ports.MorningBook`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader

    def missed(self, since: datetime, limit: int) -> Sequence[MissedCall]:
        """Return misses since, and those that go on, with the longest missed first."""
        return [MissedCall(**row) for row in self._rows(_MISSED, limit, since=since)]

    def promised(self, until: datetime, limit: int) -> Sequence[PromisedCall]:
        """Return open promises whose window closes by an instant, the soonest closing first."""
        return [PromisedCall(**row) for row in self._rows(_PROMISED, limit, until=until)]

    def oldest(self, limit: int) -> Sequence[WaitingCase]:
        """Return open cases that were opened first."""
        return self._waiting(_OLDEST, limit)

    def decisions(self, until: datetime, limit: int) -> WaitingDecisions:
        """Return decisions that are late, due by an instant, or wait for a second person."""
        return WaitingDecisions(
            late=self._waiting(_LATE, limit),
            due=self._waiting(_DUE, limit, until=until),
            refusals=self._waiting(_REFUSED, limit),
        )

    def untold(
        self, since: datetime, limit: int, *, text_kinds: Collection[str], held_back: Collection[str]
    ) -> Sequence[Untold]:
        """Return steps without anybody, notices, messages and texts that reached nobody, with the newest first."""
        held = frozenset(held_back)
        parts = (_STEPS, _NOTICES, _messages(held), _texts(frozenset(text_kinds), held))
        found = [Untold(**row) for part in parts for row in self._rows(part, limit, since=since)]
        return sorted(found, key=lambda each: each.at, reverse=True)[:limit]

    def _waiting(self, found: Select[Any], limit: int, **asked: datetime) -> Sequence[WaitingCase]:
        return [WaitingCase(**row) for row in self._rows(found, limit, **asked)]

    def _rows(self, found: Select[Any], limit: int, **asked: datetime) -> Sequence[Any]:
        told = {"most": limit, **asked, **asked_by(self._reader)}
        return self._connection.execute(found, told).mappings().all()


_TICKET, _PROMISE, _TERM = tables.tickets.c, tables.promises.c, tables.decision_terms.c
_IS_SHOWN = is_shown(_TICKET.id)
_IS_OPEN = is_one_of(_TICKET.status, OPEN_STATUSES)


def _shown(found: Select[Any]) -> Select[Any]:
    """Return a part of the list, as far as its reader may see the cases. Each is built once: that costs as much as to
    ask it, and one list asks ten.
    """
    return found.where(_IS_SHOWN).limit(bindparam("most"))


def _of_cases(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns of a table beside the number and the owner of the case."""
    found = select(_TICKET.case_number, _TICKET.owner_id, *columns)
    return found.select_from(table.join(tables.tickets, _TICKET.id == table.c.ticket_id))


def _missed() -> Select[Any]:
    breach, step = tables.breaches.c, tables.steps.c
    taken = select(func.count()).where(step.subject_id == breach.id).scalar_subquery()
    found = _of_cases(tables.breaches, breach.at, taken.label("steps"), breach.ended_at)
    found = found.where(or_(breach.at >= bindparam("since"), breach.ended_at.is_(None)))
    return _shown(found.order_by(breach.at, breach.id))


def _late() -> Select[Any]:
    """Select late decisions. A case that is late again and again stands here once, since the first time."""
    first = func.min(_TERM.due_at).label("at")
    late = _of_cases(tables.decision_terms, first).where(
        _IS_OPEN, _TERM.state == TermState.LATE, _TERM.ended_at.is_(None)
    )
    return _shown(late.group_by(_TICKET.case_number, _TICKET.owner_id).order_by(first, _TICKET.case_number))


_MISSED, _LATE = _missed(), _late()
_PROMISED = _shown(
    _of_cases(tables.promises, _PROMISE.window_opens_at.label("opens_at"), _PROMISE.window_closes_at.label("closes_at"))
    .where(
        _PROMISE.state == PromiseState.OPEN,
        _PROMISE.window_closes_at <= bindparam("until"),
        _PROMISE.is_silent.is_(False),
    )
    .order_by(_PROMISE.window_closes_at, _PROMISE.id)
)
_OLDEST = _shown(
    select(_TICKET.case_number, _TICKET.owner_id, _TICKET.opened_at.label("at"))
    .where(_IS_OPEN)
    .order_by(_TICKET.opened_at, _TICKET.id)
)
_DUE = _shown(
    _of_cases(tables.decision_terms, _TERM.due_at.label("at"))
    .where(_IS_OPEN, _TERM.state == TermState.RUNNING, _TERM.due_at <= bindparam("until"))
    .order_by(_TERM.due_at, _TERM.id)
)
_REFUSED = _shown(
    select(_TICKET.case_number, _TICKET.refusal_asked_by.label("owner_id"), _TICKET.opened_at.label("at"))
    .where(_IS_OPEN, _TICKET.refusal_asked_by.is_not(None), _TICKET.refusal_confirmed_by.is_(None))
    .order_by(_TICKET.opened_at, _TICKET.id)
)


def _not_told(
    table: Table, *conditions: ColumnElement[bool], what: Any, who: Any, why: Any, at: ColumnElement[Any]
) -> Select[Any]:
    """Select what somebody was not told of since an instant, the newest first."""
    columns = (what.label("what"), who.label("who"), why.label("why"), at.label("at"))
    found = select(_TICKET.case_number, *columns).where(at >= bindparam("since"), *conditions).order_by(at.desc())
    return _shown(found.select_from(table.join(tables.tickets, _TICKET.id == table.c.ticket_id)))


_STEP, _NOTICE = tables.steps.c, tables.notices.c
_STEPS = _not_told(
    tables.steps,
    _STEP.told == NOBODY,
    what=_STEP.step,
    who=literal(""),
    why=literal("nobody of this step could be reached"),
    at=_STEP.taken_at,
)
_NOTICES = _not_told(
    tables.notices,
    _NOTICE.state == NoticeState.UNTOLD,
    what=_NOTICE.event,
    who=_NOTICE.member_id,
    why=_NOTICE.reason,
    at=_NOTICE.due_at,
)


@cache
def _messages(held_back: frozenset[str]) -> Select[Any]:
    column = tables.staff_messages.c
    is_held_back = and_(column.state == MessageState.SUPPRESSED, is_one_of(column.reason, held_back))
    is_lost = or_(column.state == MessageState.FAILED, is_held_back)
    what, who = column.template, column.member_id
    return _not_told(tables.staff_messages, is_lost, what=what, who=who, why=column.reason, at=column.state_at)


@cache
def _texts(kinds: frozenset[str], held_back: frozenset[str]) -> Select[Any]:
    """The last part of a purpose is whom the text is for (outbox/purpose.py)."""
    column = tables.sms.c
    why = case((column.reason != "", column.reason), else_=literal("the carrier could not deliver it"))
    is_held_back = and_(column.state == SmsState.SUPPRESSED, is_one_of(column.reason, held_back))
    is_lost = or_(is_one_of(column.state, _TEXTS_LOST), is_held_back)
    is_for_staff = or_(*(column.purpose.like(f"{kind}:%") for kind in sorted(kinds)))
    what, who = column.template, column.purpose
    return _not_told(tables.sms, is_lost, is_for_staff, what=what, who=who, why=why, at=column.state_at)

"""Which cases stand on one page of the list, found from its head on, so that what lies behind costs nothing.

The list has three stretches: calls that can still be kept, missed ones, cases in which no call is owed. Each is
read from an index in its own order and only as far as the page reaches. Together they are the order of case_list.py,
which a test compares over random cases.
Knows: the tables tickets, promises, breaches, decision_terms. Must not know: what a line shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, cast, func, literal, null, select, union_all

from voicebot.adapters.store import tables
from voicebot.adapters.store.columns import UtcInstant
from voicebot.domain.decision_term import CURRENT_STATES
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus

_TICKET, _PROMISE, _BREACH, _TERM = tables.tickets.c, tables.promises.c, tables.breaches.c, tables.decision_terms.c


@dataclass(frozen=True, kw_only=True, slots=True)
class ListOf:
    """Which cases a list is of."""

    conditions: Sequence[ColumnElement[bool]]
    statuses: Sequence[TicketStatus]
    """Those that the conditions leave."""
    now: datetime


def ids_of_page(connection: Connection, asked: ListOf, *, limit: int, offset: int) -> list[str]:
    """Return the ids of the tickets on a page, in the order of the list."""
    found: list[str] = []
    for stretch in (_keepable, _missed, _quiet):
        if len(found) < offset + limit:
            found += connection.scalars(stretch(asked, offset + limit - len(found)))
    return found[offset:]


def _keepable(asked: ListOf, most: int) -> Select[Any]:
    promised = _row(_PROMISE.window_closes_at, is_silent=_PROMISE.is_silent, missed_at=oldest_miss())
    found = promised.join_from(tables.promises, tables.tickets, _TICKET.id == _PROMISE.ticket_id)
    is_keepable = (_PROMISE.state == PromiseState.OPEN, _PROMISE.window_closes_at > asked.now)
    return _first(found.where(*is_keepable, *asked.conditions), most=most)


def _missed(asked: ListOf, most: int) -> Select[Any]:
    """Choose among misses without a talk, and windows that closed a moment ago and that nobody has noted yet."""
    missed = (
        select(_BREACH.ticket_id, func.min(_BREACH.at).label("at"))
        .where(_BREACH.ended_at.is_(None))
        .group_by(_BREACH.ticket_id)
        .subquery("missed")
    )
    silent = select(_PROMISE.is_silent).where(_PROMISE.ticket_id == _TICKET.id, _PROMISE.state == PromiseState.OPEN)
    noted = _row(missed.c.at, is_silent=func.coalesce(silent.scalar_subquery(), False), missed_at=missed.c.at)
    noted = noted.join_from(missed, tables.tickets, _TICKET.id == missed.c.ticket_id).where(~_is_keepable(asked.now))
    closed = _row(_PROMISE.window_closes_at, is_silent=_PROMISE.is_silent)
    closed = closed.join_from(tables.promises, tables.tickets, _TICKET.id == _PROMISE.ticket_id).where(
        _PROMISE.state == PromiseState.OPEN, _PROMISE.window_closes_at <= asked.now, ~_has_miss()
    )
    return _merged((noted.where(*asked.conditions), closed.where(*asked.conditions)), most)


def _quiet(asked: ListOf, most: int) -> Select[Any]:
    """Choose among cases without a call to make: those being decided, those that were answered, the rest.

    The rest has no date. Of each status it is read from an index in its own order.
    """
    nothing_owed = (~_has_open_promise(), ~_has_miss(), *asked.conditions)
    deciding = _row(func.coalesce(_TERM.due_at, _TERM.waiting_until, _TICKET.closes_at)).join_from(
        tables.decision_terms, tables.tickets, _TICKET.id == _TERM.ticket_id
    )
    deciding = deciding.where(_TERM.state.in_(CURRENT_STATES), *nothing_owed)
    answered = _row(_TICKET.closes_at).where(_TICKET.status == TicketStatus.ANSWERED, ~_is_deciding(), *nothing_owed)
    rest = [
        _row(cast(null(), UtcInstant))
        .where(_TICKET.status == status, ~_is_deciding(), *nothing_owed)
        .order_by(_TICKET.repeats.desc(), _TICKET.opened_at.desc(), _TICKET.id)
        for status in asked.statuses
        if status is not TicketStatus.ANSWERED
    ]
    return _merged((deciding, answered), most, *rest)


def _row(
    at: ColumnElement[Any],
    *,
    is_silent: ColumnElement[Any] | None = None,
    missed_at: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """Return what cases of a stretch are put in order by."""
    return select(
        _TICKET.id,
        at.label("at"),
        (literal(False) if is_silent is None else is_silent).label("is_silent"),
        _TICKET.repeats,
        (cast(null(), UtcInstant) if missed_at is None else missed_at).label("missed_at"),
        _TICKET.opened_at,
    )


def _first(found: Select[Any], *, most: int) -> Select[Any]:
    """Return ids of the first cases of a stretch, or of a part of one."""
    row = found.selected_columns
    ordered = found.order_by(
        row["at"].asc().nulls_last(),
        row["is_silent"],
        row["repeats"].desc(),
        row["missed_at"].asc().nulls_last(),
        row["opened_at"].desc(),
        row["id"],
    )
    return ordered.limit(most)


def _merged(parts: Sequence[Select[Any]], most: int, *in_order: Select[Any]) -> Select[Any]:
    """Return the first cases of several parts together. Each part is read no further than that."""
    limited = [*(_first(part, most=most) for part in parts), *(part.limit(most) for part in in_order)]
    every = union_all(*(select(part.subquery()) for part in limited)).subquery("every")
    return _first(select(every), most=most)


def oldest_miss() -> ColumnElement[Any]:
    """Return when the oldest miss of a promise's case was that no talk has ended, or null."""
    found = select(func.min(_BREACH.at)).where(_BREACH.ticket_id == _PROMISE.ticket_id, _BREACH.ended_at.is_(None))
    return found.correlate(tables.promises).scalar_subquery()


def _is_keepable(now: datetime) -> ColumnElement[bool]:
    own = tables.promises.alias("own")
    is_own = (own.c.ticket_id == _TICKET.id, own.c.state == PromiseState.OPEN, own.c.window_closes_at > now)
    return select(own.c.id).where(*is_own).exists()


def _has_open_promise() -> ColumnElement[bool]:
    own = tables.promises.alias("own")
    return select(own.c.id).where(own.c.ticket_id == _TICKET.id, own.c.state == PromiseState.OPEN).exists()


def _has_miss() -> ColumnElement[bool]:
    own = tables.breaches.alias("own_miss")
    return select(own.c.id).where(own.c.ticket_id == _TICKET.id, own.c.ended_at.is_(None)).exists()


def _is_deciding() -> ColumnElement[bool]:
    own = tables.decision_terms.alias("own_term")
    return select(own.c.id).where(own.c.ticket_id == _TICKET.id, own.c.state.in_(CURRENT_STATES)).exists()

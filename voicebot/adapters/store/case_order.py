"""Which cases stand on one page of the list, found from the nearer end on, so that what lies behind costs nothing.

The list has three stretches: calls that can still be kept, missed ones, cases in which no call is owed. Each is
read from an index in its own order and only as far as the page reaches. Together they are the order of case_list.py,
which a test compares over random cases. What is long is the end of it, the cases without a date: there a page is found
beside a case of the page before or after it, too, wherever that stands.
Knows: tickets, what is owed in them, terms of decisions. Must not know: what a line shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, cast, func, literal, null, or_, select, tuple_, union_all

from voicebot.adapters.store import tables
from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.owed import (
    has_miss,
    has_open_promise,
    has_promise_closing_after,
    is_open,
    oldest_miss,
    oldest_misses,
)
from voicebot.domain.decision_term import CURRENT_STATES
from voicebot.domain.ticket import TicketStatus

_TICKET, _PROMISE, _TERM = tables.tickets.c, tables.promises.c, tables.decision_terms.c
_OF_TICKET = {"repeats": _TICKET.repeats, "opened_at": _TICKET.opened_at, "id": _TICKET.id}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListOf:
    """Which cases a list is of."""

    conditions: Sequence[ColumnElement[bool]]
    statuses: Sequence[TicketStatus]
    """Those that the conditions leave."""
    now: datetime
    is_backwards: bool = False
    """Whether it is read from its end on."""
    beside: "Undated | None" = None
    """Behind which case it is read, before it where it is read backwards. None from its end on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undated:
    """Where a case stands among those without a date."""

    repeats: int
    opened_at: datetime
    id: str


_FAR = 10
"""Pages from the head on from which it is worth a count of the list to know which end is nearer."""
_ORDER = {"at": 1, "is_silent": 1, "repeats": -1, "missed_at": 1, "opened_at": -1, "id": 1}
"""By what a stretch is ordered, each upwards or downwards."""
_MAY_BE_MISSING = frozenset({"at", "missed_at"})
"""These come last where they are missing. The others never are."""


def _ordered(row: Mapping[str, ColumnElement[Any]], *, is_backwards: bool) -> Iterator[ColumnElement[Any]]:
    """Yield by what rows of a stretch are ordered, as far as they have it."""
    for name, way in _ORDER.items():
        if name in row:
            is_upwards = (way > 0) is not is_backwards
            ordered = row[name].asc() if is_upwards else row[name].desc()
            if name in _MAY_BE_MISSING:
                ordered = ordered.nulls_first() if is_backwards else ordered.nulls_last()
            yield ordered


def ids_of_page(connection: Connection, asked: ListOf, *, limit: int, offset: int) -> list[str]:
    """Return the ids of the tickets on a page, in the order of the list.

    A page far behind is read from the end of the list, if that is nearer.
    """
    behind = _count(connection, asked) - offset - limit if offset >= _FAR * limit else offset
    if behind >= offset:
        return _walked(connection, asked, limit=limit, offset=offset)
    backwards = replace(asked, is_backwards=True)
    return _walked(connection, backwards, limit=min(limit, limit + behind), offset=max(0, behind))[::-1]


def ids_beside(connection: Connection, asked: ListOf, *, beside: str, limit: int) -> list[str] | None:
    """Return the ids of the tickets on the page behind a case, or before it where the list is read backwards.

    `beside` is its case number. None where it is not, or no longer, among the cases of the list without a date.
    """
    place = connection.execute(select(*_OF_TICKET.values()).where(_TICKET.case_number == beside, *_is_undated(asked)))
    found = place.mappings().first()
    if found is None:
        return None
    ids = _walked(connection, replace(asked, beside=Undated(**found)), limit=limit, offset=0)
    return ids[::-1] if asked.is_backwards else ids


def _walked(connection: Connection, asked: ListOf, *, limit: int, offset: int) -> list[str]:
    stretches, found = (_keepable, _missed, _quiet), list[str]()
    is_behind = asked.beside is not None and not asked.is_backwards  # a case of the last stretch
    for stretch in stretches[::-1] if asked.is_backwards else stretches[2 * is_behind :]:
        if len(found) < offset + limit:
            found += connection.scalars(stretch(asked, offset + limit - len(found)))
    return found[offset:]


def _count(connection: Connection, asked: ListOf) -> int:
    counted = select(func.count()).select_from(tables.tickets).where(*asked.conditions)
    return int(connection.scalar(counted) or 0)


def _keepable(asked: ListOf, most: int) -> Select[Any]:
    promised = _row(_PROMISE.window_closes_at, is_silent=_PROMISE.is_silent, missed_at=oldest_miss(_PROMISE.ticket_id))
    found = promised.join_from(tables.promises, tables.tickets, _TICKET.id == _PROMISE.ticket_id)
    is_keepable = (is_open(tables.promises), _PROMISE.window_closes_at > asked.now)
    return _first(found.where(*is_keepable, *asked.conditions), asked, most=most)


def _missed(asked: ListOf, most: int) -> Select[Any]:
    """Choose among misses without a talk, and windows that closed a moment ago and that nobody has noted yet."""
    missed = oldest_misses()
    silent = select(_PROMISE.is_silent).where(_PROMISE.ticket_id == _TICKET.id, is_open(tables.promises))
    is_silent = func.coalesce(silent.scalar_subquery(), False)
    noted = _row(missed.c.missed_at, is_silent=is_silent, missed_at=missed.c.missed_at)
    noted = noted.join_from(missed, tables.tickets, _TICKET.id == missed.c.ticket_id)
    noted = noted.where(~has_promise_closing_after(_TICKET.id, asked.now))
    closed = _row(_PROMISE.window_closes_at, is_silent=_PROMISE.is_silent)
    closed = closed.join_from(tables.promises, tables.tickets, _TICKET.id == _PROMISE.ticket_id).where(
        is_open(tables.promises), _PROMISE.window_closes_at <= asked.now, ~has_miss(_TICKET.id)
    )
    return _merged(asked, (noted.where(*asked.conditions), closed.where(*asked.conditions)), most)


def _quiet(asked: ListOf, most: int) -> Select[Any]:
    """Choose among cases without a call to make: those being decided, those that were answered, the rest.

    The rest has no date. Of each status it is read from an index in its own order.
    """
    undated = [
        _row(cast(null(), UtcInstant))
        .where(_TICKET.status == status, *_is_undated(asked), *_is_beyond(asked))
        .order_by(*_ordered(_OF_TICKET, is_backwards=asked.is_backwards))
        for status in asked.statuses
        if status is not TicketStatus.ANSWERED
    ]
    is_behind = asked.beside is not None and not asked.is_backwards
    return _merged(asked, () if is_behind else _dated(asked), most, *undated)


def _dated(asked: ListOf) -> Sequence[Select[Any]]:
    """Choose the cases without a call to make that are being decided, and those that were answered."""
    deciding = _row(func.coalesce(_TERM.due_at, _TERM.waiting_until, _TICKET.closes_at)).join_from(
        tables.decision_terms, tables.tickets, _TICKET.id == _TERM.ticket_id
    )
    answered = _row(_TICKET.closes_at).where(_TICKET.status == TicketStatus.ANSWERED, ~_is_deciding())
    return (
        deciding.where(_TERM.state.in_(CURRENT_STATES), *_owes_no_call(asked)),
        answered.where(*_owes_no_call(asked)),
    )


def _owes_no_call(asked: ListOf) -> Sequence[ColumnElement[bool]]:
    return (~has_open_promise(_TICKET.id), ~has_miss(_TICKET.id), *asked.conditions)


def _is_undated(asked: ListOf) -> Sequence[ColumnElement[bool]]:
    return (_TICKET.status != TicketStatus.ANSWERED, *_owes_no_call(asked), ~_is_deciding())


def _is_beyond(asked: ListOf) -> Sequence[ColumnElement[bool]]:
    """Say of a case without a date that it stands on the far side of the one beside which the list is read.

    The first condition says less than the second. It is there for the index, which has no ids.
    """
    if asked.beside is None:
        return ()
    place, (repeats, opened_at, ticket_id) = asked.beside, _OF_TICKET.values()
    own, its = tuple_(repeats, opened_at), tuple_(literal(place.repeats), literal(place.opened_at, UtcInstant))
    if asked.is_backwards:
        return own >= its, or_(own > its, ticket_id < place.id)
    return own <= its, or_(own < its, ticket_id > place.id)


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


def _first(found: Select[Any], asked: ListOf, *, most: int) -> Select[Any]:
    """Return ids of the first cases of a stretch, or of a part of one."""
    return found.order_by(*_ordered(dict(found.selected_columns.items()), is_backwards=asked.is_backwards)).limit(most)


def _merged(asked: ListOf, parts: Sequence[Select[Any]], most: int, *in_order: Select[Any]) -> Select[Any]:
    """Return the first cases of several parts together. Each part is read no further than that."""
    limited = [*(_first(part, asked, most=most) for part in parts), *(part.limit(most) for part in in_order)]
    every = union_all(*(select(part.subquery()) for part in limited)).subquery("every")
    return _first(select(every), asked, most=most)


def _is_deciding() -> ColumnElement[bool]:
    own = tables.decision_terms.alias("own_term")
    return select(own.c.id).where(own.c.ticket_id == _TICKET.id, own.c.state.in_(CURRENT_STATES)).exists()

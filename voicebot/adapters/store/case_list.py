"""The list of cases, read over tickets, promises, misses and terms of decisions.

Of a page, which cases stand on it is found first (case_order.py), and the rest is read for those alone.
Knows: the tables tickets, promises, breaches, decision_terms. Must not know: wording, zones.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import is_shown
from voicebot.adapters.store.case_order import ListOf, ids_beside, ids_of_page
from voicebot.adapters.store.cover import beginning_shown, foresee_codes
from voicebot.adapters.store.owed import is_open, oldest_misses
from voicebot.adapters.store.rows import of_stretch
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.decision_term import CURRENT_STATES
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import OPEN_STATUSES, TicketStatus
from voicebot.service.ports import Stretch
from voicebot.service.ports.case_list import FIRST_WORDS, CaseLine, CaseQuery
from voicebot.service.promise.make import SUPERVISOR_TARGET

_KEEPABLE, _MISSED, _QUIET = range(3)
"""Which cases stand before which. Within each the earliest instant leads, then who was missed before."""


_FEW = 500
"""Cases of a kind that are ordered all at once. Of more, a page of fifty is found soon among the first ones."""


class CaseRows:
    """Fulfils `service.ports.Cases`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader

    def page(self, query: CaseQuery, now: datetime) -> Sequence[CaseLine]:
        """Return cases by what can be done for them, as the port says."""
        if query.stretch is not None:
            return self._by_opening(query, query.stretch, now)
        few = self._few_of_kind(query)
        if few is not None:
            return self._read(_chosen(self._conditions(query), now, among=few).limit(query.limit).offset(query.offset))
        ids = None if query.limit is None else self._ids(query, now, query.limit)
        chosen = _chosen(self._conditions(query), now, among=ids)
        if ids is None:
            chosen = chosen.offset(query.offset)
        return self._read(chosen)

    def _by_opening(self, query: CaseQuery, stretch: Stretch, now: datetime) -> Sequence[CaseLine]:
        table, conditions = tables.tickets.c, self._conditions(query)
        found = select(table.id).where(*conditions).order_by(table.opened_at, table.id).limit(stretch.limit)
        ids = self._connection.scalars(found).all()
        of_id = {line.ticket_id: line for line in self._read(_chosen(conditions, now, among=ids))}
        return [of_id[ticket_id] for ticket_id in ids]

    def _read(self, chosen: Select[Any]) -> Sequence[CaseLine]:
        """Return the lines of these cases as they may be seen."""
        lines = [CaseLine(**row) for row in self._connection.execute(_lines(chosen.subquery("chosen"))).mappings()]
        foresee_codes(self._connection, ((line.problem, line.ticket_id) for line in lines))
        shown = partial(beginning_shown, self._connection, most=FIRST_WORDS)
        return [replace(line, problem=shown(line.problem, line.ticket_id)) for line in lines]

    def is_empty(self) -> bool:
        """Tell whether there has never been any case."""
        return self._connection.scalar(select(tables.tickets.c.id).limit(1)) is None

    def _ids(self, query: CaseQuery, now: datetime, limit: int) -> list[str]:
        statuses = OPEN_STATUSES if query.is_open else [each for each in TicketStatus if each != TicketStatus.MERGED]
        asked = ListOf(conditions=self._conditions(query), statuses=statuses, now=now)
        found = None
        if query.behind is not None:
            found = ids_beside(self._connection, asked, beside=query.behind, limit=limit)
        elif query.before is not None:
            backwards = replace(asked, is_backwards=True)
            found = ids_beside(self._connection, backwards, beside=query.before, limit=limit)
        return found or ids_of_page(self._connection, asked, limit=limit, offset=query.offset)

    def _few_of_kind(self, query: CaseQuery) -> Sequence[str] | None:
        """Return all cases of the kind that is asked for, where they are few. The walk would look past all others."""
        if not query.category:
            return None
        table = tables.tickets.c
        found = select(table.id).where(*self._by_kind(query)).limit(_FEW + 1)
        ids = self._connection.scalars(found).all()
        return ids if len(ids) <= _FEW else None

    def count(self, query: CaseQuery) -> int:
        """Count all that `page` would give without limit and offset."""
        counted = select(func.count()).select_from(tables.tickets).where(*self._by_kind(query))
        return int(self._connection.scalar(counted) or 0)

    def _by_kind(self, query: CaseQuery) -> list[ColumnElement[bool]]:
        """Return the conditions as the index of kinds wants them, which has only cases of one. The walk through the
        list is to begin at the promises instead.
        """
        is_of_kind = tables.tickets.c.category != ""
        return [is_of_kind, *self._conditions(query)] if query.category else self._conditions(query)

    def _conditions(self, query: CaseQuery) -> list[ColumnElement[bool]]:
        conditions = [*_conditions(query)]
        if self._reader != THE_MACHINE:
            conditions.append(is_shown(tables.tickets.c.id, self._reader))
        return conditions


def _conditions(query: CaseQuery) -> list[ColumnElement[bool]]:
    table = tables.tickets
    # A merged case is found by its number, which leads to the one that goes on.
    conditions: list[ColumnElement[bool]] = [table.c.status != TicketStatus.MERGED]
    if query.is_open:
        conditions.append(table.c.status.in_(OPEN_STATUSES))
    if query.owner_id is not None:
        conditions.append(table.c.owner_id == query.owner_id)
    if query.category is not None:
        conditions.append(table.c.category == query.category)
    if query.status is not None:
        conditions.append(table.c.status == query.status)
    if query.stretch is not None:
        conditions += of_stretch(table.c.opened_at, table.c.id, query.stretch)
    if query.is_supervisor_owed:
        conditions.append(_is_supervisor_owed())
    return conditions


def _is_supervisor_owed() -> ColumnElement[bool]:
    owed = tables.promises.alias("owed")
    is_owed = (owed.c.ticket_id == tables.tickets.c.id) & is_open(owed)
    return select(owed.c.id).where(is_owed, owed.c.target == SUPERVISOR_TARGET).exists()


def _chosen(conditions: Sequence[ColumnElement[bool]], now: datetime, *, among: Sequence[str] | None) -> Select[Any]:
    """Choose and order cases by their clocks alone, since long texts are read only for the page.

    `among` are the only ones that it can be, where they are known.
    """
    table, due, deciding = tables.tickets, _due(among), _deciding(among)
    missed = oldest_misses(*_among(tables.breaches.c.ticket_id, among))
    missed_at = func.coalesce(missed.c.missed_at, due.c.window_closes_at)
    is_keepable = due.c.window_closes_at > now
    rank = case((is_keepable, _KEEPABLE), (missed_at.is_not(None), _MISSED), else_=_QUIET)
    is_silent = func.coalesce(due.c.is_silent, 0)
    date_at = func.coalesce(missed_at, deciding.c.due_at, deciding.c.waiting_until, table.c.closes_at)
    urgent_at = case((is_keepable, due.c.window_closes_at), else_=date_at)
    return (
        select(
            table.c.id,
            rank.label("rank"),
            urgent_at.label("urgent_at"),
            is_silent.label("is_silent"),
            due.c.target,
            due.c.window_opens_at,
            due.c.window_closes_at,
            missed.c.missed_at,
            _earlier(due.c.told_at, missed.c.told_at).label("told_at"),
            deciding.c.due_at.label("decide_by"),
            deciding.c.waiting_until,
        )
        .select_from(
            table.outerjoin(due, due.c.ticket_id == table.c.id)
            .outerjoin(missed, missed.c.ticket_id == table.c.id)
            .outerjoin(deciding, deciding.c.ticket_id == table.c.id)
        )
        .where(*conditions, *_among(table.c.id, among))
        .order_by(
            rank,
            urgent_at.asc().nulls_last(),
            is_silent,
            table.c.repeats.desc(),
            missed.c.missed_at.asc().nulls_last(),
            table.c.opened_at.desc(),
            table.c.id,
        )
    )


def _lines(chosen: FromClause) -> Select[Any]:
    table, breaches, promises = tables.tickets, tables.breaches, tables.promises
    names = ("case_number", "status", "channel", "locale", "owner_id", "opened_at", "closes_at")
    marks = ("supervisor_asked_at", "is_listen_first", "repeats", "category")
    clocks = ("target", "window_opens_at", "window_closes_at", "missed_at", "told_at", "decide_by", "waiting_until")
    misses = select(func.count()).where(breaches.c.ticket_id == table.c.id)
    kept = select(func.max(promises.c.settled_at)).where(
        promises.c.ticket_id == table.c.id, promises.c.state == PromiseState.KEPT
    )
    return (
        select(
            *(table.c[name] for name in (*names, *marks)),
            *(chosen.c[name] for name in clocks),
            table.c.id.label("ticket_id"),
            _number_end(table.c.complainant_number).label("number_end"),
            func.substr(table.c.problem, 1, FIRST_WORDS).label("problem"),
            misses.scalar_subquery().label("misses"),
            kept.scalar_subquery().label("called_at"),
        )
        .select_from(chosen.join(table, table.c.id == chosen.c.id))
        .order_by(
            chosen.c.rank,
            chosen.c.urgent_at.asc().nulls_last(),
            chosen.c.is_silent,
            table.c.repeats.desc(),
            chosen.c.missed_at.asc().nulls_last(),
            table.c.opened_at.desc(),
            table.c.id,
        )
    )


def _number_end(number: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the last four digits. Both databases count from the first, since one of them takes no negative place."""
    return func.coalesce(func.substr(number, func.length(number) - 3), "")


def _due(among: Sequence[str] | None) -> FromClause:
    """Return the open promise of each ticket, of which two are never open together, so the least is the only one."""
    table = tables.promises
    return (
        select(
            table.c.ticket_id,
            func.min(table.c.target).label("target"),
            func.min(table.c.window_opens_at).label("window_opens_at"),
            func.min(table.c.window_closes_at).label("window_closes_at"),
            func.min(table.c.next_warning_at).label("told_at"),
            func.max(case((table.c.is_silent, 1), else_=0)).label("is_silent"),
        )
        .where(is_open(table), *_among(table.c.ticket_id, among))
        .group_by(table.c.ticket_id)
        .subquery("due")
    )


def _deciding(among: Sequence[str] | None) -> FromClause:
    """Return the term of each ticket that runs or waits, since there is never a second one."""
    table = tables.decision_terms
    return (
        select(table.c.ticket_id, table.c.due_at, table.c.waiting_until)
        .where(table.c.state.in_(CURRENT_STATES), *_among(table.c.ticket_id, among))
        .subquery("deciding")
    )


def _among(ticket_id: ColumnElement[str], among: Sequence[str] | None) -> list[ColumnElement[bool]]:
    return [] if among is None else [ticket_id.in_(among)]


def _earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the earlier of two instants, either of which may be missing, because the databases' own ways differ."""
    return case((one.is_(None), other), (other.is_(None), one), (one < other, one), else_=other)

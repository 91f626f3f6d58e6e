"""The first screen's lanes as queries. Each begins at an index that holds what is owed now, and ends at a limit.

A case is in a lane by its open promise, its misses without a talk, and what is asked of a member. What a lane
holds is decided here alone; the list of all cases has an order of its own (case_order.py). What is over is in no lane.
Knows: the tables tickets, promises, breaches, decision_terms, case_tasks, history. Must not know: wording, zones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import asked_by, is_shown, names_no_hidden_case
from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.cover import beginning_shown, foresee_codes
from voicebot.adapters.store.owed import is_open, oldest_miss, still_counts
from voicebot.adapters.store.talk import is_taken_back
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.decision_term import TermState
from voicebot.domain.promise import FIND_NUMBER
from voicebot.domain.ticket import OPEN_STATUSES, TicketStatus
from voicebot.service.history import Verb
from voicebot.service.ports.lanes import (
    FIRST_WORDS,
    MOST_COUNTED,
    MOST_TIMES,
    CaseFlags,
    DayEntry,
    Lane,
    LaneCase,
    LaneQuery,
    LaneWindow,
    Why,
)

_NOW = bindparam("now", type_=UtcInstant)
_DAY_END = bindparam("day_end", type_=UtcInstant)
_ME = bindparam("me", type_=String)
_NOBODY = literal("")
_PEOPLE = bindparam("people", expanding=True, type_=String)
"""The member, and colleagues who are away."""
_OWNER = bindparam("owner", type_=String)


class LaneRows:
    """Fulfils `service.ports.Lanes`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader

    def page(self, lane: Lane, query: LaneQuery) -> Sequence[LaneCase]:
        """Return a stretch of a lane, as the port says."""
        stretch = {"most": min(query.limit, MOST_COUNTED - query.offset), "from_row": query.offset}
        asked = _page(lane, is_of_owner=query.owner_id is not None)
        found = [_case(row) for row in self._connection.execute(asked, {**self._values(query), **stretch})]
        shown = partial(beginning_shown, self._connection, most=FIRST_WORDS + 1)
        foresee_codes(self._connection, ((f"{each.demand} {each.story}", each.ticket_id) for each in found))
        return [
            replace(each, demand=shown(each.demand, each.ticket_id), story=shown(each.story, each.ticket_id))
            for each in found
        ]

    def counts(self, query: LaneQuery) -> Mapping[Lane, int]:
        """Count each lane by one question, as the port says."""
        row = self._connection.execute(_counts(is_of_owner=query.owner_id is not None), self._values(query)).one()
        return {lane: int(count) for lane, count in zip(Lane, row, strict=True)}

    def log(self, since: datetime, verbs: Collection[str], limit: int) -> Sequence[DayEntry]:
        """Return lines of all histories since an instant, the newest first."""
        history, ticket = tables.history.c, tables.tickets.c
        # First the lines alone: joined at once, SQLite takes every case with all its lines for as good a way.
        lines = (
            select(tables.history)
            .where(history.verb.in_(verbs), history.at >= since, *self._may_tell())
            .order_by(history.at.desc(), history.row.desc())
            .limit(limit)
            .subquery("lines")
        )
        after = func.substr(lines.c.after, 1, FIRST_WORDS + 1).label("after")
        found = (
            select(
                *(lines.c[name] for name in ("row", "ticket_id", "at", "actor", "verb")),
                ticket.case_number,
                ticket.channel,
                after,
            )
            .join_from(lines, tables.tickets, ticket.id == lines.c.ticket_id)
            .order_by(lines.c.at.desc(), lines.c.row.desc())
        )
        shown = partial(beginning_shown, self._connection, most=FIRST_WORDS + 1)
        rows = self._connection.execute(found).mappings().all()
        foresee_codes(self._connection, ((row["after"], row["ticket_id"]) for row in rows))
        return [
            DayEntry(**{name: row[name] for name in _OF_A_LINE}, after=shown(row["after"], row["ticket_id"]))
            for row in rows
        ]

    def _may_tell(self) -> tuple[ColumnElement[bool], ...]:
        """Say which lines of histories the reader may see."""
        history = tables.history.c
        return is_shown(history.ticket_id, self._reader), names_no_hidden_case(history.after, self._reader)

    def _values(self, query: LaneQuery) -> dict[str, Any]:
        people = {"me": query.member_id, "owner": query.owner_id} | asked_by(self._reader)
        people["people"] = [query.member_id, *query.away]
        return {"now": query.now, "day_end": query.day_ends_at, **people}


_OF_A_LINE = ("row", "case_number", "channel", "at", "actor", "verb")


def _case(row: Row[Any]) -> LaneCase:
    found = row._mapping  # the public name of what a row holds by column
    number = found["complainant_number"] or ""
    return LaneCase(
        **{name: found[name] for name in ("ticket_id", "case_number", "channel", "locale", "owner_id")},
        **{name: found[name] for name in ("demand", "story", "tries")},
        window=LaneWindow(**{name: found[name] for name in ("opens_at", "closes_at", "missed_at", "waits_at")}),
        flags=CaseFlags(
            is_supervisor_asked=found["supervisor_asked_at"] is not None,
            is_listen_first=found["is_listen_first"],
            is_recording_refused=found["recording_refused"],
            is_silent=bool(found["is_silent"]),
            category=found["category"],
        ),
        number_end=number[-4:],
        times=max(1, found["cases"]) + found["repeats"],
        why=Why(found["why"]) if found["why"] else None,
        waits_for=found["waits_for"],
    )


@cache
def _page(lane: Lane, *, is_of_owner: bool) -> Select[Any]:
    """Return the question for a stretch, in which long texts are read for the rows of the stretch alone."""
    place = _LANES[lane](is_of_owner).order_by("place").limit(bindparam("most")).offset(bindparam("from_row"))
    chosen, ticket = place.subquery("chosen"), tables.tickets
    names = ("case_number", "channel", "locale", "owner_id", "complainant_number", "repeats", "category")
    flags = ("supervisor_asked_at", "is_listen_first", "recording_refused")
    clocks = ("ticket_id", "opens_at", "closes_at", "missed_at", "waits_at", "is_silent", "why", "waits_for")
    return (
        select(
            *(chosen.c[name] for name in clocks),
            *(ticket.c[name] for name in (*names, *flags)),
            func.substr(ticket.c.demand, 1, FIRST_WORDS + 1).label("demand"),
            func.substr(ticket.c.problem, 1, FIRST_WORDS + 1).label("story"),
            _tries().label("tries"),
            _cases_of_number().label("cases"),
        )
        .select_from(chosen.join(ticket, ticket.c.id == chosen.c.ticket_id))
        .order_by(chosen.c.place)
    )


@cache
def _counts(*, is_of_owner: bool) -> Select[Any]:
    """Return the question for all counts at once."""
    some = (_LANES[lane](is_of_owner).with_only_columns(literal(1).label("one")) for lane in Lane)
    return select(
        *(select(func.count()).select_from(one.limit(MOST_COUNTED + 1).subquery()).scalar_subquery() for one in some)
    )


def _tries() -> ColumnElement[int]:
    history, talk = tables.history.alias("tried"), tables.history.alias("talk")
    of_case = (talk.c.ticket_id == tables.tickets.c.id, talk.c.verb == Verb.COMPLAINANT_CALLED, ~is_taken_back(talk))
    last = select(func.max(talk.c.row)).where(*of_case).correlate(tables.tickets)
    return (
        select(func.count())
        .where(history.c.ticket_id == tables.tickets.c.id, history.c.verb == Verb.COMPLAINANT_TRIED)
        .where(history.c.row > func.coalesce(last.scalar_subquery(), 0))
        .correlate(tables.tickets)
        .scalar_subquery()
    )


def _cases_of_number() -> ColumnElement[int]:
    other = tables.tickets.alias("same")
    some = (
        select(literal(1).label("one"))
        .where(other.c.complainant_number == tables.tickets.c.complainant_number, other.c.status != TicketStatus.MERGED)
        .where(is_shown(other.c.id))
        .correlate(tables.tickets)
        .limit(MOST_TIMES)
    )
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


# --- which cases are in a lane ------------------------------------------------------------------------------


def _call_now(is_of_owner: bool) -> Select[Any]:
    promise = tables.promises.c
    is_open_now = and_(_is_call(), promise.window_opens_at <= _NOW, promise.window_closes_at > _NOW)
    return _promised(is_open_now, promise.window_closes_at, is_of_owner=is_of_owner)


def _later(is_of_owner: bool) -> Select[Any]:
    opens_at = tables.promises.c.window_opens_at
    return _ahead(and_(opens_at > _NOW, opens_at < _DAY_END), is_of_owner)


def _next_days(is_of_owner: bool) -> Select[Any]:
    return _ahead(tables.promises.c.window_opens_at >= _DAY_END, is_of_owner)


def _ahead(condition: ColumnElement[bool], is_of_owner: bool) -> Select[Any]:
    """Return cases whose promised window is still to open, and which have no miss."""
    found = _promised(and_(_is_call(), condition), tables.promises.c.window_opens_at, is_of_owner=is_of_owner)
    return found.where(oldest_miss(tables.promises.c.ticket_id).is_(None))


def _missed(is_of_owner: bool) -> Select[Any]:
    promise = tables.promises.c
    # A window that closed a moment ago is missed, also before the worker has noted it.
    overdue = _some(promise.window_closes_at, tables.promises, _is_call(), promise.window_closes_at <= _NOW)
    found = _oldest(is_of_owner, _misses(promise.target != FIND_NUMBER), overdue)
    new = tables.promises.alias("new")
    is_new = and_(new.c.ticket_id == found.c.ticket_id, is_open(new), new.c.window_closes_at > _NOW)
    rows = _rows_of(found, missed_at=found.c.at, opens_at=new.c.window_opens_at, closes_at=new.c.window_closes_at)
    return rows.outerjoin(new, is_new).where(or_(new.c.id.is_(None), new.c.window_opens_at > _NOW))


def _no_date(is_of_owner: bool) -> Select[Any]:
    promise = tables.promises.c
    searched = _some(promise.window_closes_at, tables.promises, is_open(tables.promises), promise.target == FIND_NUMBER)
    found = _oldest(is_of_owner, _misses(promise.target == FIND_NUMBER), searched)
    return _rows_of(found, closes_at=found.c.at)


def _mine(_is_of_owner: bool) -> Select[Any]:
    """Return what waits for the member, or for a colleague who is away. A decision waits for the owner of its case."""
    ticket, term, task = tables.tickets.c, tables.decision_terms, tables.case_tasks
    is_mine = and_(ticket.owner_id.in_(_PEOPLE), term.c.ended_at.is_(None))
    running = and_(is_mine, term.c.state == TermState.RUNNING, term.c.due_at < _DAY_END)
    late = and_(is_mine, term.c.state == TermState.LATE)
    asked = and_(ticket.refusal_asked_by.is_not(None), ticket.refusal_confirmed_by.is_(None))
    parts = (
        _asked(Why.DECISION, ticket.owner_id, term.c.due_at, running, term),
        _asked(Why.DECISION, ticket.owner_id, term.c.due_at, late, term),
        _asked(Why.OFFER, ticket.offered_to, ticket.opened_at, ticket.offered_to.in_(_PEOPLE)),
        _asked(Why.SECOND_LOOK, _ME, ticket.opened_at, and_(asked, ticket.refusal_asked_by != _ME)),
        _asked(
            Why.TASK,
            task.c.assignee_id,
            task.c.due_at,
            task.c.assignee_id.in_(_PEOPLE) & task.c.done_at.is_(None),
            task,
        ),
    )
    every = union_all(*parts).subquery("asked")
    # Nobody else's name stands where something waits for the member, too: it comes first, being empty.
    first = (func.min(every.c[name]).label(name) for name in ("at", "why", "waits_for"))
    found = select(every.c.ticket_id, *first).group_by(every.c.ticket_id).subquery("found")
    return _rows_of(found, waits_at=found.c.at, why=found.c.why, waits_for=found.c.waits_for)


_LANES = {
    Lane.CALL_NOW: _call_now,
    Lane.MISSED: _missed,
    Lane.LATER: _later,
    Lane.NEXT_DAYS: _next_days,
    Lane.NO_DATE: _no_date,
    Lane.MINE: _mine,
}


def _is_call() -> ColumnElement[bool]:
    """Say of a promise that a call is owed by it."""
    return and_(is_open(tables.promises), tables.promises.c.target != FIND_NUMBER)


def _is_going_on(is_of_owner: bool) -> ColumnElement[bool]:
    ticket = tables.tickets.c
    is_open = and_(ticket.status.in_(OPEN_STATUSES), is_shown(ticket.id))
    return and_(is_open, ticket.owner_id == _OWNER) if is_of_owner else is_open


def _place(at: ColumnElement[Any], *first: ColumnElement[Any]) -> ColumnElement[int]:
    """Number the rows of a lane in their order."""
    ticket = tables.tickets.c
    supervisor = case((ticket.supervisor_asked_at.is_not(None), 0), else_=1)
    order = (at, *first, supervisor, ticket.repeats.desc(), ticket.opened_at, ticket.id)
    return func.row_number().over(order_by=order).label("place")


def _promised(condition: ColumnElement[bool], at: ColumnElement[Any], *, is_of_owner: bool) -> Select[Any]:
    """Return rows by their open promise, in the order of one of its ends."""
    promise = tables.promises.c
    return (
        select(
            promise.ticket_id,
            promise.window_opens_at.label("opens_at"),
            promise.window_closes_at.label("closes_at"),
            oldest_miss(tables.promises.c.ticket_id).label("missed_at"),
            _none("waits_at"),
            promise.is_silent,
            literal("").label("why"),
            literal("").label("waits_for"),
            _place(at, promise.is_silent),
        )
        .join_from(tables.promises, tables.tickets, tables.tickets.c.id == promise.ticket_id)
        .where(condition, _is_going_on(is_of_owner))
    )


def _rows_of(
    found: FromClause,
    *,
    why: ColumnElement[str] = _NOBODY,
    waits_for: ColumnElement[str] = _NOBODY,
    **clocks: ColumnElement[Any],
) -> Select[Any]:
    """Return rows by their earliest instant, with the clocks that are known of them."""
    names = ("opens_at", "closes_at", "missed_at", "waits_at")
    return select(
        found.c.ticket_id,
        *(clocks[name].label(name) if name in clocks else _none(name) for name in names),
        literal(0).label("is_silent"),
        why.label("why"),
        waits_for.label("waits_for"),
        _place(found.c.at),
    ).join_from(found, tables.tickets, tables.tickets.c.id == found.c.ticket_id)


def _oldest(is_of_owner: bool, *parts: Select[Any]) -> FromClause:
    """Return each case once, with its earliest instant, out of the first of each part."""
    limited = []
    for part in parts:
        at = part.selected_columns["at"]
        of_case = part.where(_is_going_on(is_of_owner)).order_by(at).limit(MOST_COUNTED + 1).subquery()
        limited.append(select(of_case.c.ticket_id, of_case.c.at))
    every = union_all(*limited).subquery("every")
    return select(every.c.ticket_id, func.min(every.c.at).label("at")).group_by(every.c.ticket_id).subquery("found")


def _some(at: ColumnElement[Any], table: FromClause, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return cases by rows of one of their tables."""
    found = select(table.c.ticket_id, at.label("at")).where(*conditions)
    return found.join_from(table, tables.tickets, tables.tickets.c.id == table.c.ticket_id)


def _misses(condition: ColumnElement[bool]) -> Select[Any]:
    breach, promise = tables.breaches, tables.promises.c
    found = _some(breach.c.at, breach, still_counts(breach), condition)
    return found.join(tables.promises, promise.id == breach.c.promise_id)


def _asked(
    why: Why, of: ColumnElement[Any], at: ColumnElement[Any], condition: ColumnElement[bool], table: Table | None = None
) -> Select[Any]:
    """Return cases in which something is asked of somebody."""
    ticket = tables.tickets
    waits_for = case((of == _ME, ""), else_=of).label("waits_for")
    found = select(ticket.c.id.label("ticket_id"), at.label("at"), literal(why.value).label("why"), waits_for)
    found = found.where(condition, ticket.c.status.in_(OPEN_STATUSES), is_shown(ticket.c.id))
    return found if table is None else found.join_from(ticket, table, table.c.ticket_id == ticket.c.id)


def _none(name: str) -> ColumnElement[Any]:
    return cast(null(), UtcInstant).label(name)

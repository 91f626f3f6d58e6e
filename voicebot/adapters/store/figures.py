"""Figures of how promises are kept, the same on both databases, with one statement each for promises, cases and calls.

Promises and breaches are counted in the week in which their window closed, cases and calls in the week in which they
came. Nobody's figures count a case that they may not see, so two looks at them tell nobody of one. A median is the
middle row, or the mean of the two in the middle, because SQLite has no function for it.
Knows: the tables promises, breaches, steps, tickets, history, calls, answers, staff_calls. Must not know: zones, words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Float,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import is_counted
from voicebot.adapters.store.effort_figures import calls_of_complainants, calls_of_ours, count_of, texts_of_complainants
from voicebot.adapters.store.ending_figures import ending_counts
from voicebot.adapters.store.seconds_between import SecondsBetween
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.call import CallEnd
from voicebot.domain.promise import FIND_NUMBER, MOVED_BY_US, KeptEvidence, PromiseState
from voicebot.domain.ticket import OPEN_STATUSES, CloseReason, TicketStatus
from voicebot.service.ports.ending_figures import EndingLine
from voicebot.service.ports.figures import GOLDEN_HOUR, FigureLine, GroupBy, LoadLine, Period

_TOTAL = "*"
"""Name of the group that is all, since no week, target, channel or id is written so."""

TIMEOUT_S = 20
"""For one statement (PostgreSQL)."""

_ANSWERED, _CHOSEN = "case_answered", "promise_chosen"
"""Verbs of the history (service/history.py).

One tells that a decision was told, and one that staff chose another window.
"""


class FigureRows:
    """Fulfils `service.ports.FigureBook`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader

    def lines(self, period: Period, by: GroupBy, now: datetime) -> tuple[FigureLine, Mapping[str, FigureLine]]:
        """Return the figures of all and of each group, as the port says."""
        if self._connection.dialect.name == "postgresql":
            # Compiling the statement took six times as long as running it, at 50,000 cases (measured November 2026).
            self._connection.execute(text("SET LOCAL jit = off"))
            # A year on a busy machine takes longer than other pages may (engine.py); nobody who calls waits for it.
            self._connection.execute(text(f"SET LOCAL statement_timeout = {TIMEOUT_S * 1000}"))
        promised = _ranked(_with_total(_promised(period, by, now, self._reader)), "offered_s")
        medians = ("contact_s", "decision_s", "contacts", "on_line_s", "waited_s")
        opened = _ranked(_with_total(_opened(period, by, self._reader)), *medians)
        lines: dict[str, FigureLine] = defaultdict(FigureLine)
        for counted in (_promise_counts(promised), _case_counts(opened), _call_counts(period, by, self._reader)):
            for row in self._connection.execute(counted).mappings():
                values = {name: value for name, value in row.items() if name != "name"}
                lines[str(row["name"])] = replace(lines[str(row["name"])], **values)
        return lines.pop(_TOTAL, FigureLine()), dict(lines)

    def kept(self, period: Period, now: datetime) -> tuple[int, int]:
        """Count the promises that were kept, and those that were kept or missed."""
        promised = _promised(period, GroupBy.ALL, now, self._reader)
        counted = select(func.sum(promised.c.kept), func.sum(promised.c.missed))
        kept, missed = (int(count or 0) for count in self._connection.execute(counted).one())
        return kept, kept + missed

    def endings(self, period: Period, by: GroupBy) -> Mapping[str, EndingLine]:
        """Return how the cases of a period ended, by group."""
        name = _name_of(by, period, at=tables.tickets.c.opened_at, category=_category_of_case())
        found = self._connection.execute(ending_counts(period, name, reader=self._reader)).mappings()
        return {str(row["name"]): EndingLine(**{key: row[key] for key in row if key != "name"}) for row in found}

    def steps_reached(self, period: Period) -> Mapping[str, int]:
        """Count misses by the last step taken."""
        breaches, steps = tables.breaches, tables.steps
        place = func.row_number().over(
            partition_by=breaches.c.id, order_by=(steps.c.taken_at.desc(), steps.c.due_at.desc(), steps.c.step)
        )
        reached = (
            select(func.coalesce(steps.c.step, "none").label("step"), place.label("place"))
            .select_from(breaches.outerjoin(steps, steps.c.subject_id == breaches.c.id))
            .where(breaches.c.at >= period.begins_at, breaches.c.at < period.ends_at)
            .where(is_counted(breaches.c.ticket_id, self._reader))
            .subquery()
        )
        counted = select(reached.c.step, func.count()).where(reached.c.place == 1).group_by(reached.c.step)
        return {step: int(count) for step, count in self._connection.execute(counted)}

    def loads(self) -> Sequence[LoadLine]:
        """Count open cases of each owner."""
        tickets, promises, breaches = tables.tickets, tables.promises, tables.breaches
        is_promised = exists().where(promises.c.ticket_id == tickets.c.id, promises.c.state == PromiseState.OPEN)
        is_missed = exists().where(breaches.c.ticket_id == tickets.c.id, breaches.c.ended_at.is_(None))
        open_cases = func.count().label("open_cases")
        found = (
            select(
                tickets.c.owner_id,
                open_cases,
                _how_many(is_promised).label("promised"),
                _how_many(is_missed).label("missed"),
                func.sum(tickets.c.hand_offs).label("hand_offs"),
            )
            .where(tickets.c.status.in_(OPEN_STATUSES), is_counted(tickets.c.id, self._reader))
            .group_by(tickets.c.owner_id)
            .order_by(open_cases.desc(), tickets.c.owner_id)
        )
        return [LoadLine(**row) for row in self._connection.execute(found).mappings()]


# --- one row for each promise, case and call ---------------------------------------------------------------


def _promised(period: Period, by: GroupBy, now: datetime, reader: Reader) -> CTE:
    """Return the promises of a period that were told or owed, and what became of each."""
    promises, tickets, breaches = tables.promises, tables.tickets, tables.breaches
    at = promises.c.window_closes_at
    is_kept, is_missed = promises.c.state == PromiseState.KEPT, breaches.c.id.is_not(None)
    # A window that closed a moment ago is missed, also before the worker has noted it.
    is_overdue = and_(promises.c.state == PromiseState.OPEN, at <= now)
    is_moved = promises.c.state == PromiseState.MOVED
    return (
        select(
            _name_of(by, period, at=at, category=promises.c.target).label("name"),
            _flag(and_(is_kept, ~is_missed)).label("kept"),
            _flag(or_(is_missed, is_overdue)).label("missed"),
            _flag(and_(is_kept, is_missed)).label("kept_late"),
            _flag(and_(is_kept, _is_attested())).label("attested"),
            _flag(is_moved).label("moved"),
            _flag(and_(is_moved, _is_moved_by_us())).label("moved_by_us"),
            SecondsBetween(promises.c.made_at, at).label("offered_s"),
        )
        .select_from(
            promises.join(tickets, tickets.c.id == promises.c.ticket_id).outerjoin(
                breaches, breaches.c.promise_id == promises.c.id
            )
        )
        # Every state is named, so that a short period is found by the index of windows, which begins with the state.
        .where(promises.c.state.in_(tuple(PromiseState)), at >= period.begins_at, at < period.ends_at)
        .where(promises.c.target != FIND_NUMBER, is_counted(promises.c.ticket_id, reader))
        .cte("promised")
    )


def _opened(period: Period, by: GroupBy, reader: Reader) -> CTE:
    """Return the cases opened in a period, and how far each came."""
    came = _came_further(period, by, reader)
    golden_s = GOLDEN_HOUR.total_seconds()
    contact_s, told_s = (SecondsBetween(came.c.opened_at, at) for at in (came.c.talked_at, came.c.told_at))
    return select(
        came.c.name,
        contact_s.label("contact_s"),
        SecondsBetween(came.c.opened_at, came.c.decided_at).label("decision_s"),
        _flag(or_(contact_s <= golden_s, told_s <= golden_s)).label("golden"),
        came.c.given_up,
        came.c.contacts,
        came.c.on_line_s,
        func.nullif(came.c.waited_s, 0).label("waited_s"),
    ).cte("opened")


def _came_further(period: Period, by: GroupBy, reader: Reader) -> Subquery:
    """Return the cases opened in a period with the instants that matter, each looked up once."""
    tickets, promises, history = tables.tickets, tables.promises, tables.history
    of_case = and_(promises.c.ticket_id == tickets.c.id, promises.c.target != FIND_NUMBER)
    decided = (history.c.ticket_id == tickets.c.id, history.c.verb == _ANSWERED)
    theirs, ours, texts = calls_of_complainants(), calls_of_ours(), texts_of_complainants()
    return (
        select(
            _name_of(by, period, at=tickets.c.opened_at, category=_category_of_case()).label("name"),
            tickets.c.opened_at,
            _earliest(promises.c.settled_at, of_case, promises.c.state == PromiseState.KEPT).label("talked_at"),
            _earliest(promises.c.made_at, of_case, promises.c.words != "").label("told_at"),
            _earliest(history.c.at, *decided).label("decided_at"),
            _flag(tickets.c.close_reason.in_((CloseReason.WITHDRAWN, CloseReason.NOT_REACHED))).label("given_up"),
            (count_of(theirs.c.calls) + count_of(ours.c.calls) + count_of(texts.c.texts)).label("contacts"),
            (count_of(theirs.c.on_line_s) + count_of(ours.c.on_line_s)).label("on_line_s"),
            count_of(ours.c.waited_s).label("waited_s"),
        )
        .select_from(
            tickets.outerjoin(theirs, theirs.c.ticket_id == tickets.c.id)
            .outerjoin(ours, ours.c.ticket_id == tickets.c.id)
            .outerjoin(texts, texts.c.ticket_id == tickets.c.id)
        )
        .where(
            tickets.c.opened_at >= period.begins_at,
            tickets.c.opened_at < period.ends_at,
            tickets.c.status.not_in((TicketStatus.MERGED, TicketStatus.NOT_A_COMPLAINT)),
            or_(tickets.c.close_reason.is_(None), tickets.c.close_reason != CloseReason.HOUSE),
            is_counted(tickets.c.id, reader),
        )
        .offset(0)  # kept apart by the database: joined with the outer query, each instant would be looked up twice
        .subquery("came_further")
    )


def _promise_counts(promised: Subquery) -> Select[Any]:
    names = ("kept", "missed", "kept_late", "attested", "moved", "moved_by_us")
    sums = {name: func.sum(promised.c[name]) for name in names}
    return _grouped(promised, **sums, offered_s=_median(promised, "offered_s"))


def _case_counts(opened: Subquery) -> Select[Any]:
    return _grouped(
        opened,
        cases=func.count(),
        golden=func.sum(opened.c.golden),
        contacted=func.count(opened.c.contact_s),
        contact_s=_median(opened, "contact_s"),
        decided=func.count(opened.c.decision_s),
        decision_s=_median(opened, "decision_s"),
        given_up=func.sum(opened.c.given_up),
        contacts=_median(opened, "contacts"),
        on_line_s=_median(opened, "on_line_s"),
        waited=func.count(opened.c.waited_s),
        waited_s=_median(opened, "waited_s"),
    )


def _call_counts(period: Period, by: GroupBy, reader: Reader) -> Select[Any]:
    calls, tickets, answers = tables.calls, tables.tickets, tables.answers
    left_nothing = ~exists().where(answers.c.call_id == calls.c.id)
    came = (
        select(
            _name_of(by, period, at=calls.c.started_at, category=_category_of_case()).label("name"),
            _flag(and_(calls.c.end == CallEnd.CALLER_HUNG_UP, left_nothing)).label("abandoned"),
        )
        .select_from(calls.join(tickets, tickets.c.id == calls.c.ticket_id))
        .where(
            calls.c.started_at >= period.begins_at, calls.c.started_at < period.ends_at, calls.c.is_canary.is_(False)
        )
        .where(is_counted(calls.c.ticket_id, reader))
        .cte("came")
    )
    counted = _with_total(came)
    return _grouped(counted, calls=func.count(), abandoned=func.sum(counted.c.abandoned))


# --- parts -------------------------------------------------------------------------------------------------


def _name_of(
    by: GroupBy, period: Period, *, at: ColumnElement[datetime], category: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return the name of a row's group. The weeks are told apart by their edges, for databases know no zone's weeks."""
    if by is GroupBy.WEEK:
        weeks = [(at < edge, str(number)) for number, edge in enumerate(period.edges[1:])]
        return case(*weeks, else_=str(len(weeks)))
    columns = {
        GroupBy.CATEGORY: category,
        GroupBy.CHANNEL: tables.tickets.c.channel,
        GroupBy.OWNER: tables.tickets.c.owner_id,
    }
    return columns.get(by, literal(GroupBy.ALL.value))


def _category_of_case() -> ColumnElement[Any]:
    """Return the target of a case's first promise, or `none` where no call was ever promised."""
    promises = tables.promises
    first = select(promises.c.target).where(promises.c.ticket_id == tables.tickets.c.id)
    return func.coalesce(first.order_by(promises.c.made_at, promises.c.id).limit(1).scalar_subquery(), "none")


def _is_attested() -> ColumnElement[bool]:
    """Tell whether a kept promise rests on a word. Without a kind the release before kept it, which knew no other."""
    kind = tables.promises.c.kept_evidence
    return or_(kind.is_(None), kind != KeptEvidence.CALL)


def _is_moved_by_us() -> ColumnElement[bool]:
    history, promises = tables.history, tables.promises
    return exists().where(
        history.c.ticket_id == promises.c.ticket_id,
        history.c.verb == _CHOSEN,
        history.c.at == promises.c.settled_at,
        history.c.after.startswith(MOVED_BY_US, autoescape=True),
    )


def _with_total(facts: CTE) -> Subquery:
    """Return the facts twice, by group and as a whole. They are gathered once, because gathering is what costs."""
    rest = [column for column in facts.c if column.key != "name"]
    groups = select(cast(facts.c.name, String).label("name"), *rest)
    return union_all(groups, select(literal(_TOTAL).label("name"), *rest)).subquery(f"all_{facts.name}")


def _earliest(at: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.min(at)).where(*conditions).scalar_subquery()


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(_flag(condition))


def _grouped(facts: Subquery, **counted: ColumnElement[Any]) -> Select[Any]:
    columns = (value.label(name) for name, value in counted.items())
    return select(facts.c.name.label("name"), *columns).group_by(facts.c.name)


def _ranked(facts: Subquery, *names: str) -> Subquery:
    """Return the facts with the place of each of these values in its group, and how many there are.

    So one statement counts and finds medians, and the facts of 50,000 cases are gathered once.
    """
    places = (
        func.row_number().over(partition_by=facts.c.name, order_by=facts.c[name].asc().nulls_last()) for name in names
    )
    counts = (func.count(facts.c[name]).over(partition_by=facts.c.name) for name in names)
    return select(
        *facts.c,
        *(place.label(f"{name}_place") for name, place in zip(names, places, strict=True)),
        *(count.label(f"{name}_of") for name, count in zip(names, counts, strict=True)),
    ).subquery(f"ranked_{facts.name}")


def _median(ranked: Subquery, name: str) -> ColumnElement[Any]:
    """Return the middle value, or the mean of the two in the middle, while a value that is missing has no place."""
    place, of = ranked.c[f"{name}_place"], ranked.c[f"{name}_of"]
    is_middle = and_(of > 0, place.in_(((of + 1) // 2, (of + 2) // 2)))
    return cast(func.avg(case((is_middle, ranked.c[name]))), Float)

"""Figures of how promises are kept, the same on both databases, with one statement each for promises, cases and calls.

Promises and breaches are counted in the week in which their window closed, cases and calls in the week in which they
came. Nobody's figures count a case that they may not see, so two looks at them tell nobody of one. What lies outside
the period is not read. Sums and medians are made of what was gathered (figure_groups.py).
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
)

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import is_counted
from voicebot.adapters.store.effort_figures import calls_of_complainants, calls_of_ours, count_of, texts_of_complainants
from voicebot.adapters.store.ending_figures import ending_counts
from voicebot.adapters.store.figure_groups import TOTAL, Columns, groups_of, known, middle
from voicebot.adapters.store.seconds_between import SecondsBetween
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.call import SURVEY_FLOW, CallEnd
from voicebot.domain.promise import FIND_NUMBER, MOVED_BY_US, KeptEvidence, PromiseState
from voicebot.domain.ticket import OPEN_STATUSES, CloseReason, TicketStatus
from voicebot.service.ports.ending_figures import EndingLine
from voicebot.service.ports.figures import GOLDEN_HOUR, FigureLine, GroupBy, LoadLine, Period

TIMEOUT_S = 20
"""For one statement (PostgreSQL)."""

_ANSWERED, _CHOSEN = "case_answered", "promise_chosen"
"""Verbs of the history (service/history.py).

One tells that a decision was told, and one that staff chose another window.
"""
_OF_TICKET = frozenset({GroupBy.CHANNEL, GroupBy.OWNER})
"""Groups whose name stands on the case. Of others nobody looks for the case of each promise."""


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
        lines: dict[str, FigureLine] = defaultdict(FigureLine)
        for gathered, count in (
            (_promised(period, by, now, self._reader), _of_promises),
            (_opened(period, by, self._reader), _of_cases),
            (_came(period, by, self._reader), _of_calls),
        ):
            for name, columns in groups_of(self._connection.execute(gathered)).items():
                lines[name] = replace(lines[name], **count(columns))
        return lines.pop(TOTAL, FigureLine()), dict(lines)

    def kept(self, period: Period, now: datetime) -> tuple[int, int]:
        """Count the promises that were kept, and those that were kept or missed."""
        promised = _promised(period, GroupBy.ALL, now, self._reader).subquery()
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


def _promised(period: Period, by: GroupBy, now: datetime, reader: Reader) -> Select[Any]:
    """Return the promises of a period that were told or owed, and what became of each."""
    promises, tickets, breaches = tables.promises, tables.tickets, tables.breaches
    at = promises.c.window_closes_at
    is_kept, is_missed = promises.c.state == PromiseState.KEPT, breaches.c.id.is_not(None)
    # A window that closed a moment ago is missed, also before the worker has noted it.
    is_overdue = and_(promises.c.state == PromiseState.OPEN, at <= now)
    is_moved, by_us = promises.c.state == PromiseState.MOVED, _moves_by_us()
    columns: Sequence[ColumnElement[Any]] = (
        cast(_name_of(by, period, at=at, category=promises.c.target), String).label("name"),
        _flag(and_(is_kept, ~is_missed)).label("kept"),
        _flag(or_(is_missed, is_overdue)).label("missed"),
        _flag(and_(is_kept, is_missed)).label("kept_late"),
        _flag(and_(is_kept, _is_attested())).label("attested"),
        _flag(is_moved).label("moved"),
        _flag(and_(is_moved, by_us.c.at.is_not(None))).label("moved_by_us"),
        SecondsBetween(promises.c.made_at, at).label("offered_s"),
    )
    found = select(*columns).outerjoin_from(promises, breaches, breaches.c.promise_id == promises.c.id)
    found = found.outerjoin(by_us, and_(by_us.c.ticket_id == promises.c.ticket_id, by_us.c.at == promises.c.settled_at))
    if by in _OF_TICKET:
        found = found.join(tickets, tickets.c.id == promises.c.ticket_id)
    return found.where(
        # Every state is named, so that a short period is found by the index of windows, which begins with the state.
        promises.c.state.in_(tuple(PromiseState)),
        at >= period.begins_at,
        at < period.ends_at,
        promises.c.target != FIND_NUMBER,
        is_counted(promises.c.ticket_id, reader),
    )


def _opened(period: Period, by: GroupBy, reader: Reader) -> Select[Any]:
    """Return the cases opened in a period, and how far each came."""
    cases = _cases(period, by, reader)
    talks, decisions = _talks(cases), _decisions(cases, period)
    theirs, ours, texts = calls_of_complainants(cases), calls_of_ours(cases), texts_of_complainants(cases)
    golden_s = GOLDEN_HOUR.total_seconds()
    contact_s, told_s = (SecondsBetween(cases.c.opened_at, at) for at in (talks.c.talked_at, talks.c.told_at))
    found = select(
        cases.c.name,
        contact_s.label("contact_s"),
        SecondsBetween(cases.c.opened_at, decisions.c.decided_at).label("decision_s"),
        _flag(or_(contact_s <= golden_s, told_s <= golden_s)).label("golden"),
        cases.c.given_up,
        (count_of(theirs.c.calls) + count_of(ours.c.calls) + count_of(texts.c.texts)).label("contacts"),
        (count_of(theirs.c.on_line_s) + count_of(ours.c.on_line_s)).label("on_line_s"),
        func.nullif(count_of(ours.c.waited_s), 0).label("waited_s"),
    )
    found = found.select_from(cases)
    for part in (talks, decisions, theirs, ours, texts):
        found = found.outerjoin(part, part.c.ticket_id == cases.c.id)
    return found


def _cases(period: Period, by: GroupBy, reader: Reader) -> CTE:
    """Return the cases opened in a period, with the name of their group."""
    tickets = tables.tickets
    return (
        select(
            tickets.c.id,
            cast(_name_of(by, period, at=tickets.c.opened_at, category=_category_of_case()), String).label("name"),
            tickets.c.opened_at,
            _flag(tickets.c.close_reason.in_((CloseReason.WITHDRAWN, CloseReason.NOT_REACHED))).label("given_up"),
        )
        .where(
            tickets.c.opened_at >= period.begins_at,
            tickets.c.opened_at < period.ends_at,
            tickets.c.status.not_in((TicketStatus.MERGED, TicketStatus.NOT_A_COMPLAINT)),
            or_(tickets.c.close_reason.is_(None), tickets.c.close_reason != CloseReason.HOUSE),
            is_counted(tickets.c.id, reader),
        )
        .cte("cases")
    )


def _talks(cases: CTE) -> Subquery:
    """Return when the complainant of each case was first spoken with, and first told when we call."""
    promises = tables.promises.c
    return (
        select(
            promises.ticket_id,
            func.min(case((promises.state == PromiseState.KEPT, promises.settled_at))).label("talked_at"),
            func.min(case((promises.words != "", promises.made_at))).label("told_at"),
        )
        .where(promises.ticket_id.in_(select(cases.c.id)), promises.target != FIND_NUMBER)
        .group_by(promises.ticket_id)
        .subquery("talks")
    )


def _decisions(cases: CTE, period: Period) -> Subquery:
    """Return when a decision was first told in each case. No case of a period was decided before it began."""
    history = tables.history.c
    return (
        select(history.ticket_id, func.min(history.at).label("decided_at"))
        .where(history.verb == _ANSWERED, history.at >= period.begins_at, history.ticket_id.in_(select(cases.c.id)))
        .group_by(history.ticket_id)
        .subquery("decisions")
    )


def _came(period: Period, by: GroupBy, reader: Reader) -> Select[Any]:
    """Return how many calls came in a period, by group, and how many of them left nothing."""
    calls, tickets, answers = tables.calls, tables.tickets, tables.answers
    left_nothing = ~exists().where(answers.c.call_id == calls.c.id)
    name = cast(_name_of(by, period, at=calls.c.started_at, category=_category_of_case()), String)
    columns: Sequence[ColumnElement[Any]] = (
        name.label("name"),
        func.count().label("calls"),
        func.sum(_flag(and_(calls.c.end == CallEnd.CALLER_HUNG_UP, left_nothing))).label("abandoned"),
    )
    return (
        select(*columns)
        .select_from(calls.join(tickets, tickets.c.id == calls.c.ticket_id))
        .where(calls.c.started_at >= period.begins_at, calls.c.started_at < period.ends_at)
        .where(calls.c.is_canary.is_(False), calls.c.flow_name != SURVEY_FLOW)
        .where(is_counted(calls.c.ticket_id, reader))
        .group_by("name")
    )


# --- what is made of them ------------------------------------------------------------------------------------


def _of_promises(gathered: Columns) -> dict[str, Any]:
    counted = ("kept", "missed", "kept_late", "attested", "moved", "moved_by_us")
    return {name: sum(gathered[name]) for name in counted} | {"offered_s": middle(gathered["offered_s"])}


def _of_cases(gathered: Columns) -> dict[str, Any]:
    counted = {name: sum(gathered[name]) for name in ("golden", "given_up")}
    how_many = {"contacted": "contact_s", "decided": "decision_s", "waited": "waited_s"}
    counted |= {name: len(known(gathered[of])) for name, of in how_many.items()}
    middles = ("contact_s", "decision_s", "contacts", "on_line_s", "waited_s")
    return {"cases": len(gathered["name"])} | counted | {name: middle(gathered[name]) for name in middles}


def _of_calls(gathered: Columns) -> dict[str, Any]:
    return {name: int(sum(gathered[name])) for name in ("calls", "abandoned")}


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


def _moves_by_us() -> Subquery:
    """Return in which case, and when, a window was chosen anew because we could not keep it. Such lines are few."""
    history = tables.history.c
    is_ours = history.after.startswith(MOVED_BY_US, autoescape=True)
    return select(history.ticket_id, history.at).where(history.verb == _CHOSEN, is_ours).distinct().subquery("by_us")


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(_flag(condition))

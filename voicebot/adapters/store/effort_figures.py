"""What each of some cases has cost its complainant, a row for each: as `service/queries/effort.py` reckons it for one.

The cases have an `id`. Nothing of others is read.

Knows: the tables calls, staff_calls, answers, tickets. Must not know: periods, medians.
"""

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, or_, select, union_all

from voicebot.adapters.store import tables
from voicebot.adapters.store.seconds_between import SecondsBetween
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff_call import StaffCallKind
from voicebot.service.answer.keep import TEXT_SLOT


def calls_of_complainants(cases: FromClause) -> Subquery:
    """Return how often they called, and how long; a call that goes on has no length yet."""
    calls = tables.calls.c
    lasted = func.coalesce(SecondsBetween(calls.started_at, calls.ended_at), 0)
    counted = select(calls.ticket_id, func.count().label("calls"), func.sum(lasted).label("on_line_s"))
    of_these = calls.ticket_id.in_(select(cases.c.id))
    return counted.where(of_these).group_by(calls.ticket_id).subquery("theirs")


def calls_of_ours(cases: FromClause) -> Subquery:
    """Return in how many calls of ours they were spoken with, how long, and how long they waited in any.

    Calls about a case that was joined count with the one that goes on. A talk after ringing in is a part of their call.
    """
    calls, of = tables.staff_calls.c, _with_joined(cases)
    has_rung_in, is_reached = calls.kind == StaffCallKind.RANG_IN, calls.result == CallOutcome.REACHED
    is_ours = and_(is_reached, ~has_rung_in)
    counted = select(
        of.c.ticket_id,
        func.sum(case((is_ours, 1), else_=0)).label("calls"),
        func.sum(case((is_ours, calls.talk_s), else_=0)).label("on_line_s"),
        func.sum(case((or_(is_reached, has_rung_in), calls.waited_s), else_=0)).label("waited_s"),
    ).join_from(of, tables.staff_calls, calls.ticket_id == of.c.own_id)
    return counted.group_by(of.c.ticket_id).subquery("ours")


def _with_joined(cases: FromClause) -> Subquery:
    """Return each case by its own id, and by those of cases that were joined into it."""
    joined = tables.tickets.c
    own = select(cases.c.id.label("own_id"), cases.c.id.label("ticket_id"))
    others = select(joined.id, joined.merged_into).where(joined.merged_into.in_(select(cases.c.id)))
    return union_all(own, others).subquery("with_joined")


def texts_of_complainants(cases: FromClause) -> Subquery:
    """Return how many texts they wrote."""
    answers = tables.answers.c
    written = select(answers.ticket_id, func.count().label("texts"))
    written = written.where(answers.ticket_id.in_(select(cases.c.id)), answers.slot == TEXT_SLOT)
    return written.group_by(answers.ticket_id).subquery("texts")


def count_of(column: ColumnElement[int]) -> ColumnElement[int]:
    """Return a count, 0 for a case that is in none of these."""
    return func.coalesce(column, 0)

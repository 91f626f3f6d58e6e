"""What each case has cost its complainant, a row for each case: as `service/queries/effort.py` reckons it for one.

Knows: the tables calls, staff_calls, answers, tickets. Must not know: periods, medians.
"""

from sqlalchemy import ColumnElement, String, Subquery, and_, case, cast, func, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.seconds_between import SecondsBetween
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff_call import StaffCallKind
from voicebot.service.answer.keep import TEXT_SLOT


def calls_of_complainants() -> Subquery:
    """Return how often they called, and how long; a call that goes on has no length yet."""
    calls = tables.calls.c
    lasted = func.coalesce(SecondsBetween(calls.started_at, calls.ended_at), 0)
    counted = select(calls.ticket_id, func.count().label("calls"), func.sum(lasted).label("on_line_s"))
    return counted.group_by(calls.ticket_id).subquery("theirs")


def calls_of_ours() -> Subquery:
    """Return in how many calls of ours they were spoken with, how long, and how long they waited in any.

    Calls about a case that was joined count with the one that goes on. A talk after ringing in is a part of their call.
    """
    calls, tickets = tables.staff_calls.c, tables.tickets.c
    has_rung_in, is_reached = calls.kind == StaffCallKind.RANG_IN, calls.result == CallOutcome.REACHED
    is_ours = and_(is_reached, ~has_rung_in)
    # A bare coalesce has no type in SQLite, which then joins without an index: 10 s at 50,000 cases, not 0.3.
    goes_on = cast(func.coalesce(tickets.merged_into, tickets.id), String).label("ticket_id")
    counted = select(
        goes_on,
        func.sum(case((is_ours, 1), else_=0)).label("calls"),
        func.sum(case((is_ours, calls.talk_s), else_=0)).label("on_line_s"),
        func.sum(case((or_(is_reached, has_rung_in), calls.waited_s), else_=0)).label("waited_s"),
    ).join_from(tables.staff_calls, tables.tickets, tickets.id == calls.ticket_id)
    return counted.group_by(goes_on).subquery("ours")


def texts_of_complainants() -> Subquery:
    """Return how many texts they wrote."""
    answers = tables.answers.c
    written = select(answers.ticket_id, func.count().label("texts")).where(answers.slot == TEXT_SLOT)
    return written.group_by(answers.ticket_id).subquery("texts")


def count_of(column: ColumnElement[int]) -> ColumnElement[int]:
    """Return a count, 0 for a case that is in none of these."""
    return func.coalesce(column, 0)

"""What is owed in a case, as expressions for every list: the promise that is open, and the miss that still counts.

Two promises of one case are never open together. A miss counts until somebody has been reached.
Knows: the tables promises and breaches. Must not know: which list asks, in which order.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from voicebot.adapters.store import tables
from voicebot.domain.promise import PromiseState


def is_open(promises: FromClause) -> ColumnElement[bool]:
    """Say of promises that they are open."""
    return promises.c.state == PromiseState.OPEN


def still_counts(breaches: FromClause) -> ColumnElement[bool]:
    """Say of misses that nobody has been reached since."""
    return breaches.c.ended_at.is_(None)


def has_open_promise(ticket_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Say of a case that a promise is open in it."""
    own = tables.promises.alias("own")
    return select(own.c.id).where(own.c.ticket_id == ticket_id, is_open(own)).exists()


def has_promise_closing_after(ticket_id: ColumnElement[str], instant: Any) -> ColumnElement[bool]:
    """Say of a case that the window of its open promise closes after an instant."""
    own = tables.promises.alias("own")
    found = select(own.c.id).where(own.c.ticket_id == ticket_id, is_open(own), own.c.window_closes_at > instant)
    return found.exists()


def has_miss(ticket_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Say of a case that a miss of it still counts."""
    own = tables.breaches.alias("own_miss")
    return select(own.c.id).where(own.c.ticket_id == ticket_id, still_counts(own)).exists()


def oldest_miss(ticket_id: ColumnElement[str]) -> ColumnElement[Any]:
    """Return when the oldest miss of a case was that still counts, or null."""
    own = tables.breaches.alias("own_miss")
    return select(func.min(own.c.at)).where(own.c.ticket_id == ticket_id, still_counts(own)).scalar_subquery()


def oldest_misses(*conditions: ColumnElement[bool]) -> FromClause:
    """Return of each case its oldest miss that still counts, and when its ladder tells somebody next."""
    breach = tables.breaches
    return (
        select(
            breach.c.ticket_id,
            func.min(breach.c.at).label("missed_at"),
            func.min(breach.c.next_step_at).label("told_at"),
        )
        .where(still_counts(breach), *conditions)
        .group_by(breach.c.ticket_id)
        .subquery("missed")
    )

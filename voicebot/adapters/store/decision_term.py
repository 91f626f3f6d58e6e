"""Decision terms as rows.

Knows: the table decision_terms. Must not know: calendars, who is told.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam

from voicebot.adapters.store.rows import Rows, is_one_of, may_hold_rows, whole_rows
from voicebot.adapters.store.tables.decision_term import decision_terms
from voicebot.domain.decision_term import CURRENT_STATES, DecisionTerm


class DecisionTermRows:
    """Fulfils `service.ports.DecisionTerms`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._terms = Rows(connection, decision_terms, DecisionTerm)

    def add(self, term: DecisionTerm) -> None:
        """Insert a term, where a second one that runs or waits for the same case is an error."""
        self._terms.add(term)

    def save(self, term: DecisionTerm) -> None:
        """Update what changed."""
        self._terms.save(term)

    def lock(self, term_id: str) -> DecisionTerm | None:
        """Return the term and hold it until the transaction ends."""
        return self._terms.get(term_id, is_locked=True)

    def current_of(self, ticket_id: str) -> DecisionTerm | None:
        """Return the term that runs or waits, held until the transaction ends, or None where there is none."""
        mine = (term for term in self._terms.own if term.ticket_id == ticket_id and term.state in CURRENT_STATES)
        if (made_here := next(mine, None)) is not None:
            return made_here
        look = partial(self._terms.only, ticket_id=ticket_id)
        # PostgreSQL drops a row that was settled while it was waited for, and finds its follower only by a new look.
        while (standing := look(_CURRENT)) is not None and may_hold_rows(self._connection):
            held = look(_CURRENT_HELD)
            if held is not None:
                return held
        return standing

    def of_ticket(self, ticket_id: str) -> Sequence[DecisionTerm]:
        """Return a ticket's terms, oldest first."""
        return self._terms.every(_OF_TICKET, ticket_id=ticket_id)

    def due(self, now: datetime, limit: int) -> Sequence[DecisionTerm]:
        """Return terms whose next step has come, the longest due first; of a case the newest first."""
        return self._terms.every(_DUE, now=now, most=limit)


_TERM = decision_terms.c
_CURRENT = whole_rows(decision_terms, DecisionTerm).where(
    _TERM.ticket_id == bindparam("ticket_id"), is_one_of(_TERM.state, CURRENT_STATES)
)
_CURRENT_HELD = _CURRENT.with_for_update()
_OF_TICKET = (
    whole_rows(decision_terms, DecisionTerm)
    .where(_TERM.ticket_id == bindparam("ticket_id"))
    .order_by(_TERM.started_at, _TERM.attempt)
)
_DUE = (
    whole_rows(decision_terms, DecisionTerm)
    .where(_TERM.next_step_at <= bindparam("now"))
    .order_by(_TERM.next_step_at, _TERM.attempt.desc())
    .limit(bindparam("most"))
)

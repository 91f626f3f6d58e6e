"""The port of decision terms.

Knows: domain types. Must not know: who fulfils a port.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.decision_term import DecisionTerm


class DecisionTerms(Protocol):
    """By when each case is decided, term after term."""

    def add(self, term: DecisionTerm) -> None: ...
    def save(self, term: DecisionTerm) -> None: ...
    def lock(self, term_id: str) -> DecisionTerm | None: ...
    def current_of(self, ticket_id: str) -> DecisionTerm | None:
        """The term that runs or waits, held until the transaction ends. None where nothing is to be decided."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[DecisionTerm]:
        """Oldest first."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[DecisionTerm]:
        """Terms whose `next_step_at` has come, the longest due first.

        Of two at one instant the newer leads, because the letter about a late term names the date of the one that
        follows.
        """
        ...

"""The search over all cases as a port. One function answers, whatever the database is.

Knows: what is asked, what a hit needs. Must not know: SQL, how a hit is worded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from voicebot.domain.case_number import written
from voicebot.domain.search_question import Term
from voicebot.domain.ticket import TicketStatus


class PieceKind(StrEnum):
    """What a piece of a case's words is, in the order in which hits show it."""

    FIELD = "field"
    """What staff wrote down of the complainant, such as name and order number."""
    SAID = "said"
    """What the complainant said to one question, or wrote in one text."""
    CORRECTED = "corrected"
    """What a reviewer wrote in place of words."""
    GIST = "gist"
    """What the case holds as the problem, and as what would put it right."""
    NOTE = "note"
    """What staff wrote, or the complainant asked by text."""
    TEXT = "text"
    """A text that we sent to the complainant."""
    NUMBER = "number"
    """A telephone number of theirs, or a name in its place."""
    CASE = "case"
    """The case number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of what is found of a case. It has no PIN."""

    kind: PieceKind
    id: str
    """Of the answer, for one that was said or corrected. Of no use in the others."""
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCase:
    """A case in which all that was asked for was found."""

    ticket_id: str
    case_number: str
    status: TicketStatus
    owner_id: str
    opened_at: datetime
    locale: str
    complainant_number: str | None

    @property
    def case(self) -> str:
        """The case number as people write it."""
        return written(self.case_number)


class CaseSearch(Protocol):
    """The index of what cases hold.

    It is written with what it indexes, in the same transaction, by whatever repository writes that.
    """

    def search(self, terms: Sequence[Term], *, limit: int, offset: int = 0) -> Sequence[FoundCase]:
        """Return cases that meet every term, those opened last first."""
        ...

    def pieces(self, ticket_ids: Collection[str]) -> Mapping[str, Sequence[Piece]]:
        """Return all that is found of each of these cases, oldest first within each kind."""
        ...

    def missing(self, limit: int) -> Sequence[str]:
        """Return ids of tickets that the index does not hold, or as an older release made it, newest first."""
        ...

    def index(self, ticket_id: str) -> None:
        """Make the index of one case anew before this unit of work ends."""
        ...

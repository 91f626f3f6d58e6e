"""What staff have written down of the complainant of a case, with what stands in the cases that were joined into it.

Each case keeps its own, since what was joined wrongly is taken out again as it was.
Knows: entries of fields. Must not know: tables, pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicebot.domain import case_field
from voicebot.domain.case_field import FieldEntry, FieldName
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerView:
    """Who complains, as far as anybody knows."""

    entries: tuple[FieldEntry, ...] = ()
    """Every value, in the order in which they were kept."""
    joined: tuple[tuple[str, Mapping[FieldName, FieldEntry]], ...] = ()
    """Numbers of joined cases in which something is written, with what stands there."""

    @property
    def standing(self) -> Mapping[FieldName, FieldEntry]:
        """The value of each field that stands."""
        return case_field.standing(self.entries)

    @property
    def name(self) -> str:
        """What the complainant is called, empty when nobody wrote it down."""
        entry = self.standing.get(FieldName.NAME)
        return "" if entry is None else entry.value


def customer_of(work: UnitOfWork, ticket_id: str, merged: Sequence[str]) -> CustomerView:
    """Return what is written in a case and in those that were joined into it."""
    joined = ((ticket_of(work, each).case_number, case_field.standing(work.fields.of_ticket(each))) for each in merged)
    return CustomerView(
        entries=tuple(work.fields.of_ticket(ticket_id)),
        joined=tuple((number, fields) for number, fields in joined if fields),
    )

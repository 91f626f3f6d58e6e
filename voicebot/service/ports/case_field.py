"""Where it stays what staff write down of a complainant, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from voicebot.domain.case_field import FieldEntry


class CaseFields(Protocol):
    """Entries of fields. What stands in one never changes."""

    def add(self, entry: FieldEntry) -> None:
        """Append. Its number within the case is used once."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[FieldEntry]:
        """In the order in which they were kept."""
        ...

    def marked_otherwise(
        self, restricted: Collection[str], opened: Collection[str], *, limit: int
    ) -> Sequence[FieldEntry]:
        """Return entries in restricted fields of kinds that are not marked so, and in opened ones that are."""
        ...

    def save(self, entry: FieldEntry) -> None:
        """Keep whether only some may read it."""
        ...

    def names(self, ticket_ids: Collection[str]) -> Mapping[str, str]:
        """Return the name that stands in each of these cases, else the only one that the books have for its number.

        Cases without either are left out.
        """
        ...

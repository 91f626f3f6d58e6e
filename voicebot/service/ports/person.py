"""Everything that is kept of one person, by their telephone number, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]
"""A row as it lies there, by the names of its columns."""


class Persons(Protocol):
    """Reads and forgets by number, over every table there is."""

    def case_ids(self, number: str) -> Sequence[str]:
        """Return ids of the cases of a number with what was joined into them, a case before what was joined into it."""
        ...

    def rows_of_case(self, ticket_id: str, *, leave_out: Collection[str] = ()) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield each table that has rows of a case, with these rows as this unit of work shows them, without its PIN
        and without rows of these ids.
        """
        ...

    def rows_of_number(self, number: str) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield each table that keeps the number itself outside any case, with these rows."""
        ...

    def forget_number(self, number: str) -> int:
        """Delete what keeps the number itself outside any case, and return how many rows it was."""
        ...

"""The company's customers, as imported, as a port.

Knows: domain types. Must not know: SQL, files.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.customer import Customer
from voicebot.domain.customer_lookup import Lookup


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedCustomer:
    """A customer, and since when the books are known to say so."""

    customer: Customer
    imported_at: datetime
    """Of the last import that named the customer."""


class CustomerSource(Protocol):
    """The company's own system, which knows who has a telephone number."""

    def find(self, number: str) -> Customer | None:
        """Return who has it, or None when nobody is known. Raises: Unavailable, which says why in a few words."""
        ...


class Customers(Protocol):
    """Customers by their ids and by their telephone numbers."""

    def some(self, ids: Collection[str]) -> Mapping[str, Customer]:
        """Return those of these ids that are there."""
        ...

    def of_numbers(self, numbers: Collection[str]) -> Sequence[ImportedCustomer]:
        """Return every customer to whom one of these numbers leads, by name."""
        ...

    def keep(self, customers: Sequence[Customer], at: datetime) -> None:
        """Keep these as they are now, each in place of what was known of it."""
        ...

    def seen(self, ids: Collection[str], at: datetime) -> None:
        """Note that the books say the same of these as before."""
        ...

    def forget(self, ids: Collection[str]) -> int:
        """Delete these, and return how many they were."""
        ...

    def to_look_up(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of cases with a number whose look-up is due, those that wait longest first.

        Due is what somebody waits for, a case that was opened within the hour before and never asked about, and one
        that owes a call soon and was not asked about for a day.
        """
        ...

    def lookup_of(self, ticket_id: str) -> Lookup:
        """Return how far the look-up for a case is. One that nobody asked about has no try."""
        ...

    def keep_lookup(self, lookup: Lookup) -> None:
        """Keep how far it is now."""
        ...

    def forget_numbers(self, numbers: Collection[str]) -> int:
        """Delete every customer to whom one of these numbers leads, and return how many they were."""
        ...

    def count_before(self, at: datetime) -> int:
        """Count the customers that no import has named since."""
        ...

    def forget_before(self, at: datetime, limit: int) -> int:
        """Delete at most so many of those, and return how many they were."""
        ...

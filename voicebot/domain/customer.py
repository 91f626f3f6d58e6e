"""A customer as the company's own books have them, found by the telephone numbers that stand there.

Several numbers may lead to one customer, and several customers may share a number. Whoever complains is never taken to
be the customer by a number alone, so what stands here is shown beside what was typed and never in its place.
Knows: fields of a complainant. Must not know: files, tables.
Source: complaints.md S0-15 (identified as a client by name, order number and contract date).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicebot.domain.case_field import FieldName, said_value

LONGEST_NOTE = 1000
"""Characters. Our judgement: what is longer belongs into the books that it came from."""
MOST_NUMBERS = 20
"""Of one customer. What has more is a switchboard or a slip."""
LONGEST_ORDER_NUMBER = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """One entry of the company's books. What is not known is empty."""

    id: str
    """Told by the books, so that the next import knows the customer again (`customer_id`)."""
    numbers: tuple[str, ...]
    """E.164, sorted."""
    name: str = ""
    order_number: str = ""
    """Of the customer, the order or the contract, whichever the company goes by."""
    contract_date: str = ""
    """ISO 8601."""
    address: str = ""
    note: str = ""

    def value(self, field: str) -> str:
        """Return what stands in a field, as it is kept."""
        return str(getattr(self, field))

    def said(self, field: str) -> str:
        """Return what stands in a field, as people read it."""
        return said_value(field, self.value(field))


COLUMNS = (*FieldName, "note")
"""What is kept of a customer besides the numbers."""


def customer_id(order_number: str, numbers: Sequence[str]) -> str:
    """Return by what a customer is known again, which is the order number, or the first telephone number without one.

    >>> customer_id("AB-17", ["+12025550143"]), customer_id("", ["+12025550143"])
    ('#AB-17', '+12025550143')
    """
    return f"#{order_number}" if order_number else min(numbers)


def differences(before: Customer, after: Customer) -> tuple[str, ...]:
    """Return in words what the same customer has otherwise now, empty when nothing."""
    pairs = [(name.replace("_", " "), getattr(before, name), getattr(after, name)) for name in COLUMNS]
    pairs.append(("telephone", ", ".join(before.numbers), ", ".join(after.numbers)))
    return tuple(f"{name} {old or 'nothing'} -> {new or 'nothing'}" for name, old, new in pairs if old != new)


def joined(first: Customer, second: Customer) -> Customer | None:
    """Return one customer of two lines about the same one, or None when the lines contradict each other."""
    if replace(first, numbers=()) != replace(second, numbers=()):
        return None
    return replace(first, numbers=tuple(sorted({*first.numbers, *second.numbers})))

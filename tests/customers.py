"""Customers with plain defaults, as in builders.py."""

from dataclasses import replace
from typing import Any

from voicebot.domain.customer import Customer
from voicebot.errors import Unavailable


def a_customer(**changes: Any) -> Customer:
    """Build the customer whom the calls of most tests come from."""
    customer = Customer(
        id="#AB-17",
        numbers=("+12025550143",),
        name="Mary Ruiz",
        order_number="AB-17",
        contract_date="2024-03-01",
        address="12 Quay Street",
    )
    return replace(customer, **changes)


class FakeCustomerSource:
    """Says of every number what it was told to say."""

    def __init__(self, found: Customer | None = None, *, why_not: str = "") -> None:
        self.found, self.why_not = found, why_not
        self.asked: list[str] = []

    def find(self, number: str) -> Customer | None:
        """Return it, or fail."""
        self.asked.append(number)
        if self.why_not:
            raise Unavailable(self.why_not)
        return self.found

"""Customers with plain defaults, as in builders.py."""

from dataclasses import replace
from typing import Any

from voicebot.domain.customer import Customer


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

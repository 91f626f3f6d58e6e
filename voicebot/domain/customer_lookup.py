"""What the company's own system says of a telephone number, asked when a case opens.

Knows: the form of an answer. Must not know: addresses, HTTP, cases.
Source: complaints.md S0-15; the form is ours (docs/operating.md).
"""

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from voicebot.domain.customer import LONGEST_NOTE, LONGEST_ORDER_NUMBER, Customer

LOOKED_UP = "@"
"""Begins the id of a customer that was looked up, which no imported one begins with."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _without_nul(said: object) -> object:
    """Return a text without the one character that PostgreSQL takes in none."""
    return said.replace("\x00", "") if isinstance(said, str) else said


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest)


Said = Annotated[str, BeforeValidator(_without_nul)]


class LookupAnswer(BaseModel):
    """The answer in JSON. What is not known is left out, and what we do not know is left alone."""

    model_config = ConfigDict(extra="ignore", strict=False)

    name: Annotated[Said, _text(120)] = ""
    order_number: Annotated[Said, _text(LONGEST_ORDER_NUMBER)] = ""
    contract_date: date | None = None
    address: Annotated[Said, _text(300)] = ""
    note: Annotated[Said, _text(LONGEST_NOTE)] = ""

    def customer(self, number: str) -> Customer | None:
        """Return the customer, or None when nothing is known of the number."""
        day = "" if self.contract_date is None else self.contract_date.isoformat()
        found = Customer(
            id=looked_up_id(number),
            numbers=(number,),
            name=self.name,
            order_number=self.order_number,
            contract_date=day,
            address=self.address,
            note=self.note,
        )
        return found if any((self.name, self.order_number, day, self.address, self.note)) else None


def looked_up_id(number: str) -> str:
    """Return by what a customer who was looked up is known again.

    >>> looked_up_id("+12025550143")
    '@+12025550143'
    """
    return f"{LOOKED_UP}{number}"


def is_looked_up(customer: Customer) -> bool:
    """Tell whether a customer was looked up, and not imported."""
    return customer.id.startswith(LOOKED_UP)


def may_ask(address: str) -> bool:
    """Tell whether a number may be sent to an address. Elsewhere than on this machine it goes under TLS alone."""
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and not (parts.username or parts.password or parts.fragment)
        return is_whole and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
    except ValueError:
        return False

"""What the company's own system says of a telephone number, and when it is asked.

It is asked when a case opens, again where the answer is older than a day and somebody is about to call, and whenever
staff say so. After a failure it is asked again by itself, each time after a longer pause, and only so often.
Knows: the form of an answer, tries. Must not know: addresses, HTTP, pages.
Source: complaints.md S0-15; the form is ours (docs/operating.md).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from voicebot.domain.back_off import back_off
from voicebot.domain.customer import LONGEST_NOTE, LONGEST_ORDER_NUMBER, Customer
from voicebot.domain.phone import region_of, to_e164
from voicebot.errors import Unavailable

LOOKED_UP = "@"
"""Begins the id of a customer that was looked up, which no imported one begins with."""
FRESH_FOR = timedelta(days=1)
"""An answer that is older is asked for again before a call (our judgement: most books change by the day)."""
MOST_TRIES = 6
"""Failures in a row after which nobody is asked again by itself, an hour after the first."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(minutes=32)
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

    number: Annotated[Said, _text(40)] = ""
    """Of whom the answer is. Where it is named, it must be the one that was asked about."""
    name: Annotated[Said, _text(120)] = ""
    order_number: Annotated[Said, _text(LONGEST_ORDER_NUMBER)] = ""
    contract_date: date | None = None
    address: Annotated[Said, _text(300)] = ""
    note: Annotated[Said, _text(LONGEST_NOTE)] = ""

    def customer(self, number: str) -> Customer | None:
        """Return the customer, or None when nothing is known of the number. Raises: Unavailable when the answer is of
        another number.
        """
        if self.number and to_e164(self.number, region_of(number)) != number:
            raise Unavailable("its answer is of another number than was asked about")
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup:
    """How far the look-up for one case is."""

    ticket_id: str
    asked_at: datetime | None = None
    """Of the last try. None while there was none."""
    failures: int = 0
    """In a row."""
    due_at: datetime | None = None
    """When it is asked next. None when nobody waits for an answer."""

    def wanted(self, now: datetime) -> "Lookup":
        """Return it as somebody wants it anew, with as many tries as the first time."""
        return replace(self, failures=0, due_at=now)

    def answered(self, now: datetime) -> "Lookup":
        """Return it after an answer, also after one that knows nobody."""
        return replace(self, asked_at=now, failures=0, due_at=None)

    def failed(self, now: datetime) -> "Lookup":
        """Return it after a try in vain, with the next one unless there were enough."""
        failures = self.failures + 1
        pause = back_off(failures, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        return replace(self, asked_at=now, failures=failures, due_at=now + pause if failures < MOST_TRIES else None)

    def is_old(self, now: datetime) -> bool:
        """Tell whether somebody who is about to call wants it asked anew."""
        return self.due_at is None and (self.asked_at is None or self.asked_at <= now - FRESH_FOR)

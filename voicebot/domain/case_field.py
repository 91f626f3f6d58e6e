"""What staff write down of who complains and about what, which is a name, an order number, a contract date, an address.

Each value is an entry of whoever typed it, and none is ever changed. The one that was kept last stands, and empty text
takes the field back. So a correction loses nothing of what stood there before.
Knows: fields, entries. Must not know: forms, who may write.
Source: complaints.md S0-15 (identified as a client by name, order number and contract date, which staff can correct).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from voicebot.domain.visible import visible
from voicebot.errors import Refused


class FieldName(StrEnum):
    """What is written down, in the order in which it is shown."""

    NAME = "name"
    ORDER_NUMBER = "order_number"
    CONTRACT_DATE = "contract_date"
    ADDRESS = "address"

    @property
    def said(self) -> str:
        """How people call it, such as `order number`."""
        return self.replace("_", " ")


LONGEST: Mapping[FieldName, int] = MappingProxyType(
    {FieldName.NAME: 120, FieldName.ORDER_NUMBER: 60, FieldName.CONTRACT_DATE: 10, FieldName.ADDRESS: 300}
)
"""Characters of a value. Our judgement, far above what people and companies are called."""

OF_THE_PERSON = frozenset({FieldName.NAME, FieldName.ADDRESS})
"""Fields that stay true of the same complainant in another matter."""

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
"""A contract date outside is a slip of a key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldEntry:
    """One value that somebody wrote down, kept for good."""

    id: str
    ticket_id: str
    number: int
    """1, 2, 3 … within its case, in the order in which they were kept."""
    field: FieldName
    value: str
    """A contract date stands in ISO 8601. Empty text says that nothing is known."""
    by: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    at: datetime

    @property
    def said(self) -> str:
        """The value as people read it."""
        return said_value(self.field, self.value)

    def is_shown_as(self, value: str) -> bool:
        """Tell whether this is what a page shows where the entry stands. Pages show hidden characters as marks."""
        return value in (self.value, visible(self.value))


def said_value(field: FieldName, value: str) -> str:
    """Return a kept value as people read it.

    >>> said_value(FieldName.CONTRACT_DATE, "2025-11-05")
    '5 Nov 2025'
    """
    if field is not FieldName.CONTRACT_DATE or not value:
        return value
    day = date.fromisoformat(value)
    return f"{day.day} {day:%b %Y}"


def standing(entries: Iterable[FieldEntry]) -> Mapping[FieldName, FieldEntry]:
    """Return the entry of each field that was kept last, in the order of fields, where something is written."""
    last = {entry.field: entry for entry in sorted(entries, key=lambda each: each.number)}
    return {field: last[field] for field in FieldName if field in last and last[field].value}


def read_value(field: FieldName, typed: str) -> str:
    """Return a value as it is kept, on one line. Raises: Refused when it is too long, or a date that is none.

    >>> read_value(FieldName.NAME, "  Maria   Ruiz ")
    'Maria Ruiz'
    """
    value = " ".join(typed.replace("\x00", "").split())
    if len(value) > LONGEST[field] and field is not FieldName.CONTRACT_DATE:
        raise Refused(
            f"the {field.said} has {len(value)} characters, and {LONGEST[field]} is the most: shorten it, or write the "
            "rest into a note",
            code="field-long",
        )
    return _day(value) if value and field is FieldName.CONTRACT_DATE else value


def _day(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day < LATEST:
        raise Refused(
            "the contract date is no day that a contract can have: write it as year, month and day, such as 2025-11-30",
            code="field-date",
        )
    return day.isoformat()

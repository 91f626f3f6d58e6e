"""What staff write down of who complains and about what. Every case has a name, an order number, a contract date and an
address, and its category adds fields of its own.

Each value is an entry of whoever typed it, and none is ever changed. The one that was kept last stands, and empty text
takes the field back. So a correction loses nothing of what stood there before.
Knows: fields, entries. Must not know: forms, who may write.
Source: complaints.md S0-15 (identified as a client by name, order number and contract date, which staff can correct).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from voicebot.domain.typed_field import MAIN_LOCALE, FieldKind, TypedField
from voicebot.domain.visible import visible


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


def _field(name: FieldName, longest: int = 0) -> TypedField:
    kind = FieldKind.TEXT if longest else FieldKind.DATE
    return TypedField(id=name, names=MappingProxyType({MAIN_LOCALE: name.said}), kind=kind, longest=longest)


CUSTOMER_FIELDS: Mapping[str, TypedField] = MappingProxyType(
    {
        FieldName.NAME: _field(FieldName.NAME, 120),
        FieldName.ORDER_NUMBER: _field(FieldName.ORDER_NUMBER, 60),
        FieldName.CONTRACT_DATE: _field(FieldName.CONTRACT_DATE),
        FieldName.ADDRESS: _field(FieldName.ADDRESS, 300),
    }
)
"""What every case has. The lengths are our judgement, far above what people and companies are called."""

OF_THE_PERSON = frozenset({FieldName.NAME, FieldName.ADDRESS})
"""Fields that stay true of the same complainant in another matter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldEntry:
    """One value that somebody wrote down, kept for good."""

    id: str
    ticket_id: str
    number: int
    """1, 2, 3 … within its case, in the order in which they were kept."""
    field: str
    """Id of the field, a `FieldName` or one of the case's category."""
    value: str
    """As the field keeps it (`TypedField.read`). Empty text says that nothing is known."""
    by: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    at: datetime
    category: str = ""
    """Id of the category whose field it is. Empty where every case has the field."""
    is_restricted: bool = False
    """Whether only some roles may read it, so that no search finds it."""

    def is_shown_as(self, value: str) -> bool:
        """Tell whether this is what a page shows where the entry stands. Pages show hidden characters as marks."""
        return value in (self.value, visible(self.value))


def standing(entries: Iterable[FieldEntry], fields: Iterable[str] = CUSTOMER_FIELDS) -> Mapping[str, FieldEntry]:
    """Return the entry of each of these fields that was kept last, in their order, where something is written."""
    last = {entry.field: entry for entry in sorted(entries, key=lambda each: each.number)}
    return {field: last[field] for field in fields if field in last and last[field].value}


def all_standing(entries: Iterable[FieldEntry]) -> Mapping[str, FieldEntry]:
    """Return the entry of each field that was kept last, also of fields of a kind, where something is written."""
    known = tuple(entries)
    return standing(known, dict.fromkeys(each.field for each in known))


def said_value(field: str, value: str) -> str:
    """Return a kept value of a field that every case has, as people read it.

    >>> said_value(FieldName.CONTRACT_DATE, "2025-11-05")
    '5 Nov 2025'
    """
    return CUSTOMER_FIELDS[field].shown(value)


def read_value(field: str, typed: str) -> str:
    """Return a value as a field that every case has keeps it. Raises: Refused as `TypedField.read`.

    >>> read_value(FieldName.NAME, "  Maria   Ruiz ")
    'Maria Ruiz'
    """
    return CUSTOMER_FIELDS[field].read(typed)

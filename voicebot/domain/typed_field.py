"""A field of a case, with what may be written into it. Its kind says how a value is read, kept and shown.

What somebody types is read once, into one form for each kind, or refused with an example of what is wanted. Policy adds
fields by data (`flows/policy/categories.yaml`), so a new field needs no code.
Knows: kinds of values. Must not know: which fields there are, where values are kept, pages.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from voicebot.errors import Refused

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
"""A day outside is a slip of a key."""

USUAL_LENGTH = 200
"""Characters of a text where the policy does not say. Our judgement: more belongs into a note."""

MAIN_LOCALE = "en"
"""In this language staff read the console. Every name has it."""

_DECIMAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
_WHOLE = re.compile(r"[0-9]{1,5}")
_CURRENCY_CODE = re.compile(r"^[A-Za-z]{3} ?(?=[0-9])|(?<=[0-9]) ?[A-Za-z]{3}$")


class FieldKind(StrEnum):
    """What a field holds, under the name that the policy writes."""

    TEXT = "text"
    AMOUNT = "amount"
    """Of money, in the company's own currency."""
    DAYS = "days"
    MINUTES = "minutes"
    PERCENTAGE = "percentage"
    DATE = "date"
    YES_NO = "yes or no"
    CHOICE = "choice"


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedField:
    """One field."""

    id: str
    names: Mapping[str, str]
    """How people call it, by locale. The one of `MAIN_LOCALE` is always there."""
    kind: FieldKind = FieldKind.TEXT
    longest: int = USUAL_LENGTH
    """Characters of a text."""
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What may be chosen, as people read it, by the name under which it is kept."""
    seen_by: frozenset[str] = frozenset()
    """Roles of accounts that may read what stands here. Empty: whoever may see the case."""

    @property
    def said(self) -> str:
        """How staff call it within a sentence, such as `order number`."""
        name = self.names[MAIN_LOCALE]
        return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"

    @property
    def label(self) -> str:
        """How staff call it beside what stands there, such as `Order number`."""
        name = self.names[MAIN_LOCALE]
        return f"{name[:1].upper()}{name[1:]}"

    def is_read_by(self, roles: Collection[str], *, is_owner: bool) -> bool:
        """Tell whether somebody of these roles may read what stands here. Whoever owns the case always may."""
        return not self.seen_by or is_owner or not self.seen_by.isdisjoint(roles)

    def read(self, typed: str) -> str:
        """Return a value as it is kept, on one line. Empty text stays empty.

        Raises: Refused when it is too long, or not of the field's kind.

        >>> TypedField(id="fee", names={"en": "fee"}, kind=FieldKind.AMOUNT).read(" $ 25,50 ")
        '25.50'
        """
        value = " ".join(typed.replace("\x00", "").split())
        return _READERS[self.kind](self, value) if value else ""

    def shown(self, value: str) -> str:
        """Return a kept value as people read it."""
        return _SHOWN[self.kind](self, value) if value else ""


def unknown_field(field_id: str) -> TypedField:
    """Return a field that no policy has any more, so that what was written there can still be read."""
    return TypedField(id=field_id, names=MappingProxyType({MAIN_LOCALE: field_id.replace("_", " ")}))


def _text(of: TypedField, value: str) -> str:
    if len(value) > of.longest:
        raise Refused(
            f"the {of.said} has {len(value)} characters, and {of.longest} is the most: shorten it, or write the rest "
            "into a note",
            code="field-long",
        )
    return value


def _amount(of: TypedField, value: str) -> str:
    bare = "".join(sign for sign in value if unicodedata.category(sign) != "Sc").strip()
    return _decimal(
        of, _CURRENCY_CODE.sub("", bare), example="an amount such as 200 or 199.50, without thousands marks"
    )


def _percentage(of: TypedField, value: str) -> str:
    return _decimal(of, value.removesuffix("%").rstrip(), example="a percentage such as 18 or 12.5")


def _decimal(of: TypedField, value: str, *, example: str) -> str:
    found = _DECIMAL.fullmatch(value)
    if found is None:
        raise _refusal(of, example)
    whole, part = found[1].lstrip("0") or "0", (found[2] or "").ljust(2, "0")
    return whole if part == "00" else f"{whole}.{part}"


def _count(of: TypedField, value: str) -> str:
    unit = of.kind.value
    bare = value.lower().removesuffix(unit).removesuffix(unit.removesuffix("s")).rstrip()
    if not _WHOLE.fullmatch(bare):
        raise _refusal(of, f"a whole number of {unit}, such as 10")
    return str(int(bare))


def _day(of: TypedField, value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day < LATEST:
        raise Refused(
            f"the {of.said} is no day that can be meant here: write it as year, month and day, such as 2025-11-30",
            code="field-date",
        )
    return day.isoformat()


def _yes_no(of: TypedField, value: str) -> str:
    wanted = {"y": "yes", "n": "no"}.get(value.lower(), value.lower())
    if wanted not in ("yes", "no"):
        raise _refusal(of, "yes or no")
    return wanted


def _choice(of: TypedField, value: str) -> str:
    if value in of.choices:
        return value
    wanted = value.casefold()
    for kept, name in of.choices.items():
        if wanted in (kept, name.casefold()):
            return kept
    raise _refusal(of, f"one of {', '.join(of.choices.values())}")


def _refusal(of: TypedField, wanted: str) -> Refused:
    return Refused(f"the {of.said} is not understood: write {wanted}", code="field-kind")


def _day_said(_of: TypedField, value: str) -> str:
    day = date.fromisoformat(value)
    return f"{day.day} {day:%b %Y}"


def _count_said(of: TypedField, value: str) -> str:
    return f"{value} {of.kind.removesuffix('s') if value == '1' else of.kind}"


_READERS: Mapping[FieldKind, Callable[[TypedField, str], str]] = MappingProxyType(
    {
        FieldKind.TEXT: _text,
        FieldKind.AMOUNT: _amount,
        FieldKind.DAYS: _count,
        FieldKind.MINUTES: _count,
        FieldKind.PERCENTAGE: _percentage,
        FieldKind.DATE: _day,
        FieldKind.YES_NO: _yes_no,
        FieldKind.CHOICE: _choice,
    }
)
_SHOWN: Mapping[FieldKind, Callable[[TypedField, str], str]] = MappingProxyType(
    {
        FieldKind.TEXT: lambda _of, value: value,
        FieldKind.AMOUNT: lambda _of, value: value,
        FieldKind.DAYS: _count_said,
        FieldKind.MINUTES: _count_said,
        FieldKind.PERCENTAGE: lambda _of, value: f"{value} %",
        FieldKind.DATE: _day_said,
        FieldKind.YES_NO: lambda _of, value: value,
        FieldKind.CHOICE: lambda of, value: of.choices.get(value, value),
    }
)

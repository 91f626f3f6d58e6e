"""What somebody needs so that they can talk with us, kept with their consent and shown before anybody dials.

It stands by telephone number, so that nobody has to say it twice. Who said yes to its being kept, and when, is a part
of it, and when they take that back it is deleted, not marked.
Knows: kinds, what a kind asks of our own calls and texts. Must not know: who calls, tables.
Source: complaints.md V-05 (ISO 22458: adjustments are recorded with consent and known before contact).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from voicebot.errors import Refused

LONGEST_DETAIL = 200
"""Characters. Enough for a language, a telephone or a sentence, and no place for a diagnosis."""
LONGEST_CONSENT = 120
EARLIEST_CONSENT = date(2000, 1, 1)


class AdjustmentKind(StrEnum):
    """What is done otherwise for somebody."""

    TEXT_ONLY = "text_only"
    SLOW = "slow"
    INTERPRETER = "interpreter"
    MORNINGS = "mornings"
    LARGE_PRINT = "large_print"
    NO_MESSAGE = "no_message"
    SAFE_CONTACT = "safe_contact"

    @property
    def said(self) -> str:
        """What whoever calls has to do."""
        return _SAID[self]


_SAID = {
    AdjustmentKind.TEXT_ONLY: "text only, do not ring",
    AdjustmentKind.SLOW: "speak slowly",
    AdjustmentKind.INTERPRETER: "interpreter",
    AdjustmentKind.MORNINGS: "ring in the morning",
    AdjustmentKind.LARGE_PRINT: "large print",
    AdjustmentKind.NO_MESSAGE: "do not leave a message",
    AdjustmentKind.SAFE_CONTACT: "safe contact",
}
_NEEDS_DETAIL = {
    AdjustmentKind.INTERPRETER: "which language",
    AdjustmentKind.SAFE_CONTACT: "whom to contact, and how",
}
"""Kinds that say nothing without a detail, and what it has to say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """One thing that is done otherwise for whoever has a number."""

    number: str
    """E.164."""
    kind: AdjustmentKind
    detail: str
    """In words, such as the language. Empty where the kind says it all."""
    consent_by: str
    """Who said yes to its being kept: the person, or who may speak for them."""
    consent_on: str
    """The day on which they said so, in ISO 8601."""
    recorded_by: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    recorded_at: datetime

    @property
    def said(self) -> str:
        """The adjustment in a few words, with its detail."""
        return f"{self.kind.said}: {self.detail}" if self.detail else self.kind.said


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedAdjustment:
    """An adjustment as somebody typed it."""

    kind: AdjustmentKind
    detail: str = ""
    consent_by: str = ""
    consent_on: str = ""
    """Empty means today."""


def read_adjustment(typed: TypedAdjustment, number: str, *, by: str, now: datetime, today: date) -> Adjustment:
    """Return an adjustment as it is kept. `today` is the day where the company is.

    Raises: Refused when nobody is named who said yes, a day is none, or a detail is missing or too long.
    """
    detail, consent_by = (" ".join(text.replace("\x00", "").split()) for text in (typed.detail, typed.consent_by))
    if not consent_by or len(consent_by) > LONGEST_CONSENT:
        raise Refused(
            f"nothing is kept on a person without their consent: write who said yes, in {LONGEST_CONSENT} characters "
            "at most, or ask them first",
            code="consent-missing",
        )
    wanted = _NEEDS_DETAIL.get(typed.kind, "")
    if len(detail) > LONGEST_DETAIL or (wanted and not detail):
        raise Refused(
            f"the detail of {typed.kind.said!r} has {len(detail)} characters: write {wanted or 'less'}, in "
            f"{LONGEST_DETAIL} characters at most",
            code="adjustment-detail",
        )
    return Adjustment(
        number=number,
        kind=typed.kind,
        detail=detail,
        consent_by=consent_by,
        consent_on=_consent_day(typed.consent_on.strip(), today).isoformat(),
        recorded_by=by,
        recorded_at=now,
    )


def _consent_day(typed: str, today: date) -> date:
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        day = None
    if day is None or not EARLIEST_CONSENT <= day <= today:
        raise Refused(
            "the day of the consent is no day up to today: write it as year, month and day, such as 2025-11-30",
            code="consent-date",
        )
    return day


def is_not_rung(kinds: Collection[AdjustmentKind]) -> bool:
    """Tell whether our own calls stay away from somebody."""
    return AdjustmentKind.TEXT_ONLY in kinds


def is_rung_in_mornings(kinds: Collection[AdjustmentKind]) -> bool:
    """Tell whether our calls come in the morning."""
    return AdjustmentKind.MORNINGS in kinds


def is_not_texted(kinds: Collection[AdjustmentKind]) -> bool:
    """Tell whether our texts stay away. A text is a message that is left, unless texts are what they asked for."""
    return AdjustmentKind.NO_MESSAGE in kinds and AdjustmentKind.TEXT_ONLY not in kinds


def is_told_nothing_unasked(kinds: Collection[AdjustmentKind]) -> bool:
    """Tell whether a call of ours may not say who calls, and about what, before somebody has pressed a key."""
    return AdjustmentKind.NO_MESSAGE in kinds

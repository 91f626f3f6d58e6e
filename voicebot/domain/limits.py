"""How much strangers may make us pay for. It limits texts in a day, calls (budget.py), and how long a call may last.

A number is counted with its neighbours, because those who pump texts ring from whole blocks of numbers.
Knows: shares and amounts. Must not know: what was counted, who is told.
Source: SMS pumping and pumped calls, twilio.md 1.12. The amounts are our judgement, and policy may set others.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from voicebot.domain.budget import CallLimits, CodeLimits, ReceivedTextLimits, Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLimits:
    """Texts in any 24 hours."""

    per_number: int = 12
    """To one complainant."""
    per_prefix: int = 60
    """To all complainants whose numbers begin alike (`prefix_of`)."""
    per_country: int = 500
    in_all: int = 1000
    """To complainants of all countries."""
    per_staff_phone: int = 200
    """To one member of staff, who gets a text for each step of each case. Beyond it a phone is no longer read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Every limit of the policy."""

    texts: TextLimits = TextLimits()
    calls: CallLimits = field(default_factory=CallLimits)
    texts_received: ReceivedTextLimits = field(default_factory=ReceivedTextLimits)
    codes: CodeLimits = field(default_factory=CodeLimits)
    longest_call: timedelta = timedelta(minutes=30)
    """After which a call is ended kindly at its next turn. Several times what the longest honest one takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextsLeft:
    """How many texts left in the last 24 hours, counted for one recipient."""

    to_number: int
    to_prefix: int
    to_country: int
    in_all: int


def limit_reached(limits: TextLimits, left: TextsLeft) -> Scope | None:
    """Return the narrowest limit that one more text would break, or None while there is room."""
    counted = (
        (Scope.NUMBER, left.to_number, limits.per_number),
        (Scope.PREFIX, left.to_prefix, limits.per_prefix),
        (Scope.COUNTRY, left.to_country, limits.per_country),
        (Scope.ALL, left.in_all, limits.in_all),
    )
    return next((scope for scope, count, most in counted if count >= most), None)

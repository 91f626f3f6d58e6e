"""Which notice was heard, when, in which wording, and what the caller allowed.

Rule: no byte of audio and no word is stored before the notice has been played to its end (its mark came
back before any `clear`), and none after the caller said no. Source: script.md 1, twilio.md 1.12.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ConsentAnswer(StrEnum):
    """What the caller did at the recording notice."""

    RECORDED = "recorded"
    """Heard the notice to its end and went on."""
    REFUSED = "refused"
    """Pressed the key for not being recorded; what the call had stored was destroyed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """The evidence."""

    call_id: str
    answer: ConsentAnswer
    wording_version: str
    """Digest of the exact words played."""
    locale: str
    at: datetime

"""Which notice was heard, when, in which wording, and what the caller allowed.

The rule is that no byte of audio and no word is stored before the notice has been played to its end (its mark came back
before any `clear`), and none after the caller said no.

Knows: answers and instants. Must not know: audio, streams, the words themselves (only their digest).
Source: script.md 1, twilio.md 1.12.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voicebot.errors import Refused


class ConsentAnswer(StrEnum):
    """What the caller did at the recording notice."""

    RECORDED = "recorded"
    """Heard the notice to its end and went on."""
    REFUSED = "refused"
    """Pressed the key for not being recorded. What the call had stored was destroyed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """The evidence."""

    call_id: str
    answer: ConsentAnswer
    wording_version: str
    """Digest of the exact words played."""
    locale: str
    at: datetime


CONSENT_TRANSITIONS: dict[ConsentAnswer | None, frozenset[ConsentAnswer]] = {
    None: frozenset({ConsentAnswer.RECORDED, ConsentAnswer.REFUSED}),
    ConsentAnswer.RECORDED: frozenset({ConsentAnswer.REFUSED}),
    ConsentAnswer.REFUSED: frozenset(),
}
"""From what stands (None when nothing stands yet) to what may follow.

A refusal cannot be taken back within the call.
"""


def standing_answer(consents: Sequence[Consent]) -> ConsentAnswer | None:
    """Return what holds for a call now. It is the last of its consents, oldest first, or None before the notice."""
    return consents[-1].answer if consents else None


def may_record(consents: Sequence[Consent]) -> bool:
    """Tell whether audio and words of the call may be stored now."""
    return standing_answer(consents) is ConsentAnswer.RECORDED


def add_consent(consents: Sequence[Consent], consent: Consent) -> tuple[Consent, ...]:
    """Return the call's consents with one more.

    Raises: Refused, with nothing changed, when the table rules it out.
    """
    standing = standing_answer(consents)
    if consent.answer not in CONSENT_TRANSITIONS[standing]:
        raise Refused(f"the caller's answer to the recording notice stands: {standing}", code="consent-transition")
    return (*consents, consent)

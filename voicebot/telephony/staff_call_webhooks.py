"""Form fields of the carrier's webhooks about calls of ours to values.

Source: Twilio, voice/twiml/dial (DialCallStatus, DialBridged, DialCallDuration), voice/answering-machine-detection.
Knows: the carrier's field names. Must not know: HTTP, what a key means.
"""

from dataclasses import dataclass

from voicebot.errors import CarrierFault
from voicebot.telephony.form_fields import LONGEST_WORD, Form, number_of

_KEYS = frozenset("0123456789*#")


@dataclass(frozen=True, kw_only=True, slots=True)
class DialReported:
    """What became of the complainant's leg."""

    status: str
    is_bridged: bool
    seconds: int
    """How long it lasted with its announcement. 0 when nobody answered."""


def key_pressed(form: Form) -> str:
    """Return the key, or nothing when none came. Raises: CarrierFault on what is no key."""
    digits = form.get("Digits", "")
    if digits and (len(digits) > 1 or digits not in _KEYS):
        raise CarrierFault("reading a webhook: field Digits holds something that is not one key")
    return digits


def dial_reported(form: Form) -> DialReported:
    """Read what a Dial tells its action.

    Where the carrier does not say whether the legs were connected, a completed one counts as connected, because the
    evidence of a talk asks for more than that.
    """
    status = form.get("DialCallStatus", "failed")[:LONGEST_WORD]
    said = form.get("DialBridged")
    return DialReported(
        status=status,
        is_bridged=status in {"completed", "answered"} if said is None else said == "true",
        seconds=number_of(form, "DialCallDuration") or 0,
    )


def answered_by(form: Form) -> str:
    """Return machine detection's word."""
    return form.get("AnsweredBy", "unknown")[:LONGEST_WORD]

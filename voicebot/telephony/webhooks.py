"""Form fields of the carrier's webhooks about calls to values and flow events (texts are in text_webhooks.py).

Unknown fields are ignored, for new ones appear without notice. A field that we need and cannot use is a CarrierFault,
except where a caller would lose something by it.
Source: Twilio, voice/twiml, voice/twiml/record, call status callbacks (twilio.md 1.1, 1.4).
Knows: the carrier's field names. Must not know: HTTP, the database, what a flow does with an event.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from voicebot.domain.call import CallEnd
from voicebot.domain.phone_forms import is_withheld
from voicebot.domain.utterance import Utterance
from voicebot.errors import CarrierFault
from voicebot.flow.events import (
    CallerHungUp,
    FinishedBy,
    FlowEvent,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import Listen
from voicebot.telephony.form_fields import LONGEST_WORD, Form, number_of, sid_of, stored_text, told_at
from voicebot.telephony.urls import Heard

_DIGITS = re.compile(r"[0-9*#A-D]{0,64}")

LONGEST_ADDRESS = 64
LONGEST_CALLER = 255
"""A `sip:` address has a host and parameters behind its number."""

HUNG_UP = "hangup"
"""What `Digits` of a recording says when the caller ended it by hanging up."""

_OVER_WITHOUT_TALK = frozenset({"busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, kw_only=True, slots=True)
class CallArrived:
    """A call rings. `caller` is empty when hidden, or when it is no number at all (`client:`, `sip:bob@…`)."""

    carrier_call_id: str
    caller: str
    called: str
    forwarded_from: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CallStatusReported:
    """A status callback. `end` is None while the call goes on."""

    carrier_call_id: str
    status: str
    """The carrier's word."""
    end: CallEnd | None
    is_inbound: bool
    seconds: int
    """How long it lasted. 0 when nobody knows."""
    told_at: datetime | None = None
    """The carrier's instant of this report. None when it gives none, long ago when nobody can read it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingReported:
    """A recording is ready, or never will be."""

    recording_sid: str
    is_available: bool
    duration_s: float
    told_at: datetime | None = None
    """The carrier's instant of this report, or when the recording began. None when it gives neither."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultReported:
    """The carrier could not use an answer of ours and asks the fallback address."""

    carrier_call_id: str
    error_code: str
    error_url: str


def call_arrived(form: Form) -> CallArrived:
    """Read the webhook of a call. Raises: CarrierFault when it names no call."""
    return CallArrived(
        carrier_call_id=call_sid(form),
        caller=_caller(form),
        called=stored_text(form, "To", most=LONGEST_ADDRESS),
        forwarded_from=form.get("ForwardedFrom") or None,
    )


def call_sid(form: Form) -> str:
    """Return which call a webhook is about. Raises: CarrierFault when it names none."""
    return sid_of(form, "CallSid")


def call_status(form: Form) -> CallStatusReported:
    """Read a status callback. `completed` is the caller's doing unless our goodbye was said before."""
    status = form.get("CallStatus", "")
    # Twilio has one word for whoever hung up: who it was, our own goodbye tells.
    end = CallEnd.CARRIER if status in _OVER_WITHOUT_TALK else None
    if status == "completed":
        end = CallEnd.CALLER_HUNG_UP
    # Calls that we start are `outbound-api`, and the legs that they dial `outbound-dial`.
    is_inbound = form.get("Direction", "inbound") == "inbound"
    return CallStatusReported(
        carrier_call_id=call_sid(form),
        status=status[:LONGEST_WORD],
        end=end,
        is_inbound=is_inbound,
        seconds=number_of(form, "CallDuration") or 0,
        told_at=told_at(form, "Timestamp"),
    )


def turn_event(heard: Heard, form: Form, listen: Listen) -> FlowEvent:
    """Tell what happened at a wait that was put by Gather or Record.

    A key that this wait does not know is an answer that is not understood, for the carrier has stopped listening.
    Raises: CarrierFault on fields without sense.
    """
    match heard:
        case "keys":
            return _keys(_digits(form))
        case "record":
            return _recording(form, listen)
        case "nothing":
            return NoInput()
        case "prompts":
            return PromptsPlayed(uncut=True)
        case _:
            assert_never(heard)


def recording_reported(form: Form) -> RecordingReported:
    """Read a recording's callback. Raises: CarrierFault when it names no recording."""
    return RecordingReported(
        recording_sid=sid_of(form, "RecordingSid"),
        # `absent` means that nothing was to be heard, and nothing will come.
        is_available=form.get("RecordingStatus", "") == "completed",
        duration_s=_duration_s(form),
        told_at=told_at(form, "Timestamp", "RecordingStartTime"),
    )


def fault_reported(form: Form) -> FaultReported:
    """Read a request to the fallback address. Raises: CarrierFault when it names no call."""
    code = number_of(form, "ErrorCode")
    return FaultReported(
        carrier_call_id=call_sid(form),
        error_code="" if code is None else str(code),
        error_url=form.get("ErrorUrl", ""),
    )


def _caller(form: Form) -> str:
    """Return the caller ID as it stands, because who knows the hotline's own country can read more forms than E.164."""
    caller = stored_text(form, "From", most=LONGEST_CALLER).strip()
    return "" if is_withheld(caller) else caller


def _digits(form: Form) -> str:
    digits = form.get("Digits", "")
    if not _DIGITS.fullmatch(digits):
        raise CarrierFault("reading a webhook: field Digits holds something that is no key")
    return digits


def _keys(digits: str) -> FlowEvent:
    return KeysPressed(keys=digits) if digits else NoInput()


def _recording(form: Form, listen: Listen) -> FlowEvent:
    ended_by = form.get("Digits", "")
    utterance = _recorded(form)
    # `action` is fetched even after a hang-up, and names it in `Digits` (voice/twiml/record).
    if ended_by == HUNG_UP or form.get("CallStatus") == "completed":
        return CallerHungUp(utterance=utterance)
    if ended_by and ended_by != "#" and ended_by in listen.keys:
        return KeysPressed(keys=ended_by, utterance=utterance)
    if utterance is None:
        return NoInput()
    return UtteranceHeard(utterance=utterance, finished_by=_finished_by(form, listen))


def _recorded(form: Form) -> Utterance | None:
    """Return the voice kept at the carrier. Its words come later. None when nothing was recorded."""
    if not form.get("RecordingSid") and not form.get("RecordingUrl"):
        return None
    # The file may not be there yet when `action` is fetched. Its own callback tells when it is.
    duration_s = _duration_s(form)
    return Utterance(recording_sid=_recording_sid(form), duration_s=duration_s) if duration_s > 0 else None


def _recording_sid(form: Form) -> str:
    """Return the recording's identifier."""
    # `action` of Record sends RecordingUrl only (voice/twiml/record); its last part is the identifier.
    sid = form.get("RecordingSid") or form.get("RecordingUrl", "").rstrip("/").rpartition("/")[2]
    return sid_of({"RecordingSid": sid.partition(".")[0]}, "RecordingSid")


def _finished_by(form: Form, listen: Listen) -> FinishedBy:
    if form.get("Digits"):
        return FinishedBy.KEY
    limit_s = listen.speech.max_utterance_s if listen.speech else float("inf")
    return FinishedBy.LIMIT if _duration_s(form) >= limit_s else FinishedBy.SILENCE


def _duration_s(form: Form) -> float:
    return float(number_of(form, "RecordingDuration") or 0)

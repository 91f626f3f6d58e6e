"""A text message on its way. It has states with their ranks, error classes, and tells how many parts a body takes.

Receipts arrive in any order and more than once, so states are ranked, a lower one never follows a higher one and a
final one stays. Only a text of which the carrier surely has nothing goes back to waiting.

Knows: the carrier's status words and error numbers. Must not know: how a text is sent, tickets, wording.
Source: Twilio, outbound message status in status callbacks. Error classes and parts are in complaints.md 5. The
alphabet is in 3GPP TS 23.038, section 6.2.1 (default alphabet and its extension table).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from voicebot.errors import Refused


class SmsState(StrEnum):
    """Ours until the carrier has it, then the carrier's."""

    WAITING = "waiting"
    """Row written (outbox), not yet handed over."""
    SENDING = "sending"
    """Claimed by one worker, and the create call may be under way."""
    QUEUED = "queued"
    """The carrier has it (queued, accepted or scheduled)."""
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The create call ended in a time-out or a 5xx. It is looked up, and never sent again blindly."""
    SUPPRESSED = "suppressed"
    """Not sent on purpose (opted out, landline, gate, state no longer true). `reason` says why."""


SMS_RANKS: dict[SmsState, int] = {
    SmsState.WAITING: 0,
    SmsState.SENDING: 1,
    SmsState.UNKNOWN: 2,
    SmsState.QUEUED: 3,
    SmsState.SENT: 4,
    SmsState.DELIVERED: 5,
    SmsState.UNDELIVERED: 5,
    SmsState.FAILED: 5,
    SmsState.SUPPRESSED: 5,
}
"""A text moves to a higher rank only. States of the highest rank are final."""

FINAL_STATES = frozenset(state for state, rank in SMS_RANKS.items() if rank == max(SMS_RANKS.values()))

_SUPPRESSIBLE = frozenset({SmsState.WAITING, SmsState.SENDING})
"""Later the carrier may have it, and what is out cannot be held back."""

_RETURNABLE = frozenset({SmsState.SENDING, SmsState.UNKNOWN})

CARRIER_STATES: dict[str, SmsState] = {
    "accepted": SmsState.QUEUED,
    "scheduled": SmsState.QUEUED,
    "queued": SmsState.QUEUED,
    "sending": SmsState.QUEUED,
    "sent": SmsState.SENT,
    "delivered": SmsState.DELIVERED,
    "read": SmsState.DELIVERED,
    "partially_delivered": SmsState.UNDELIVERED,
    "undelivered": SmsState.UNDELIVERED,
    "failed": SmsState.FAILED,
    "canceled": SmsState.FAILED,
}
"""The carrier's status words in ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """One text to one person. `purpose` is unique, so the same action never texts twice."""

    id: str
    ticket_id: str
    purpose: str
    """Idempotency key, for example `sms_confirmation:<ticket>` or `step:<breach>:<step>:<staff>`."""
    template: str
    recipient: str
    """E.164."""
    body: str
    state: SmsState
    created_at: datetime
    not_before: datetime
    message_sid: str | None = None
    error_code: int | None = None
    reason: str = ""
    attempts: int = 0
    state_at: datetime | None = None
    """When the state last changed. A stuck row is found by it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message before it has a recipient."""

    purpose: str
    """Idempotency key, as in `Sms`."""
    template: str
    slots: dict[str, str]
    delay: timedelta = timedelta(0)
    """How long it waits before it leaves, in case what it says is overtaken."""
    can_wait: bool = False
    """To staff, and one channel is enough."""
    rings: bool = False
    """To staff about a step of a ladder, for which telephones ring and channels follow each other."""
    subject: str = ""
    """To staff, by mail. It is the template of the subject. Empty means that which names the case."""


class SmsErrorClass(StrEnum):
    """What an error number asks of us."""

    PERMANENT = "permanent"
    """This number takes no texts, so do not try again, and say so on the ticket."""
    CONSENT = "consent"
    """The person opted out from this sender, so store it for the pair."""
    CONFIGURATION = "configuration"
    """Ours to put right. Alarm the administrator, because trying again changes nothing."""
    CONTENT = "content"
    """The wording was filtered. Alarm, and do not retry blindly."""
    TEMPORARY = "temporary"
    """A bounded number of retries may help."""
    OTHER = "other"
    """A number not in the table. It is treated as ours to look at, never retried blindly."""


_ERROR_CODES: dict[SmsErrorClass, frozenset[int]] = {
    SmsErrorClass.PERMANENT: frozenset({21211, 21614, 21635, 30005, 30006}),
    SmsErrorClass.CONSENT: frozenset({21610}),
    SmsErrorClass.CONFIGURATION: frozenset(
        {20003, 21212, 21401, 21408, 21606, 21608, 21609, 21612, 21617, 21657, 21659, 30002, 30034}
    ),
    SmsErrorClass.CONTENT: frozenset({30004, 30007}),
    SmsErrorClass.TEMPORARY: frozenset({20429, 21611, 30001, 30003, 30008}),
}

_TROUBLES: dict[int, str] = {
    21211: "not_a_number",
    21610: "opted_out",
    21614: "landline",
    21635: "landline",
    30005: "unknown_handset",
    30006: "landline",
}


def move(
    sms: Sms,
    state: SmsState,
    at: datetime,
    *,
    message_sid: str | None = None,
    error_code: int | None = None,
    reason: str | None = None,
) -> Sms:
    """Return the text in a later state, or the same text when the state is not later than the one it has.

    A late or repeated receipt is nobody's mistake, so it changes nothing instead of being refused. A sid that was not
    known yet is kept in any case.
    """
    sid = sms.message_sid or message_sid
    if not may_move(sms.state, state):
        return sms if sid == sms.message_sid else replace(sms, message_sid=sid)
    return replace(
        sms,
        state=state,
        state_at=at,
        message_sid=sid,
        error_code=sms.error_code if error_code is None else error_code,
        reason=sms.reason if reason is None else reason,
    )


def may_move(current: SmsState, state: SmsState) -> bool:
    """Tell whether a text may go on to a state, that is to a higher rank, and suppressed only while it is still with
    us.
    """
    if state is SmsState.SUPPRESSED:
        return current in _SUPPRESSIBLE
    return SMS_RANKS[state] > SMS_RANKS[current]


def put_back(sms: Sms, at: datetime, *, not_before: datetime) -> Sms:
    """Return the text waiting again, as after a 429, or when a look-up found that the carrier has nothing of it.

    Raises: Refused in any other state, since the carrier may have the text.
    """
    if sms.state not in _RETURNABLE:
        raise Refused(f"a text that is {sms.state} is not sent again", code="sms-transition")
    return replace(sms, state=SmsState.WAITING, state_at=at, not_before=not_before)


def state_of(carrier_word: str) -> SmsState | None:
    """Return our state for a status word of the carrier, or None for one we do not know (then nothing moves)."""
    return CARRIER_STATES.get(carrier_word.lower())


def error_class(code: int) -> SmsErrorClass:
    """Return what an error number of the carrier asks of us."""
    return next((name for name, codes in _ERROR_CODES.items() if code in codes), SmsErrorClass.OTHER)


def text_trouble(code: int) -> str:
    """Return why texts do not reach this person, for the ticket. Empty when the error is no fact about them."""
    return _TROUBLES.get(code, "")


# --- parts ---------------------------------------------------------------------------------------------------

_GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each is sent as an escape and a character. These are two units that stay in one part."""


class Alphabet(StrEnum):
    """How the carrier sends a body. One character outside GSM-7 makes the whole of it UCS-2."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, kw_only=True, slots=True)
class BodySize:
    """What a body costs."""

    alphabet: Alphabet
    units: int
    """Septets of GSM-7 or 16-bit units of UCS-2."""
    parts: int


ONE_PART = {Alphabet.GSM7: 160, Alphabet.UCS2: 70}
"""Units of a text that is one part. In a longer one each part has fewer, since it says which part it is."""
_EACH_PART = {Alphabet.GSM7: 153, Alphabet.UCS2: 67}


def body_size(body: str) -> BodySize:
    """Return alphabet, units and number of parts of a body. An empty one is one part."""
    alphabet, widths = _widths(body)
    units = sum(widths)
    parts = 1 if units <= ONE_PART[alphabet] else _count_parts(widths, _EACH_PART[alphabet])
    return BodySize(alphabet=alphabet, units=units, parts=parts)


def _widths(body: str) -> tuple[Alphabet, tuple[int, ...]]:
    if set(body) <= _GSM7_BASIC | _GSM7_EXTENSION:
        return Alphabet.GSM7, tuple(2 if character in _GSM7_EXTENSION else 1 for character in body)
    return Alphabet.UCS2, tuple(2 if ord(character) > 0xFFFF else 1 for character in body)


def _count_parts(widths: Iterable[int], room: int) -> int:
    """Fill part after part. A character of two units that does not fit begins the next part whole."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts

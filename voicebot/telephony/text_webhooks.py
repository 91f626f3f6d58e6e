"""Form fields of the carrier's webhooks about texts to values. They are a text that came, and what became of one of
ours.

A text has as many files as its count says or its fields name, whichever is more. A file is named by the last part of
its address. The address itself is neither kept nor asked.
Source: Twilio, messaging/guides/webhook-request, messaging status callbacks (twilio.md 1.6, 1.9).
Knows: the carrier's field names. Must not know: HTTP, the database, what a text does to a case.
"""

import re
from dataclasses import dataclass

from voicebot.domain.picture import MOST_FILES, FileSent, read_kind
from voicebot.telephony.form_fields import LONGEST_WORD, Form, number_of, sid_of, stored_text

LONGEST_BODY = 10_000
"""Characters. A text of many parts has 1,600 (twilio.md 1.6)."""
LONGEST_SENDER = 64

_MEDIA_SID = re.compile(r"ME[0-9a-fA-F]{32}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsArrived:
    """Somebody texted us."""

    message_sid: str
    sender: str
    body: str
    opt_out: str | None
    """STOP, START or HELP when the carrier has answered by itself already, because then we send nothing."""
    files: tuple[FileSent, ...] = ()
    """Pictures and other files, in the order of the text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsReceipt:
    """What became of a text of ours."""

    message_sid: str
    status: str
    error_code: int | None


def sms_arrived(form: Form) -> SmsArrived:
    """Read a text somebody sent us. Raises: CarrierFault when it has no identifier."""
    return SmsArrived(
        message_sid=sid_of(form, "MessageSid"),
        sender=stored_text(form, "From", most=LONGEST_SENDER).strip(),
        body=stored_text(form, "Body", most=LONGEST_BODY),
        opt_out=form.get("OptOutType") or None,
        files=tuple(_file(form, number) for number in range(_count_of_files(form))),
    )


def sms_receipt(form: Form) -> SmsReceipt:
    """Read a receipt. Raises: CarrierFault when it names no message."""
    return SmsReceipt(
        message_sid=sid_of(form, "MessageSid"),
        # Twilio sends the status by both names (twilio.md 1.6). Either is enough.
        status=stored_text(form, "MessageStatus", most=LONGEST_WORD)
        or stored_text(form, "SmsStatus", most=LONGEST_WORD),
        error_code=number_of(form, "ErrorCode"),
    )


def _count_of_files(form: Form) -> int:
    # What is told of once is evidence: a picture of the damage must not be lost to a count that disagrees.
    named = [n for n in range(MOST_FILES) if form.get(f"MediaUrl{n}") or form.get(f"MediaContentType{n}")]
    counted = number_of(form, "NumMedia") or 0
    return min(max(counted, *(n + 1 for n in named), 0), MOST_FILES)


def _file(form: Form, number: int) -> FileSent:
    """Read what is told of one file, since its number and kind count even when nothing else is there."""
    # Never the address itself: who could choose it would make us ask our own network (SSRF).
    name = form.get(f"MediaUrl{number}", "").rstrip("/").rpartition("/")[2]
    kind = read_kind(form.get(f"MediaContentType{number}", ""))
    return FileSent(kind=kind, media_sid=name if _MEDIA_SID.fullmatch(name) else None)

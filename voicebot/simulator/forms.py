"""The form fields of the carrier's webhooks.

Source: Twilio, voice/twiml (request parameters), voice/api/call-resource (status callbacks),
messaging/guides/webhook-request; extra ones as in a webhook captured in 2025.
Knows: field names. Must not know: who sends them.
"""

from datetime import datetime
from email.utils import format_datetime

import phonenumbers

from voicebot.simulator.ledger import API_VERSION, Message
from voicebot.simulator.line import LineCall
from voicebot.simulator.options import CarrierOptions

_SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487", "failed": "404"}
_PLACES = {"US": ("PORTLAND", "OR", "97201"), "CA": ("TORONTO", "ON", "M5H"), "GB": ("LONDON", "", "")}


def voice_form(call: LineCall, account_sid: str, options: CarrierOptions) -> dict[str, str]:
    """Return the fields that every voice webhook carries."""
    form = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.from_number,
        "To": call.to_number,
        "Caller": call.from_number,
        "Called": call.to_number,
        "CallStatus": call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
        "StirVerstat": "TN-Validation-Passed-A",
        "CallToken": '{"parentCallInfoToken":"pretended"}',
    }
    for number, names in ((call.from_number, ("From", "Caller")), (call.to_number, ("To", "Called"))):
        for name in names:
            form |= _geo(name, number, options)
    if call.forwarded_from:
        form["ForwardedFrom"] = call.forwarded_from
    if call.parent_sid:
        form["ParentCallSid"] = call.parent_sid
    return form | dict(options.extra_fields)


def status_form(call: LineCall, account_sid: str, *, status: str, sequence: int, at: datetime) -> dict[str, str]:
    """Return the fields of a call status callback."""
    form = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.from_number,
        "To": call.to_number,
        "CallStatus": status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
        "Timestamp": format_datetime(at),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
    }
    if call.parent_sid:
        form["ParentCallSid"] = call.parent_sid
    if status in _SIP_CODES:
        form["SipResponseCode"] = _SIP_CODES[status]
    if status == "completed":
        form |= {"CallDuration": str(int(call.duration_s)), "Duration": str(int(call.duration_s) // 60 + 1)}
    return form


def detection_form(call: LineCall, account_sid: str, *, detection_s: float) -> dict[str, str]:
    """Return the fields of a callback of machine detection."""
    return {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "AnsweredBy": call.answered_by,
        "MachineDetectionDuration": str(round(detection_s * 1000)),
    }


def inbound_text_form(message: Message, account_sid: str, options: CarrierOptions) -> dict[str, str]:
    """Return the fields of an inbound text."""
    form = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": account_sid,
        "From": message.sender,
        "To": message.recipient,
        "Body": message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": "1",
        "ApiVersion": API_VERSION,
    }
    for number, media in enumerate(message.media):
        form[f"MediaUrl{number}"] = (
            f"https://api.twilio.com/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}/Media/{media.sid}"
        )
        form[f"MediaContentType{number}"] = media.kind
    form |= _geo("From", message.sender, options) | _geo("To", message.recipient, options)
    return form | dict(options.extra_fields)


def receipt_form(message: Message, account_sid: str, *, status: str) -> dict[str, str]:
    """Return the fields of a message status callback."""
    form = {
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "From": message.sender,
        "To": message.recipient,
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
    }
    if status in {"failed", "undelivered"} and message.error_code is not None:
        form["ErrorCode"] = str(message.error_code)
    if status in {"delivered", "undelivered"}:
        form["RawDlrDoneDate"] = message.updated_at.strftime("%y%m%d%H%M")
    return form


def _geo(side: str, number: str, options: CarrierOptions) -> dict[str, str]:
    country = ""
    if options.knows_geo and number.startswith("+"):
        try:
            country = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
        except phonenumbers.NumberParseException:
            country = ""
    city, state, code = _PLACES.get(country, ("", "", ""))
    return {f"{side}Country": country, f"{side}City": city, f"{side}State": state, f"{side}Zip": code}

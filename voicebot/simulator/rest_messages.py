"""`Messages` of the REST API create, fetch and list. Then each text makes its way and tells its status callback.

Source: Twilio, messaging/api/message-resource, iam/test-credentials (the +1500555… numbers),
messaging/guides/outbound-message-status-in-status-callbacks (no callback for the first status).
Knows: the ledger. Must not know: what a text means.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

import phonenumbers
from flask import Flask, Response, jsonify, request

from voicebot.simulator.forms import receipt_form
from voicebot.simulator.ledger import API_VERSION, E164, Message, new_sid
from voicebot.simulator.options import Told
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, created, day_filter, page, stamp

_BAD_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
_BAD_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_TEST_SENDER = "+15005550006"
_MOST_LETTERS = 1600
_MESSAGES = {
    21211: "Invalid 'To' Phone Number",
    21212: "Invalid 'From' Phone Number",
    21266: "'To' and 'From' number cannot be the same",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    21602: "Message body is required",
    21603: "A 'From' phone number is required",
    21604: "A 'To' phone number is required",
    21606: "The 'From' phone number provided is not a valid, message-capable number for this account",
    21609: "The 'StatusCallback' URL is not a valid URL",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number is not currently reachable using the 'From' phone number",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    35114: "SendAt needs a Messaging Service",
}


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resource into the API."""

    @app.post(f"{ROOT}/Messages.json")
    def create_message(account: str) -> Response:
        message = _create(carrier, request.form)
        _send_on_its_way(carrier, message)
        return created(_shape(carrier, message, status="accepted" if message.messaging_service_sid else "queued"))

    @app.get(f"{ROOT}/Messages/<sid>.json")
    def fetch_message(account: str, sid: str) -> Response:
        message = carrier.ledger.messages.get(sid)
        if message is None:
            raise ApiError(404, 20404, f"The requested resource /Messages/{sid}.json was not found")
        return jsonify(_shape(carrier, message))

    @app.get(f"{ROOT}/Messages.json")
    def list_messages(account: str) -> Response:
        wanted, is_within = request.args, day_filter("DateSent")
        found = [
            _shape(carrier, message)
            for message in reversed(list(carrier.ledger.messages.values()))
            if wanted.get("To", message.recipient) == message.recipient
            and wanted.get("From", message.sender) == message.sender
            and is_within(message.sent_at)
        ]
        return page(carrier, "messages", request.path, found=found)


def _create(carrier: Switchboard, form: Mapping[str, str]) -> Message:
    code = _fault(carrier, form)
    if code:
        raise ApiError(400, code, _MESSAGES[code])
    now = carrier.clock.now()
    message = Message(
        sid=new_sid("SM"),
        sender=form.get("From") or carrier.ledger.number,
        recipient=form["To"],
        body=form["Body"],
        direction="outbound-api",
        created_at=now,
        updated_at=now,
        status_callback=form.get("StatusCallback", ""),
        messaging_service_sid=form.get("MessagingServiceSid"),
    )
    with carrier.ledger.lock:
        carrier.ledger.messages[message.sid] = message
    return message


def _fault(carrier: Switchboard, form: Mapping[str, str]) -> int:
    """Return the number of the first thing wrong with a create, or 0."""
    sender, recipient = form.get("From", ""), form.get("To", "")
    checks = (
        (not recipient, 21604),
        (not sender and not form.get("MessagingServiceSid"), 21603),
        (sender in _BAD_SENDERS, _BAD_SENDERS.get(sender, 0)),
        (bool(sender) and not E164.fullmatch(sender), 21212),
        (bool(sender) and sender not in {carrier.ledger.number, _TEST_SENDER}, 21606),
        (sender == carrier.ledger.number and not carrier.ledger.takes_texts, 21606),
        (recipient in _BAD_RECIPIENTS, _BAD_RECIPIENTS.get(recipient, 0)),
        (not E164.fullmatch(recipient), 21211),
        (recipient == sender, 21266),
        (_country_of(recipient) not in carrier.options.account.may_text, 21408),
        (not form.get("Body"), 21602),
        (len(form.get("Body", "")) > _MOST_LETTERS, 21617),
        (not _is_callback(form.get("StatusCallback", "")), 21609),
        (bool(form.get("SendAt")) and not form.get("MessagingServiceSid"), 35114),
        (_is_opted_out(carrier, recipient, Told.AT_CREATE), 21610),
        (_is_landline(carrier, recipient, Told.AT_CREATE), 21614),
    )
    return next((code for is_wrong, code in checks if is_wrong), 0)


def _country_of(number: str) -> str:
    """Return the country of a number, or of one that no plan has, the largest with its code."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    return region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def _is_callback(url: str) -> bool:
    return not url or bool(urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname)


def _is_opted_out(carrier: Switchboard, number: str, told: Told) -> bool:
    return number in carrier.ledger.opted_out and carrier.options.opt_out_told is told


def _is_landline(carrier: Switchboard, number: str, told: Told) -> bool:
    return number in carrier.ledger.landlines and carrier.options.landline_told is told


def _send_on_its_way(carrier: Switchboard, message: Message) -> None:
    step_s = carrier.options.sms_step_s
    begun_s = carrier.clock.elapsed_s()

    def work() -> None:
        for number, (status, code) in enumerate(_way(carrier, message), 1):
            carrier.clock.sleep_until(begun_s + number * step_s)
            _advance(carrier, message, status=status, code=code)

    carrier.clock.spawn(f"text-{message.sid}", work)


def _way(carrier: Switchboard, message: Message) -> list[tuple[str, int | None]]:
    if _is_opted_out(carrier, message.recipient, Told.BY_RECEIPT):
        return [("failed", 21610)]
    if _is_landline(carrier, message.recipient, Told.BY_RECEIPT):
        return [("sent", None), ("undelivered", 30006)]
    if message.recipient in carrier.ledger.unreachable:
        return [("sent", None), ("undelivered", 30003)]
    return [("sent", None), ("delivered", None)]


def _advance(carrier: Switchboard, message: Message, *, status: str, code: int | None) -> None:
    now = carrier.clock.now()
    with carrier.ledger.lock:
        message.status, message.error_code, message.updated_at = status, code, now
        message.sent_at = message.sent_at or now
    if message.status_callback:
        form = receipt_form(message, carrier.ledger.account_sid, status=status)
        carrier.callback(message.sid, message.status_callback, form)


def _shape(carrier: Switchboard, message: Message, *, status: str = "") -> Shape:
    account = carrier.ledger.account_sid
    uri = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "body": message.body,
        "from": message.sender,
        "to": message.recipient,
        "status": status or message.status,
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "num_media": str(len(message.media)),
        "num_segments": str(_segments(message.body)),
        "price": None,
        "price_unit": "USD",
        "messaging_service_sid": message.messaging_service_sid,
        "date_created": stamp(message.created_at),
        "date_updated": stamp(message.updated_at),
        "date_sent": stamp(message.sent_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def _segments(body: str) -> int:
    """Return how many parts a text takes, ASCII standing for GSM-7."""
    whole, part = (160, 153) if body.isascii() else (70, 67)
    return 1 if len(body) <= whole else -(-len(body) // part)

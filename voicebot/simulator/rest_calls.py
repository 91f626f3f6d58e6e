"""`Calls` of the REST API create, update a live call, fetch and list.

Source: Twilio, voice/api/call-resource, voice/answering-machine-detection, iam/test-credentials.
Knows: the ledger, lines. Must not know: what is said on a call.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

from voicebot.simulator.call_context import Detection, DocumentRequest, OutboundOrder, Ringing
from voicebot.simulator.ledger import API_VERSION, E164, CallEntry
from voicebot.simulator.line import CallOver, SentElsewhere
from voicebot.simulator.rest_account import may_ring
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, created, day_filter, page, stamp

_BAD_RECIPIENTS = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
_TEST_SENDER = "+15005550006"
_MOST_TWIML = 4000
_EVENTS = {"initiated", "ringing", "answered", "completed"}
_SUBRESOURCES = ("notifications", "recordings", "streams", "events")


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resource into the API."""

    @app.post(f"{ROOT}/Calls.json")
    def create_call(account: str) -> Response:
        call = _create(carrier, request.form, events=request.form.getlist("StatusCallbackEvent"))
        return created(_shape(carrier, carrier.ledger.calls[call]) | {"status": "queued"})

    @app.post(f"{ROOT}/Calls/<sid>.json")
    def update_call(account: str, sid: str) -> Response:
        entry = _entry(carrier, sid)
        _update(entry, request.form)
        return jsonify(_shape(carrier, entry))

    @app.get(f"{ROOT}/Calls/<sid>.json")
    def fetch_call(account: str, sid: str) -> Response:
        return jsonify(_shape(carrier, _entry(carrier, sid)))

    @app.get(f"{ROOT}/Calls.json")
    def list_calls(account: str) -> Response:
        wanted, is_within = request.args, day_filter("StartTime", whole_days=True)
        found = [
            _shape(carrier, entry)
            for entry in reversed(list(carrier.ledger.calls.values()))
            if wanted.get("To", entry.line.to_number) == entry.line.to_number
            and wanted.get("From", entry.line.from_number) == entry.line.from_number
            and wanted.get("Status", entry.line.status) == entry.line.status
            and wanted.get("ParentCallSid", entry.line.parent_sid) == entry.line.parent_sid
            and is_within(entry.started_at)
        ]
        return page(carrier, "calls", request.path, found=found)


def _entry(carrier: Switchboard, sid: str) -> CallEntry:
    entry = carrier.ledger.calls.get(sid)
    if entry is None:
        raise ApiError(404, 20404, f"The requested resource /Calls/{sid}.json was not found")
    return entry


def _create(carrier: Switchboard, form: Mapping[str, str], *, events: list[str]) -> str:
    sender, recipient = form.get("From", ""), form.get("To", "")
    if recipient in _BAD_RECIPIENTS or not E164.fullmatch(recipient):
        raise ApiError(400, _BAD_RECIPIENTS.get(recipient, 21211), "The 'To' number is not a number that can be called")
    if sender not in {carrier.ledger.number, *carrier.ledger.other_numbers.values(), _TEST_SENDER}:
        code = 21212 if not E164.fullmatch(sender) or sender == "+15005550001" else 21210
        raise ApiError(400, code, "The 'From' number is not a verified or owned number of this account")
    if not may_ring(carrier.options.account, recipient):
        raise ApiError(400, 21215, "The account may not ring this country")
    order = OutboundOrder(
        to_number=recipient,
        from_number=sender,
        doc_request=_doc_request(form),
        ringing=_ringing(form, events, buffer_s=carrier.options.ring_buffer_s),
        fallback_url=form.get("FallbackUrl", ""),
        fallback_method=form.get("FallbackMethod", "POST"),
        most_s=float(form.get("TimeLimit", "0")),
    )
    return carrier.dial(order).sid


def _ringing(form: Mapping[str, str], events: list[str], *, buffer_s: float) -> Ringing:
    if set(events) - _EVENTS:
        raise ApiError(400, 21626, "StatusCallbackEvent is not one of initiated, ringing, answered, completed")
    return Ringing(
        timeout_s=int(form.get("Timeout", "60")) + buffer_s,
        status_callback=form.get("StatusCallback", ""),
        status_method=form.get("StatusCallbackMethod", "POST"),
        status_events=frozenset(events or ["completed"]),
        detection=_detection(form),
    )


def _detection(form: Mapping[str, str]) -> Detection | None:
    kind = form.get("MachineDetection", "")
    if not kind:
        return None
    if kind not in {"Enable", "DetectMessageEnd"}:
        raise ApiError(400, 21261, "MachineDetection is neither Enable nor DetectMessageEnd")
    return Detection(
        waits_for_end=kind == "DetectMessageEnd",
        is_async=form.get("AsyncAmd", "false") == "true",
        callback=form.get("AsyncAmdStatusCallback", ""),
        callback_method=form.get("AsyncAmdStatusCallbackMethod", "POST"),
    )


def _doc_request(form: Mapping[str, str]) -> DocumentRequest:
    twiml, url = form.get("Twiml", ""), form.get("Url", "")
    if not twiml and not url:
        raise ApiError(400, 21205, "One of Url, Twiml or ApplicationSid is required")
    if len(twiml) > _MOST_TWIML:
        raise ApiError(400, 21226, "Twiml is longer than 4000 characters")
    if url and not urlsplit(url).hostname:
        raise ApiError(400, 21205, "Url is not a valid URL")
    return DocumentRequest(url, form.get("Method", "POST"), twiml=twiml)


def _update(entry: CallEntry, form: Mapping[str, str]) -> None:
    if entry.line.is_over or entry.ended_at is not None:
        raise ApiError(400, 21220, "Call is not in-progress. Cannot redirect.")
    is_answered = entry.line.direction == "inbound" or entry.line.status == "in-progress"
    if form.get("Status") in {"completed", "canceled"}:
        if form["Status"] == "completed" or not is_answered:  # canceled leaves a call alone that was answered
            entry.line.order(CallOver("hotline"))
        return
    if not is_answered:
        raise ApiError(400, 21220, "Call is not in-progress. Cannot redirect.")
    doc_request = _doc_request(form)
    entry.line.order(SentElsewhere(url=doc_request.url, method=doc_request.method, twiml=doc_request.twiml))


def _shape(carrier: Switchboard, entry: CallEntry) -> Shape:
    line, account = entry.line, carrier.ledger.account_sid
    uri = f"/{API_VERSION}/Accounts/{account}/Calls/{line.sid}"
    return {
        "sid": line.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "parent_call_sid": line.parent_sid or None,
        "from": line.from_number,
        "from_formatted": line.from_number,
        "to": line.to_number,
        "to_formatted": line.to_number,
        "phone_number_sid": carrier.ledger.number_sid,
        "status": line.status,
        "direction": line.direction,
        "answered_by": line.answered_by or None,
        "forwarded_from": line.forwarded_from or None,
        "caller_name": None,
        "group_sid": None,
        "trunk_sid": None,
        "queue_time": str(round(line.queue_s * 1000)),
        "duration": str(int(line.duration_s)) if entry.ended_at else None,
        "price": None,
        "price_unit": "USD",
        "date_created": stamp(entry.started_at),
        "date_updated": stamp(entry.updated_at),
        "start_time": stamp(entry.started_at),
        "end_time": stamp(entry.ended_at),
        "uri": f"{uri}.json",
        "subresource_uris": {name: f"{uri}/{name.capitalize()}.json" for name in _SUBRESOURCES},
    }

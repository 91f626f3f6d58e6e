"""`IncomingPhoneNumbers` of the REST API can list them, fetch and update the hotline's one number.

Source: Twilio, phone-numbers/api/incomingphonenumber-resource.
Knows: the ledger. Must not know: what the URLs serve.
"""

from collections.abc import Mapping
from dataclasses import fields
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

from voicebot.simulator.ledger import API_VERSION, NumberSettings
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, page, stamp

_ADDRESSES = {
    21502: "VoiceUrl",
    21504: "SmsUrl",
    21505: "StatusCallback",
    21506: "VoiceFallbackUrl",
    21507: "SmsFallbackUrl",
}


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resource into the API."""

    @app.get(f"{ROOT}/IncomingPhoneNumbers.json")
    def list_numbers(account: str) -> Response:
        # The filter finds parts of numbers too.
        wanted = request.args.get("PhoneNumber", "").lstrip("+")
        others = [_bare(carrier, sid, number) for sid, number in carrier.ledger.other_numbers.items()]
        found = [shape for shape in (_shape(carrier), *others) if wanted in shape["phone_number"]]
        return page(carrier, "incoming_phone_numbers", request.path, found=found)

    @app.get(f"{ROOT}/IncomingPhoneNumbers/<sid>.json")
    def fetch_number(account: str, sid: str) -> Response:
        _check(carrier, sid)
        return jsonify(_shape(carrier))

    @app.post(f"{ROOT}/IncomingPhoneNumbers/<sid>.json")
    def update_number(account: str, sid: str) -> Response:
        _check(carrier, sid)
        _check_settings(request.form)
        known = {_parameter(field.name): field.name for field in fields(NumberSettings)}
        carrier.ledger.change_settings(**{known[name]: value for name, value in request.form.items() if name in known})
        return jsonify(_shape(carrier))


def _check(carrier: Switchboard, sid: str) -> None:
    if sid != carrier.ledger.number_sid:
        raise ApiError(404, 20404, f"The requested resource /IncomingPhoneNumbers/{sid}.json was not found")


def _check_settings(form: Mapping[str, str]) -> None:
    """Refuse what Twilio refuses, where 21502 is a voice URL that is none, 21503 a voice method, and so on."""
    for code, name in _ADDRESSES.items():
        if form.get(name) and not urlsplit(form[name]).hostname:
            raise ApiError(400, code, f"{name} is not a valid URL")
    for name, value in form.items():
        if name.endswith("Method") and value not in {"GET", "POST"}:
            raise ApiError(400, 21503, f"{name} must be GET or POST")


def _parameter(name: str) -> str:
    """Return a setting's name as the API's form spells it, as voice_url is VoiceUrl."""
    return "".join(part.capitalize() for part in name.split("_"))


def _bare(carrier: Switchboard, sid: str, number: str) -> Shape:
    """Return a number on which nothing is set."""
    root = f"/{API_VERSION}/Accounts/{carrier.ledger.account_sid}/IncomingPhoneNumbers"
    nothing = {field.name: field.default or None for field in fields(NumberSettings)}
    return _shape(carrier) | nothing | {"sid": sid, "phone_number": number, "uri": f"{root}/{sid}.json"}


def _shape(carrier: Switchboard) -> Shape:
    ledger = carrier.ledger
    settings = {field.name: getattr(ledger.settings, field.name) or None for field in fields(NumberSettings)}
    return settings | {
        "sid": ledger.number_sid,
        "account_sid": ledger.account_sid,
        "api_version": API_VERSION,
        "phone_number": ledger.number,
        "friendly_name": "the hotline",
        "address_requirements": "none",
        "address_sid": None,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": ledger.takes_calls, "sms": ledger.takes_texts, "mms": False, "fax": False},
        "date_created": stamp(carrier.clock.now()),
        "date_updated": stamp(carrier.clock.now()),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": None,
        "origin": "twilio",
        "status": "in-use",
        "uri": f"/{API_VERSION}/Accounts/{ledger.account_sid}/IncomingPhoneNumbers/{ledger.number_sid}.json",
        "voice_caller_id_lookup": False,
    }

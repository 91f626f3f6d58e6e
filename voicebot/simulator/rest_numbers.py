"""`IncomingPhoneNumbers` of the REST API: list, fetch and update the hotline's one number.

Source: Twilio, phone-numbers/api/incomingphonenumber-resource.
Knows: the ledger. Must not know: what the URLs serve.
"""

from dataclasses import fields

from flask import Flask, Response, jsonify, request

from voicebot.simulator.ledger import API_VERSION, NumberSettings
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, page, stamp


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resource into the API."""

    @app.get(f"{ROOT}/IncomingPhoneNumbers.json")
    def list_numbers(account: str) -> Response:
        is_mine = request.args.get("PhoneNumber", carrier.ledger.number) == carrier.ledger.number
        found = [_shape(carrier)] if is_mine else []
        return page(carrier, "incoming_phone_numbers", request.path, found=found)

    @app.get(f"{ROOT}/IncomingPhoneNumbers/<sid>.json")
    def fetch_number(account: str, sid: str) -> Response:
        _check(carrier, sid)
        return jsonify(_shape(carrier))

    @app.post(f"{ROOT}/IncomingPhoneNumbers/<sid>.json")
    def update_number(account: str, sid: str) -> Response:
        _check(carrier, sid)
        known = {_parameter(field.name): field.name for field in fields(NumberSettings)}
        carrier.ledger.change_settings(**{known[name]: value for name, value in request.form.items() if name in known})
        return jsonify(_shape(carrier))


def _check(carrier: Switchboard, sid: str) -> None:
    if sid != carrier.ledger.number_sid:
        raise ApiError(404, 20404, f"The requested resource /IncomingPhoneNumbers/{sid}.json was not found")


def _parameter(name: str) -> str:
    """Return a setting's name as the API's form spells it: voice_url is VoiceUrl."""
    return "".join(part.capitalize() for part in name.split("_"))


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
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": stamp(carrier.clock.now()),
        "date_updated": stamp(carrier.clock.now()),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": None,
        "origin": "twilio",
        "sms_application_sid": None,
        "status": "in-use",
        "trunk_sid": None,
        "uri": f"/{API_VERSION}/Accounts/{ledger.account_sid}/IncomingPhoneNumbers/{ledger.number_sid}.json",
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
    }

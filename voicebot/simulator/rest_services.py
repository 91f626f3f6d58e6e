"""Messaging Services and registrations for texts in the REST API. They are what may outrank the number's own settings.

Source: Twilio, messaging/api/service-resource, messaging/api/us-a2p, messaging/api/tollfree-verification; its OpenAPI
holds the shapes. Twilio keeps them on messaging.twilio.com, while here one port answers for all.
Knows: the ledger. Must not know: who asks.
"""

from flask import Flask, Response, jsonify, request

from voicebot.simulator.ledger import MessagingService
from voicebot.simulator.rest_answers import ApiError, Shape, Switchboard, iso_stamp, v1_page

_ROOT = "/v1/Services"


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resources into the API."""
    services = carrier.ledger.services

    @app.get(_ROOT)
    def list_services() -> Response:
        return v1_page(carrier, "services", found=[_service(carrier, one) for one in services.values()])

    @app.post(f"{_ROOT}/<sid>")
    def update_service(sid: str) -> Response:
        service = _known(carrier, sid)
        with carrier.ledger.lock:
            wish = request.form.get("UseInboundWebhookOnNumber")
            service.uses_number_webhook = service.uses_number_webhook if wish is None else wish.lower() == "true"
        return jsonify(_service(carrier, service))

    @app.get(f"{_ROOT}/<sid>")
    def fetch_service(sid: str) -> Response:
        return jsonify(_service(carrier, _known(carrier, sid)))

    _add_members(app, carrier)
    _add_registrations(app, carrier)


def _add_members(app: Flask, carrier: Switchboard) -> None:
    """Add the numbers of a service."""

    @app.get(f"{_ROOT}/<sid>/PhoneNumbers")
    def list_service_numbers(sid: str) -> Response:
        service = _known(carrier, sid)
        found = [_number(carrier, service)] if service.has_number else []
        return v1_page(carrier, "phone_numbers", found=found)

    @app.get(f"{_ROOT}/<sid>/PhoneNumbers/<number_sid>")
    def fetch_service_number(sid: str, number_sid: str) -> Response:
        service = _known(carrier, sid)
        if not service.has_number or number_sid != carrier.ledger.number_sid:
            raise _absent()
        return jsonify(_number(carrier, service))


def _add_registrations(app: Flask, carrier: Switchboard) -> None:
    """Add what the United States want to be registered."""

    @app.get(f"{_ROOT}/<sid>/Compliance/Usa2p")
    def list_campaigns(sid: str) -> Response:
        service = _known(carrier, sid)
        found = [_campaign(carrier, service, state) for state in service.campaign_states]
        return v1_page(carrier, "compliance", found=found)

    @app.get("/v1/Tollfree/Verifications")
    def list_verifications() -> Response:
        state = carrier.options.account.toll_free_state
        is_ours = request.args.get("TollfreePhoneNumberSid") in (None, carrier.ledger.number_sid)
        return v1_page(carrier, "verifications", found=[_verification(carrier, state)] if state and is_ours else [])


def _known(carrier: Switchboard, sid: str) -> MessagingService:
    service = carrier.ledger.services.get(sid)
    if service is None:
        raise _absent()
    return service


def _absent() -> ApiError:
    return ApiError(404, 20404, "The requested resource was not found")


def _dated(carrier: Switchboard, url: str) -> Shape:
    now = iso_stamp(carrier.clock.now())
    return {"account_sid": carrier.ledger.account_sid, "date_created": now, "date_updated": now, "url": url}


def _service(carrier: Switchboard, service: MessagingService) -> Shape:
    url = f"{carrier.api_url}{_ROOT}/{service.sid}"
    return _dated(carrier, url) | {
        "sid": service.sid,
        "friendly_name": service.name,
        "sticky_sender": True,
        "mms_converter": True,
        "smart_encoding": False,
        "fallback_to_long_code": True,
        "area_code_geomatch": True,
        "validity_period": 14400,
        "scan_message_content": "inherit",
        "synchronous_validation": False,
        "inbound_request_url": service.inbound_url or None,
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "status_callback": None,
        "usecase": "undeclared",
        "us_app_to_person_registered": "VERIFIED" in service.campaign_states,
        "use_inbound_webhook_on_number": service.uses_number_webhook,
        "links": {"phone_numbers": f"{url}/PhoneNumbers", "us_app_to_person": f"{url}/Compliance/Usa2p"},
    }


def _number(carrier: Switchboard, service: MessagingService) -> Shape:
    sid = carrier.ledger.number_sid
    return _dated(carrier, f"{carrier.api_url}{_ROOT}/{service.sid}/PhoneNumbers/{sid}") | {
        "sid": sid,
        "service_sid": service.sid,
        "phone_number": carrier.ledger.number,
        "country_code": "US",
        "capabilities": ["SMS", "Voice"],
    }


def _campaign(carrier: Switchboard, service: MessagingService, state: str) -> Shape:
    sid = f"QE{service.sid[2:]}"
    return _dated(carrier, f"{carrier.api_url}{_ROOT}/{service.sid}/Compliance/Usa2p/{sid}") | {
        "sid": sid,
        "brand_registration_sid": f"BN{service.sid[2:]}",
        "messaging_service_sid": service.sid,
        "description": "case numbers and callback times",
        "message_samples": ["Your case is 482-913-756.", "We are sorry that we missed your call."],
        "us_app_to_person_usecase": "CUSTOMER_CARE",
        "has_embedded_links": False,
        "has_embedded_phone": False,
        "subscriber_opt_in": False,
        "age_gated": False,
        "direct_lending": False,
        "campaign_status": state,
        "campaign_id": "CPRETEND",
        "is_externally_registered": False,
        "rate_limits": {},
        "message_flow": "callers agree on the phone",
        "opt_in_message": "",
        "opt_out_message": "",
        "help_message": "",
        "opt_in_keywords": [],
        "opt_out_keywords": ["STOP"],
        "help_keywords": ["HELP"],
        "mock": False,
        "errors": [],
    }


def _verification(carrier: Switchboard, state: str) -> Shape:
    sid = f"HH{carrier.ledger.number_sid[2:]}"
    return _dated(carrier, f"{carrier.api_url}/v1/Tollfree/Verifications/{sid}") | {
        "sid": sid,
        "tollfree_phone_number_sid": carrier.ledger.number_sid,
        "status": state,
        "business_name": "the pretend firm",
        "use_case_categories": ["CUSTOMER_CARE"],
    }

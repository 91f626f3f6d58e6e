"""The account itself in the REST API. It tells what it is, its profiles, and which countries it may ring and text.

Twilio keeps these on hosts of their own (api, trusthub, voice, accounts), while here one port answers for all.
Source: Twilio, iam/api/account, voice/api/dialingpermissions-country-resource, trust-hub/trusthub-rest-api, and for
`/v1/Messaging/GeoPermissions` the package twilio 9.13 with a published example (not in the OpenAPI).
Knows: the ledger, options. Must not know: who asks.
"""

import phonenumbers
from flask import Flask, Response, jsonify, request

from voicebot.simulator.ledger import API_VERSION
from voicebot.simulator.options import AccountOptions
from voicebot.simulator.rest_answers import ApiError, Shape, Switchboard, iso_stamp, stamp, v1_page

COUNTRIES = {
    "US": ("United States/Canada", "+1", "NORTH_AMERICA"),
    "HR": ("Croatia", "+385", "EUROPE"),
    "SK": ("Slovakia", "+421", "EUROPE"),
    "LT": ("Lithuania", "+370", "EUROPE"),
    "IL": ("Israel", "+972", "ASIA"),
    "KR": ("Korea, Republic of", "+82", "ASIA"),
    "RU": ("Russia", "+7", "EUROPE"),
    "LV": ("Latvia", "+371", "EUROPE"),
}
"""Countries the pretend carrier knows, with name, code and continent, where Canada shares the permission of US."""

_PRIMARY_BUSINESS = "RN6433641899984f951173ef1738c3bdd0"
_STARTER = "RN13dc4be8861a10924a79c35eaa4d812c"
_SUBRESOURCES = ("calls", "messages", "recordings", "incoming_phone_numbers")


def may_ring(account: AccountOptions, number: str) -> bool:
    """Tell whether the account's dialling permissions let it ring a number's country."""
    country = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return ("US" if country == "CA" else country) in account.may_ring


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resources into the API."""
    options = carrier.options.account

    @app.get(f"/{API_VERSION}/Accounts/<account>.json")
    def fetch_account(account: str) -> Response:
        return jsonify(_shape(carrier))

    @app.get("/v1/CustomerProfiles")
    def list_profiles() -> Response:
        wanted = request.args.get("Status")
        found = [profile for profile in _profiles(carrier) if wanted in (None, profile["status"])]
        return v1_page(carrier, "results", found=found)

    @app.get("/v1/DialingPermissions/Countries/<country>")
    def fetch_country(country: str) -> Response:
        if country not in COUNTRIES:
            raise ApiError(404, 20404, "The requested resource was not found")
        return jsonify(_country(carrier, options, country))

    @app.get("/v1/Messaging/GeoPermissions")
    def fetch_geo_permissions() -> Response:
        wanted = request.args.get("CountryCode")
        permissions = [
            {"country_code": country, "type": "country", "enabled": country in options.may_text}
            for country in sorted({*COUNTRIES, *options.may_text})
            if wanted in (None, country)
        ]
        return jsonify({"permissions": permissions})


def _shape(carrier: Switchboard) -> Shape:
    ledger, options = carrier.ledger, carrier.options.account
    uri = f"/{API_VERSION}/Accounts/{ledger.account_sid}"
    return {
        "sid": ledger.account_sid,
        "owner_account_sid": ledger.account_sid,
        "friendly_name": "the pretend account",
        "auth_token": "not told here",
        "status": options.status,
        "type": "Trial" if options.is_trial else "Full",
        "date_created": stamp(carrier.clock.now()),
        "date_updated": stamp(carrier.clock.now()),
        "subresource_uris": {name: f"{uri}/{name}.json" for name in _SUBRESOURCES},
        "uri": f"{uri}.json",
    }


def _profiles(carrier: Switchboard) -> list[Shape]:
    approved = carrier.options.account.approved_profile
    if not approved:
        return []
    sid = f"BU{carrier.ledger.account_sid[2:]}"
    url = f"{carrier.api_url}/v1/CustomerProfiles/{sid}"
    parts = ("EntityAssignments", "Evaluations", "ChannelEndpointAssignments")
    profile = {
        "sid": sid,
        "account_sid": carrier.ledger.account_sid,
        "policy_sid": _PRIMARY_BUSINESS if approved == "business" else _STARTER,
        "friendly_name": "the pretend profile",
        "status": "twilio-approved",
        "email": "profile@example.com",
        "status_callback": None,
        "valid_until": None,
        "date_created": iso_stamp(carrier.clock.now()),
        "date_updated": iso_stamp(carrier.clock.now()),
        "url": url,
        "links": {part: f"{url}/{part}" for part in parts},
        "errors": None,
    }
    return [profile]


def _country(carrier: Switchboard, options: AccountOptions, country: str) -> Shape:
    name, code, continent = COUNTRIES[country]
    url = f"{carrier.api_url}/v1/DialingPermissions/Countries/{country}"
    return {
        "iso_code": country,
        "name": name,
        "country_codes": [code],
        "continent": continent,
        "low_risk_numbers_enabled": country in options.may_ring,
        "high_risk_special_numbers_enabled": options.may_ring_premium,
        "high_risk_tollfraud_numbers_enabled": options.may_ring_fraud,
        "url": url,
        "links": {"highrisk_special_prefixes": f"{url}/HighRiskSpecialPrefixes"},
    }

"""Signatures: what the carrier signs is accepted in each of its forms, everything else is not."""

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from voicebot.telephony.signature import SignatureCheck, SignedRequest

TOKEN = "0123456789abcdef0123456789abcdef"
SECOND = "fedcba9876543210fedcba9876543210"
PUBLIC = "https://hotline.example.org"
FORM = {"CallSid": "CA1", "From": "+12025550142", "Body": " with space ", "Empty": "", "City": "Zürich"}


def _signed(url: str, form: dict[str, str], token: str = TOKEN, algorithm: str | None = None) -> str:
    return str(RequestValidator(token).compute_signature(url, form, algorithm))


def _request(target: str, form: dict[str, str], signature: str, settings: str = "") -> SignedRequest:
    return SignedRequest(target=target, form=MultiDict(form), signature=signature, settings=settings)


def _check(public_url: str = PUBLIC, *tokens: str) -> SignatureCheck:
    return SignatureCheck(public_url=public_url, tokens=tokens or (TOKEN,))


def test_a_signed_webhook_is_accepted_with_its_query_exactly_as_sent() -> None:
    target = "/twilio/voice/turn/abc/3?heard=keys&x=a%20b"
    request = _request(target, FORM, _signed(PUBLIC + target, FORM))
    assert _check().is_webhook_signed(request)


@pytest.mark.parametrize("signed_url", [f"{PUBLIC}/twilio/voice", f"{PUBLIC}:443/twilio/voice"])
def test_a_webhook_is_accepted_whether_or_not_the_port_was_signed(signed_url: str) -> None:
    assert _check().is_webhook_signed(_request("/twilio/voice", FORM, _signed(signed_url, FORM)))


def test_fields_sent_twice_are_part_of_the_signature() -> None:
    form = MultiDict([("A", "1"), ("A", "2")])
    signature = str(RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/x", form))
    request = SignedRequest(target="/x", form=form, signature=signature)
    assert _check().is_webhook_signed(request)
    assert not _check().is_webhook_signed(_request("/x", {"A": "1"}, signature))


def test_a_missing_signature_is_a_wrong_one() -> None:
    assert not _check().is_webhook_signed(_request("/twilio/voice", FORM, ""))


@pytest.mark.parametrize(
    ("target", "form"),
    [
        ("/twilio/voice/", FORM),
        ("/twilio/voice?x=1", FORM),
        ("/twilio/voice", {**FORM, "From": "+12025550143"}),
        ("/twilio/voice", {}),
    ],
)
def test_whatever_was_changed_on_the_way_is_refused(target: str, form: dict[str, str]) -> None:
    assert not _check().is_webhook_signed(_request(target, form, _signed(f"{PUBLIC}/twilio/voice", FORM)))


def test_another_token_is_refused_unless_it_is_the_second_one() -> None:
    request = _request("/twilio/voice", FORM, _signed(f"{PUBLIC}/twilio/voice", FORM, SECOND))
    assert not _check().is_webhook_signed(request)
    assert _check(PUBLIC, TOKEN, SECOND).is_webhook_signed(request)


def test_an_empty_token_signs_nothing() -> None:
    request = _request("/twilio/voice", FORM, _signed(f"{PUBLIC}/twilio/voice", FORM, ""))
    assert not _check(PUBLIC, "").is_webhook_signed(request)


def test_the_algorithm_of_a_shared_key_is_followed() -> None:
    signature = _signed(f"{PUBLIC}/twilio/voice", FORM, algorithm="HMAC_SHA256")
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    assert _check().is_webhook_signed(_request("/twilio/voice", FORM, signature, settings))
    assert not _check().is_webhook_signed(_request("/twilio/voice", FORM, signature))


SOCKET = "/twilio/media/abc/token"


@pytest.mark.parametrize(
    "signed_url",
    [
        f"wss://hotline.example.org{SOCKET}",
        f"wss://hotline.example.org{SOCKET}/",
        f"wss://hotline.example.org:443{SOCKET}",
    ],
)
def test_a_socket_is_accepted_in_each_form_the_carrier_signs(signed_url: str) -> None:
    assert _check().is_socket_signed(_request(SOCKET, {}, _signed(signed_url, {})))


@pytest.mark.parametrize(
    ("public_url", "signed_url"),
    [
        ("https://hotline.example.org:8443", f"wss://hotline.example.org:8443{SOCKET}"),
        ("http://127.0.0.1:8080", f"ws://127.0.0.1:8080{SOCKET}"),
    ],
)
def test_a_socket_on_a_port_of_its_own_is_accepted(public_url: str, signed_url: str) -> None:
    assert _check(public_url).is_socket_signed(_request(SOCKET, {}, _signed(signed_url, {})))


@pytest.mark.parametrize("signed_url", [f"https://hotline.example.org{SOCKET}", "wss://hotline.example.org/other"])
def test_a_socket_signed_as_something_else_is_refused(signed_url: str) -> None:
    assert not _check().is_socket_signed(_request(SOCKET, {}, _signed(signed_url, {})))


@pytest.mark.parametrize("overrides", ["ct=2000&rt=5000&rc=1&rp=ct,rt,5xx", "ct=2000&rc=1&rp=ct,5xx"])
def test_a_signature_over_our_own_retry_overrides_is_accepted_too(overrides: str) -> None:
    signature = _signed(f"{PUBLIC}/twilio/voice#{overrides}", FORM)
    assert _check().is_webhook_signed(_request("/twilio/voice", FORM, signature))
    foreign = _signed(f"{PUBLIC}/twilio/voice#rc=5", FORM)
    assert not _check().is_webhook_signed(_request("/twilio/voice", FORM, foreign))

"""Who shares threads with whom: nobody but the carrier comes near those of the calls."""

import threading
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from tests.web.desk import PUBLIC, TOKEN, a_call_form
from voicebot.telephony.signature import SignatureCheck
from voicebot.web.budgets import MAX_SIGNED_BYTES, MAX_SIGNED_FIELDS, Budget, Sorter, shares
from voicebot.web.pools import Pools
from voicebot.web.request_reader import RequestReader, WholeRequest

WRONG = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
SOCKET = "wss://hotline.example"


def a_request(target: str, form: dict[str, str] | None = None, *, signature: str = "") -> WholeRequest:
    """Return a request as it is read from the wire."""
    body = urlencode(form or {}).encode()
    lines = [f"{'GET' if form is None else 'POST'} {target} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/x-www-form-urlencoded"] if form else []
    lines += [f"x-twilio-signature: {signature}"] if signature else []
    reader = RequestReader()
    reader.feed("\r\n".join([*lines, "", ""]).encode() + body)
    return reader.take()


def signed(url: str, form: dict[str, str]) -> str:
    """Sign as the carrier does."""
    return str(RequestValidator(TOKEN).compute_signature(url, form))


@pytest.fixture
def sorter() -> Sorter:
    return Sorter(SignatureCheck(public_url=PUBLIC, tokens=(TOKEN,)))


@pytest.mark.parametrize("target", ["/twilio/voice", "/twilio/voice/turn/c1/3?heard=keys", "/twilio/sms"])
def test_what_the_carrier_signed_takes_a_thread_of_the_calls(sorter: Sorter, target: str) -> None:
    form = a_call_form(Body="+ & =", Empty="")
    assert sorter.budget_of(a_request(target, form, signature=signed(PUBLIC + target, form))) is Budget.CARRIER


def test_a_signed_socket_takes_a_thread_of_the_sockets(sorter: Sorter) -> None:
    target = "/twilio/media/c1/token"
    assert sorter.budget_of(a_request(target, signature=signed(SOCKET + target, {}))) is Budget.MEDIA


@pytest.mark.parametrize("target", ["/twilio/voice", "/twilio/sms", "/twilio/media/c1/token", "/twilio/voice/fallback"])
@pytest.mark.parametrize("signature", ["", WRONG, "\xff", "x" * 8000])
def test_what_is_not_signed_shares_with_strangers(sorter: Sorter, target: str, signature: str) -> None:
    form = None if "media" in target else a_call_form()
    assert sorter.budget_of(a_request(target, form, signature=signature)) is Budget.STRANGERS


def test_a_signature_of_something_else_opens_nothing(sorter: Sorter) -> None:
    other = signed(f"{PUBLIC}/twilio/sms", a_call_form())
    assert sorter.budget_of(a_request("/twilio/voice", a_call_form(), signature=other)) is Budget.STRANGERS


def test_a_form_larger_than_the_carrier_sends_is_not_even_added_up(sorter: Sorter) -> None:
    for form in ({f"F{number}": "" for number in range(MAX_SIGNED_FIELDS + 1)}, {"Body": "a" * MAX_SIGNED_BYTES}):
        right = signed(f"{PUBLIC}/twilio/voice", form)
        assert sorter.budget_of(a_request("/twilio/voice", form, signature=right)) is Budget.STRANGERS


@pytest.mark.parametrize(
    ("target", "budget"),
    [
        ("/console/login", Budget.STAFF),
        ("/console", Budget.STAFF),
        ("/consoles", Budget.STRANGERS),
        ("/clips/en/welcome.wav?prompt=a", Budget.CLIPS),
        ("/livez", Budget.ALIVE),
        ("/livez?a=1", Budget.ALIVE),
        ("/livez/", Budget.STRANGERS),
        ("/healthz", Budget.STRANGERS),
        ("/metrics", Budget.STRANGERS),
        ("/", Budget.STRANGERS),
        ("//twilio/voice", Budget.STRANGERS),
        ("/twilio/voice]", Budget.STRANGERS),
    ],
)
def test_the_address_tells_for_the_others(sorter: Sorter, target: str, budget: Budget) -> None:
    assert sorter.budget_of(a_request(target, signature=WRONG)) is budget


def test_nonsense_is_a_strangers(sorter: Sorter) -> None:
    reader = RequestReader()
    reader.feed(b"nonsense\r\n\r\n")
    assert sorter.budget_of(reader.take()) is Budget.STRANGERS


def test_every_budget_has_threads_and_each_call_one() -> None:
    shared = shares(max_calls=7)
    assert set(shared) == set(Budget)
    assert (shared[Budget.MEDIA].threads, shared[Budget.MEDIA].most_waiting) == (7, 0)


def test_asking_for_the_sign_of_life_in_masses_takes_no_place_from_a_clip(sorter: Sorter) -> None:
    pools, end = Pools(shares(max_calls=1)), threading.Event()
    life, clip = (sorter.budget_of(a_request(target)) for target in ("/livez", "/clips/en/welcome.wav"))
    try:
        while pools.start(life, end.wait) is not None:
            pass
        assert pools.start(clip, end.wait) is not None
    finally:
        end.set()
        pools.shutdown()

"""Who shares threads with whom: nobody but the carrier comes near those of the calls."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from tests.web.desk import PUBLIC, TOKEN, Desk, a_call_form
from voicebot.telephony.signature import SignatureCheck
from voicebot.web.console.login_lanes import KNOWN_PLACES, SLOW_PLACES, WAITING_PLACES
from voicebot.web.guard.guards import Guard, guard_of
from voicebot.web.transport.budgets import LAST_WORDS, MAX_SIGNED_BYTES, MAX_SIGNED_FIELDS, Budget, Sorter, shares
from voicebot.web.transport.request_reader import RequestReader, WholeRequest

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


@pytest.mark.parametrize("target", ["/twilio/voice", "/twilio/sms", "/twilio/media/c1/token", "/twilio/voice/status"])
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
        ("/console/login", Budget.VISITORS),
        ("/console", Budget.VISITORS),
        ("/consoles", Budget.STRANGERS),
        ("/clips/en/welcome.wav?prompt=a", Budget.CLIPS),
        ("/api/v1/cases?limit=1", Budget.API),
        ("/api/v1/cases.csv?state=open", Budget.SHEETS),
        ("/console/cases.csv", Budget.SHEETS),
        ("/elsewhere.csv", Budget.STRANGERS),
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


def test_a_request_that_is_no_http_is_served_as_a_strangers(sorter: Sorter) -> None:
    reader = RequestReader()
    reader.feed(b"nonsense\r\n\r\n")
    assert sorter.budget_of(reader.take()) is Budget.STRANGERS


def test_every_budget_has_threads_and_each_call_one() -> None:
    shared = shares(max_calls=7)
    assert set(shared) == set(Budget)
    assert (shared[Budget.MEDIA].threads, shared[Budget.MEDIA].most_waiting) == (7, 0)


@pytest.mark.parametrize("signature", ["", WRONG])
def test_the_last_words_have_threads_of_their_own_when_our_token_is_no_longer_the_carriers(
    sorter: Sorter, signature: str
) -> None:
    for target in LAST_WORDS:
        assert sorter.budget_of(a_request(target, a_call_form(), signature=signature)) is Budget.LAST_WORDS


def test_what_answers_anybody_with_fixed_words_is_what_has_those_threads(desk: Desk) -> None:
    rules = desk.app.url_map.iter_rules()
    open_rules = {
        rule.rule for rule in rules if guard_of(desk.app.view_functions[rule.endpoint]) is Guard.STATIC_UNLESS_SIGNED
    }
    assert open_rules == LAST_WORDS


def test_an_address_asked_for_in_masses_takes_no_thread_from_another(sorter: Sorter) -> None:
    life, clip, last = (
        sorter.budget_of(a_request(each)) for each in ("/livez", "/clips/en/welcome.wav", "/twilio/voice/fallback")
    )
    assert len({life, clip, last, Budget.STRANGERS}) == 4


@pytest.mark.parametrize(
    ("hops", "told", "party"),
    [
        (0, "", "127.0.0.0/24"),
        (0, "203.0.113.9", "127.0.0.0/24"),
        (1, "203.0.113.9", "203.0.113.0/24"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.0/24"),
        (2, "198.51.100.1,203.0.113.9", "198.51.100.0/24"),
        (2, "203.0.113.9", "127.0.0.0/24"),
        (1, "2001:db8:1:2::3", "2001:db8:1::/48"),
        (1, "nonsense", "unknown"),
        (1, "", "127.0.0.0/24"),
    ],
)
def test_a_network_is_one_party_as_our_own_proxy_tells_it(hops: int, told: str, party: str) -> None:
    sorter = Sorter(SignatureCheck(public_url=PUBLIC, tokens=(TOKEN,)), proxy_hops=hops)
    request = replace(a_request("/clips/en/welcome.wav"), headers={"x-forwarded-for": told})
    assert sorter.party_of(request, "127.0.0.1", Budget.CLIPS) == party
    assert sorter.party_of(request, "127.0.0.1", Budget.CARRIER) == "", "the carrier is served in the order it comes"


def test_pages_asked_by_staff_have_threads_that_no_visitor_takes() -> None:
    sorter = Sorter(SignatureCheck(public_url=PUBLIC, tokens=(TOKEN,)), are_members=lambda cookies: cookies == "ours")
    page = a_request("/console/")
    assert sorter.budget_of(replace(page, headers={"cookie": "ours"})) is Budget.STAFF
    assert sorter.budget_of(replace(page, headers={"cookie": "theirs"})) is Budget.VISITORS
    assert sorter.budget_of(replace(a_request("/"), headers={"cookie": "ours"})) is Budget.STRANGERS


def test_logins_that_wait_leave_threads_for_other_visitors_and_for_staff() -> None:
    shared = shares(max_calls=1)
    assert shared[Budget.VISITORS].threads > WAITING_PLACES + SLOW_PLACES + 1
    assert shared[Budget.STAFF].threads > KNOWN_PLACES


@pytest.mark.parametrize("target", ["/api/v1/cases", "/api/v1/cases?cursor=a", "/api/nothing"])
def test_programs_take_no_thread_of_people_or_calls(sorter: Sorter, target: str) -> None:
    assert sorter.budget_of(a_request(target)) is Budget.API

"""Requests of the carrier: where they may go, how they are signed, how often they are tried."""

import time

import pytest

from tests.simulator.stand_in import TOKEN, Answer, StandIn
from voicebot.simulator import CarrierOptions, NotLoopback
from voicebot.simulator.courier import Courier, Limits, Unreachable, loopback_url, signed_form

OPTIONS = CarrierOptions(connect_timeout_s=0.5, response_timeout_s=0.5)


def courier(**options: object) -> Courier:
    return Courier(TOKEN, CarrierOptions(connect_timeout_s=0.5, response_timeout_s=0.5, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    ["https://hotline.example/x", "http://10.0.0.1/x", "http://0.0.0.0/x", "http:///x", "http://localhost.example/"],
)
def test_other_machines_are_refused(url: str) -> None:
    with pytest.raises(NotLoopback):
        courier().ask(url, {})


@pytest.mark.parametrize("url", ["http://127.0.0.1:80/x", "http://[::1]/x", "http://localhost/x", "ws://127.8.8.8/x"])
def test_loopback_is_dialled_as_written(url: str) -> None:
    assert loopback_url(url, OPTIONS) == url


def test_public_origin_is_mapped_but_only_to_loopback() -> None:
    options = CarrierOptions(
        origins={"https://a.example": "http://127.0.0.1:1", "https://b.example": "http://10.0.0.1"}
    )
    assert loopback_url("https://a.example/x?y#z", options) == "http://127.0.0.1:1/x?y"
    assert loopback_url("wss://a.example/x", options) == "ws://127.0.0.1:1/x"
    with pytest.raises(NotLoopback):
        loopback_url("https://b.example/x", options)


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("http://127.0.0.1:8080/x?b=2&a=1#rc=2", "http://127.0.0.1:8080/x?b=2&a=1"),
        ("https://user:word@hotline.example:443/x", "https://hotline.example/x"),
        ("https://hotline.example/x", "https://hotline.example/x"),
    ],
)
def test_url_is_signed_without_credentials_fragment_and_port_of_https(url: str, signed: str) -> None:
    assert signed_form(url) == signed


def test_query_and_odd_values_are_signed_as_sent(hotline: StandIn) -> None:
    hotline.answers("/x", "")
    form = {"Body": "Ünïcödé & more", "Empty": "", "Plus": "a+b c"}
    courier().ask(f"{hotline.url}/x?b=2&a=%20x#rc=0", form)
    (seen,) = hotline.to("/x")
    assert (seen.is_signed, seen.form, seen.query) == (True, form, "b=2&a=%20x")
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert seen.headers["User-Agent"] == "TwilioProxy/1.1"


def test_overrides_are_read_from_the_fragment() -> None:
    limits = Limits.of("http://127.0.0.1/x#ct=2000&rt=4000&tt=9000&rc=3&rp=ct,rt,5xx", OPTIONS)
    assert (limits.connect_s, limits.response_s, limits.total_s, limits.retries) == (2.0, 4.0, 9.0, 3)
    assert limits.retry_on == {"ct", "rt", "5xx"}


@pytest.mark.parametrize(
    ("fragment", "tries"),
    [("", 1), ("#rc=2", 1), ("#rp=5xx", 2), ("#rc=3&rp=ct,5xx", 4), ("#rc=2&rp=all", 3), ("#rp=4xx", 1)],
)
def test_failed_answer_is_tried_again_as_the_fragment_says(hotline: StandIn, fragment: str, tries: int) -> None:
    hotline.answers("/x", Answer("", status=503))
    with pytest.raises(Unreachable) as failure:
        courier(sends_idempotency_token=True).ask(f"{hotline.url}/x{fragment}", {"CallSid": "CA1"})
    assert (failure.value.code, failure.value.url) == (11200, f"{hotline.url}/x")
    assert len(hotline.to("/x")) == tries
    assert len({seen.headers["I-Twilio-Idempotency-Token"] for seen in hotline.to("/x")}) == 1


@pytest.mark.parametrize(("fragment", "tries"), [("#rt=200", 1), ("#rt=200&rp=rt", 2)])
def test_late_answer_is_error_11205(hotline: StandIn, fragment: str, tries: int) -> None:
    hotline.answers("/x", Answer("", wait_s=0.4))
    with pytest.raises(Unreachable) as failure:
        courier().ask(f"{hotline.url}/x{fragment}", {})
    assert (failure.value.code, len(hotline.to("/x"))) == (11205, tries)


def test_our_own_overrides_mean_two_tries_and_then_no_more(hotline: StandIn) -> None:
    hotline.answers("/x", Answer("", wait_s=0.6))
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        courier().ask(f"{hotline.url}/x#ct=200&rt=300&rc=1&rp=ct,rt,5xx", {"CallSid": "CA1"})
    assert (len(hotline.to("/x")), time.monotonic() - begun < 1.0) == (2, True)


def test_time_in_all_is_for_every_try_together(hotline: StandIn) -> None:
    hotline.answers("/x", Answer("", wait_s=0.4))
    with pytest.raises(Unreachable):
        courier().ask(f"{hotline.url}/x#rt=200&tt=300&rc=5&rp=rt", {})
    assert len(hotline.to("/x")) == 2


@pytest.mark.parametrize("signs", [True, False])
def test_the_fragment_is_never_sent_and_signed_only_by_choice(hotline: StandIn, signs: bool) -> None:
    hotline.answers("/x", "")
    courier(signs_fragment=signs).ask(f"{hotline.url}/x?a=1#rc=1&rp=5xx", {"CallSid": "CA1"})
    (seen,) = hotline.to("/x")
    assert (seen.query, seen.is_signed) == ("a=1", not signs)


def test_nobody_listening_is_tried_twice_and_is_error_11205(hotline: StandIn) -> None:
    hotline.close()
    begun = time.monotonic()
    with pytest.raises(Unreachable) as failure:
        courier().ask(f"{hotline.url}/x", {})
    assert failure.value.code == 11205
    assert time.monotonic() - begun < 2.0


def test_token_is_left_out_by_default(hotline: StandIn) -> None:
    hotline.answers("/x", "")
    courier().ask(f"{hotline.url}/x", {})
    assert "I-Twilio-Idempotency-Token" not in hotline.to("/x")[0].headers


def test_endless_http_redirects_end(hotline: StandIn) -> None:
    hotline.answers("/x", Answer("", status=301, headers={"Location": "/x"}))
    with pytest.raises(Unreachable) as failure:
        courier().ask(f"{hotline.url}/x", {})
    assert failure.value.code == 11200

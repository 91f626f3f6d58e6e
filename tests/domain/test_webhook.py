"""Endpoints of webhooks: which address is taken, when a try comes again, when one is switched off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY_TEN, at
from tests.webhooks import a_webhook_delivery, a_webhook_endpoint
from voicebot.domain.webhook import (
    GIVEN_UP_AFTER,
    LONGEST_RETRY_AFTER,
    MOST_ANSWER_LENGTH,
    OLD_SECRET_SIGNS,
    PAUSES,
    PROBE_FIRST,
    PROBE_LONGEST,
    DeliveryState,
    EndpointAnswer,
    WebhookEvent,
    after_cut_off,
    after_try,
    endpoint_after,
    may_connect,
    read_events,
    read_url,
    sent_again,
    switched_off,
    with_new_secret,
)
from voicebot.errors import Refused

NOW = at("Wednesday 18 November 2026 10:00:00")
AWAY = EndpointAnswer(status=None, words="no answer")
TAKEN = EndpointAnswer(status=204)


@pytest.mark.parametrize(
    "url",
    ["https://crm.example.com/hook", "https://crm.example.com:8443/a?b=c", "http://localhost:9/x", "http://[::1]:80/"],
)
def test_https_and_this_machine_itself_are_taken(url: str) -> None:
    assert read_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example.com",
        "http://crm.example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost@evil.example/",
        "https://",
        "https://me:secret@crm.example.com/",
        "https://crm.example.com/#part",
        "https://crm.example.com:99999/",
        "https://[::1/",
        "https://crm.example.com/a b",
        "https://crm.example.com\\@10.0.0.1/",
        "https://crm.example.com/\u202e",
        "ftp://crm.example.com/",
        "file:///etc/passwd",
        "https://crm.example.com/" + "a" * 500,
    ],
)
def test_any_other_address_is_refused_with_the_form_that_is_taken(url: str) -> None:
    with pytest.raises(Refused, match=r"https://host/path") as refused:
        read_url(url)
    assert refused.value.code == "webhook-address"


PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "fd00:ec2::254", "::ffff:10.0.0.1"),
    *("::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "64:ff9b:1::a9fe:a9fe", "2606:4700::5efe:a00:1", "192.88.99.1"),
    *("64:ff9b::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:a00:1:0:0:f5ff:fffe"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_https_never_goes_to_an_address_that_is_not_public(address: str) -> None:
    assert not may_connect("https://crm.example.com/", address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_https_goes_to_public_addresses_and_http_never_does(address: str) -> None:
    assert may_connect("https://crm.example.com/", address)
    assert not may_connect("http://localhost/", address)


def test_http_goes_to_this_machine() -> None:
    assert may_connect("http://localhost/", "127.0.0.1")
    assert may_connect("http://localhost/", "::1")


def test_events_are_read_by_name_and_a_wrong_one_is_told_with_those_there_are() -> None:
    assert read_events("case.opened, promise.missed,case.opened") == ("case.opened", "promise.missed")
    assert read_events("") == ()
    with pytest.raises(Refused, match=r"'case.open'; there are case.opened, "):
        read_events("case.open")


def test_an_endpoint_gets_what_it_asked_for_while_it_is_on_and_any_trial() -> None:
    some = a_webhook_endpoint(events=("case.opened",))
    assert some.wants(WebhookEvent.CASE_OPENED)
    assert some.wants(WebhookEvent.TEST)
    assert not some.wants(WebhookEvent.TALK_LOGGED)
    assert a_webhook_endpoint(events=()).wants(WebhookEvent.TALK_LOGGED)
    assert not replace(some, off_at=NOW).wants(WebhookEvent.CASE_OPENED)


def test_the_host_alone_may_be_shown() -> None:
    assert a_webhook_endpoint(url="https://crm.example.com:8443/hook/s3cret?key=x").host == "crm.example.com:8443"


def test_a_delivery_is_tried_after_each_pause_and_then_given_up() -> None:
    delivery, now, waited = a_webhook_delivery(at=NOW), NOW, []
    for _ in PAUSES:
        delivery = after_try(delivery, AWAY, now)
        assert delivery.state is DeliveryState.WAITING
        waited.append(delivery.not_before - now)
        now = delivery.not_before
    assert tuple(waited) == PAUSES
    assert after_try(delivery, AWAY, now).state is DeliveryState.FAILED


def test_a_try_that_comes_before_its_schedule_is_none_of_the_schedule() -> None:
    early = a_webhook_delivery(tries=4, planned_at=NOW + timedelta(hours=1))
    tried = after_try(early, AWAY, NOW)
    assert (tried.state, tried.tries, tried.not_before) == (DeliveryState.WAITING, 4, NOW + timedelta(hours=1))
    assert tried.planned_at is None
    busy = after_try(early, EndpointAnswer(status=429, retry_after=timedelta(hours=2)), NOW)
    assert (busy.tries, busy.not_before) == (4, NOW + timedelta(hours=2)), "nor is it asked sooner than it wants"
    assert after_try(early, AWAY, NOW + timedelta(hours=1)).tries == 5, "late enough, it is the schedule's"
    assert after_try(early, EndpointAnswer(status=410), NOW).state is DeliveryState.FAILED
    assert after_cut_off(replace(early, state=DeliveryState.SENDING), NOW).tries == 5, "it may be what kills workers"
    assert sent_again(early, NOW).planned_at is None


def test_what_was_taken_is_delivered_and_a_redirect_is_not() -> None:
    assert after_try(a_webhook_delivery(), TAKEN, NOW).state is DeliveryState.DELIVERED
    assert after_try(a_webhook_delivery(), EndpointAnswer(status=302), NOW).state is DeliveryState.WAITING


def test_of_an_answer_only_the_beginning_is_kept() -> None:
    told = after_try(a_webhook_delivery(), EndpointAnswer(status=500, words="x" * 5000), NOW)
    assert told.answer == "x" * MOST_ANSWER_LENGTH


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=900)), st.integers(0, len(PAUSES) - 1))
def test_an_endpoint_may_ask_for_a_longer_pause_up_to_a_day(asked: timedelta, tries: int) -> None:
    busy = EndpointAnswer(status=503, retry_after=asked)
    told = after_try(a_webhook_delivery(tries=tries), busy, NOW)
    assert told.not_before - NOW == max(PAUSES[tries], min(asked, LONGEST_RETRY_AFTER))


def test_an_endpoint_that_is_gone_is_switched_off_and_its_delivery_ends() -> None:
    gone = EndpointAnswer(status=410)
    assert after_try(a_webhook_delivery(), gone, NOW).state is DeliveryState.FAILED
    off = endpoint_after(a_webhook_endpoint(), gone, NOW)
    assert (off.off_at, off.off_reason) == (NOW, "it answered 410 Gone")


def test_an_endpoint_that_takes_nothing_for_days_is_switched_off() -> None:
    failing = endpoint_after(a_webhook_endpoint(), AWAY, NOW)
    assert (failing.failing_since, failing.off_at) == (NOW, None)
    almost = endpoint_after(failing, AWAY, NOW + GIVEN_UP_AFTER - timedelta(seconds=1))
    assert almost.off_at is None
    assert endpoint_after(almost, TAKEN, NOW + GIVEN_UP_AFTER).failing_since is None
    off = endpoint_after(almost, AWAY, NOW + GIVEN_UP_AFTER)
    assert off.off_reason == "it took nothing for 5 days"


def test_an_endpoint_that_fails_is_asked_after_longer_and_longer_pauses_whatever_waits() -> None:
    endpoint, now, pauses = a_webhook_endpoint(), NOW, list[timedelta]()
    for _ in range(10):
        assert endpoint.may_try(now)
        endpoint = endpoint_after(endpoint, AWAY, now)
        assert endpoint.quiet_until is not None
        assert not endpoint.may_try(endpoint.quiet_until - timedelta(seconds=1))
        pauses.append(endpoint.quiet_until - now)
        now = endpoint.quiet_until
    assert pauses[:3] == [PROBE_FIRST, PROBE_FIRST * 2, PROBE_FIRST * 4]
    assert pauses == sorted(pauses)
    assert pauses[-1] == PROBE_LONGEST
    back = endpoint_after(endpoint, TAKEN, now)
    assert (endpoint.is_away, back.is_away, back.failures, back.may_try(now)) == (True, False, 0, True)
    assert (endpoint.most_waiting(10), back.most_waiting(10)) == (10, 20), "one that is back may catch up"
    assert not endpoint_after(endpoint_after(back, AWAY, now), AWAY, now).is_away, "two may be about one message"
    assert not switched_off(back, now, "by hand").may_try(now)


def test_a_try_whose_worker_died_counts_and_the_next_comes_at_once_but_not_for_ever() -> None:
    delivery = replace(a_webhook_delivery(), state=DeliveryState.SENDING)
    for tries in range(1, len(PAUSES) + 1):
        delivery = after_cut_off(delivery, NOW)
        assert (delivery.state, delivery.tries, delivery.not_before) == (DeliveryState.WAITING, tries, MONDAY_TEN)
    assert after_cut_off(delivery, NOW).state is DeliveryState.FAILED


def test_a_secret_that_was_replaced_signs_beside_the_new_one_for_a_day() -> None:
    renewed = with_new_secret(a_webhook_endpoint(sealed_secret="old"), "new", NOW)
    assert renewed.sealed_secrets_at(NOW) == ("new", "old")
    assert renewed.sealed_secrets_at(NOW + OLD_SECRET_SIGNS) == ("new",)
    assert renewed.secret_mark != a_webhook_endpoint(sealed_secret="old").secret_mark
    alone = with_new_secret(renewed, "newest", NOW, is_old_lost=True)
    assert (alone.sealed_secrets_at(NOW), alone.old_secret_until) == (("newest",), None), "what is lost signs nothing"


def test_what_is_sent_again_begins_anew_under_its_id_unless_a_worker_has_it() -> None:
    failed = a_webhook_delivery(state=DeliveryState.FAILED, tries=10)
    again = sent_again(failed, NOW)
    assert (again.state, again.tries, again.not_before) == (DeliveryState.WAITING, 0, NOW)
    assert again.message_id == failed.message_id
    with pytest.raises(Refused, match=r"being sent"):
        sent_again(replace(failed, state=DeliveryState.SENDING), NOW)

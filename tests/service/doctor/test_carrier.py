"""The account, its clock, and the number: fit to serve, or why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes_doctor import PUBLIC, FakeAccount, a_number
from tests.service.doctor.verdicts import BROKEN, DOUBT, FINE, only, verdicts
from voicebot.errors import Unavailable
from voicebot.service.doctor import capacity, carrier
from voicebot.service.ports import TextGroup
from voicebot.service.ports.account import CarrierSaidNo

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
OURS = {"voice_url": f"{PUBLIC}/twilio/voice", "sms_url": f"{PUBLIC}/twilio/sms"}


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({}, FINE, "active and no trial"),
        ({"is_trial": True}, BROKEN, "upgrade the account"),
        ({"status": "suspended"}, BROKEN, "the account is suspended"),
        ({"status": "closed", "is_trial": True}, BROKEN, "the account is closed"),
    ],
)
def test_account_must_be_active_and_no_trial(changes: dict[str, object], verdict: str, words: str) -> None:
    found, said = only(carrier.account(replace(FakeAccount().facts, **changes)))  # type: ignore[arg-type]
    assert (found, words in said) == (verdict, True), said


def test_refusals_and_silence_of_the_carrier_are_findings() -> None:
    account = FakeAccount()
    account.refusal = CarrierSaidNo(401, 20003)
    wrong = only(carrier.asked(lambda: capacity.calls_at_once(account, max_calls=4)))
    account.refusal = CarrierSaidNo(403, 20008)
    refused = only(carrier.asked(lambda: capacity.calls_at_once(account, max_calls=4)))

    def away() -> object:
        raise Unavailable("cannot read the account at the carrier: ConnectTimeout")

    silent = only(carrier.asked(away))  # type: ignore[arg-type]
    assert (wrong[0], "*primary* auth token" in wrong[1]) == (BROKEN, True)
    assert (refused[0], "errors/20008" in refused[1]) == (BROKEN, True)
    assert (silent[0], "ConnectTimeout" in silent[1]) == (BROKEN, True)


@pytest.mark.parametrize(
    ("ahead_s", "verdict", "words"),
    [
        (0, FINE, "agree to 1 s"),
        (5, FINE, "agree to 5 s"),
        (6, DOUBT, "6 s ahead of"),
        (-60, DOUBT, "60 s behind"),
        (61, BROKEN, "61 s ahead of"),
        (-3600, BROKEN, "3600 s behind"),
    ],
)
def test_our_clock_is_held_against_the_carriers(ahead_s: int, verdict: str, words: str) -> None:
    found, said = only(carrier.clock(FakeAccount().facts, NOW + timedelta(seconds=ahead_s)))
    assert (found, words in said) == (verdict, True), said


def test_answer_without_a_time_is_a_doubt() -> None:
    assert only(carrier.clock(replace(FakeAccount().facts, carrier_time=None), NOW))[0] == DOUBT


def test_number_that_is_ours_and_set_to_us_is_fine() -> None:
    assert verdicts(carrier.number(a_number(), PUBLIC)) == [FINE, FINE, FINE]
    retried = a_number(voice_url=f"{PUBLIC}/twilio/voice#rc=1&rp=ct")
    assert verdicts(carrier.number(retried, PUBLIC)) == [FINE, FINE, FINE]


def test_number_of_another_account_is_broken() -> None:
    assert only(carrier.number(None, PUBLIC))[0] == BROKEN


@pytest.mark.parametrize(
    ("lacks", "words"), [({"takes_calls": False}, "takes no calls"), ({"takes_texts": False}, "sends no texts")]
)
def test_number_without_voice_or_texts_is_broken(lacks: dict[str, bool], words: str) -> None:
    finding = next(iter(carrier.number(replace(a_number(), **lacks), PUBLIC)))  # type: ignore[arg-type]
    assert (finding.verdict, words in finding.found) == (BROKEN, True)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"trunk_sid": "TK1"}, "SIP trunk"),
        ({"voice_application_sid": "AP1"}, "answers the number's calls in our place"),
        ({"sms_application_sid": "AP1"}, "takes the number's texts in our place"),
        ({"voice_receive_mode": "fax"}, "faxes"),
        ({"voice_url": ""}, "calls go nowhere"),
        ({"sms_url": "https://demo.twilio.com/welcome"}, "texts go to demo.twilio.com, not to"),
        ({"voice_url": f"{PUBLIC}/elsewhere"}, "calls go to another path of our address"),
        ({"voice_method": "GET"}, "calls come by GET"),
    ],
)
def test_calls_and_texts_that_do_not_come_to_us_are_broken(settings: dict[str, str], words: str) -> None:
    broken = [one for one in carrier.number(a_number(**settings), PUBLIC) if one.verdict is BROKEN]
    assert [words in one.found for one in broken] == [True]


def test_messaging_service_may_keep_texts_from_us() -> None:
    assert only(carrier.text_group(None))[0] == FINE
    group = TextGroup(sid="MG1", name="News", sends_to_number=True)
    assert only(carrier.text_group(group))[0] == FINE
    verdict, words = only(carrier.text_group(replace(group, sends_to_number=False)))
    assert (verdict, "'News'" in words, "voicebot twilio connect" in words) == (BROKEN, True, True)


@pytest.mark.parametrize(
    ("url", "verdict", "words"),
    [
        ("", BROKEN, "no fallback"),
        (f"{PUBLIC}/twilio/voice/fallback", DOUBT, "our own host"),
        ("https://HOTLINE.example:443/copy", DOUBT, "our own host"),
        ("https://handler.twilio.com/twiml/EH1", FINE, "another host"),
    ],
)
def test_fallback_lies_off_our_host(url: str, verdict: str, words: str) -> None:
    found, said = only(carrier.fallback(a_number(voice_fallback_url=url), PUBLIC))
    assert (found, words in said) == (verdict, True), said

"""Geo permissions and senders, country by country."""

from dataclasses import replace

import pytest

from tests.fakes_doctor import FakeAccount, a_number
from tests.service.doctor.verdicts import BROKEN, DOUBT, FINE, only, verdicts
from voicebot.service.doctor import countries
from voicebot.service.ports import TextGroup
from voicebot.service.ports.account import DiallingFacts

GROUP = TextGroup(sid="MG1", name="Texts", sends_to_number=True)


def test_countries_that_may_be_rung_without_their_dangerous_ranges_are_fine() -> None:
    assert only(countries.voice(FakeAccount(), {"US", "LT"})) == (
        FINE,
        "the account may ring LT, US, premium and fraud ranges are shut",
    )


def test_shut_country_is_broken_and_open_dangers_are_doubts() -> None:
    account = FakeAccount()
    account.dialled = {
        "LT": DiallingFacts(ordinary=False, special=False, toll_fraud=False),
        "LV": DiallingFacts(ordinary=True, special=True, toll_fraud=True),
    }
    findings = list(countries.voice(account, {"US", "LT", "LV"}))
    assert verdicts(findings) == [BROKEN, DOUBT, DOUBT]
    assert ["LT" in findings[0].found, "LV" in findings[1].found, "LV" in findings[2].found] == [True] * 3


def test_canada_shares_the_permission_of_the_united_states() -> None:
    account = FakeAccount()
    account.dialled = {"CA": DiallingFacts(ordinary=False, special=False, toll_fraud=False)}
    assert verdicts(countries.voice(account, {"CA"})) == [FINE]
    assert verdicts(countries.texts(account, {"CA"})) == [FINE]


@pytest.mark.parametrize(
    ("texted", "verdict", "words"),
    [
        ({"US": True, "LT": True}, FINE, "may text LT, US"),
        ({"US": True, "LT": False}, BROKEN, "may not text LT"),
        ({"US": True}, DOUBT, "does not tell whether the account may text LT"),
        ({"US": True, "LT": True} | {f"{at}": True for at in range(6)}, DOUBT, "6 countries that we never text"),
        ({"US": True, "LT": True} | {f"{at}": False for at in range(9)}, FINE, "may text"),
    ],
)
def test_countries_that_may_be_texted(texted: dict[str, bool], verdict: str, words: str) -> None:
    account = FakeAccount()
    account.texted = texted
    found, said = only(countries.texts(account, {"US", "LT"}))
    assert (found, words in said) == (verdict, True), said


def test_country_that_our_number_cannot_text_is_broken() -> None:
    assert verdicts(countries.senders({"US", "LT"}, own_region="US")) == [FINE]
    assert verdicts(countries.senders({"US", "HR", "RU"}, own_region="US")) == [BROKEN, BROKEN]


def test_long_code_needs_a_verified_campaign() -> None:
    account = FakeAccount()
    assert "it is not registered" in only(countries.united_states(account, a_number(), None))[1]
    account.campaigns = ("PENDING",)
    assert "its registration is pending" in only(countries.united_states(account, a_number(), GROUP))[1]
    account.campaigns = ("FAILED", "VERIFIED")
    assert verdicts(countries.united_states(account, a_number(), GROUP)) == [FINE]


def test_toll_free_number_needs_its_verification() -> None:
    account, number = FakeAccount(), replace(a_number(), number="+18335550100")
    assert "nobody asked" in only(countries.united_states(account, number, None))[1]
    account.verification = "IN_REVIEW"
    assert "its verification is in review" in only(countries.united_states(account, number, None))[1]
    account.verification = "TWILIO_APPROVED"
    assert verdicts(countries.united_states(account, number, None)) == [FINE]

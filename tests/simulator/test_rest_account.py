"""Account, profiles and permissions as Twilio's own client and Twilio's own OpenAPI (through Prism) see them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.simulator.prism import prism_before
from tests.simulator.stand_in import ACCOUNT, CALLER, NUMBER, TOKEN
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioAccountReader
from voicebot.service.ports.account import Approval, DiallingFacts
from voicebot.simulator import AccountOptions, CarrierOptions, PretendCarrier

OPTIONS = AccountOptions(is_trial=True, approved_profile="individual", may_ring_fraud=True)


@pytest.fixture
def carrier() -> Iterator[PretendCarrier]:
    """A trial account with an individual profile."""
    options = CarrierOptions(account=OPTIONS)
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:1", options=options) as opened:
        opened.serve_api()
        yield opened


def reader(url: str) -> TwilioAccountReader:
    """Return our reader, sent to a URL."""
    account = TwilioAccount(account_sid=ACCOUNT, auth_token=TOKEN, sender=NUMBER, status_callback_url="", api_url=url)
    return TwilioAccountReader(account)


def test_account_is_as_twilio_describes_it(carrier: PretendCarrier, tmp_path: Path) -> None:
    with prism_before(carrier.api_url, tmp_path) as url:
        facts = reader(url).account()
    assert (facts.status, facts.is_trial) == ("active", True)


def test_profiles_are_as_twilio_describes_them(carrier: PretendCarrier, tmp_path: Path) -> None:
    with prism_before(carrier.api_url, tmp_path, "twilio_trusthub_v1") as url:
        assert reader(url).approval() is Approval.INDIVIDUAL


def test_dialling_permissions_are_as_twilio_describes_them(carrier: PretendCarrier, tmp_path: Path) -> None:
    with prism_before(carrier.api_url, tmp_path, "twilio_voice_v1") as url:
        assert reader(url).dialling("US") == DiallingFacts(ordinary=True, special=False, toll_fraud=True)


def test_permissions_for_texts_are_narrowed_by_country(carrier: PretendCarrier) -> None:
    url = f"{carrier.api_url}/v1/Messaging/GeoPermissions"
    (found,) = requests.get(url, {"CountryCode": "LT"}, auth=(ACCOUNT, TOKEN), timeout=5).json()["permissions"]
    assert found == {"country_code": "LT", "type": "country", "enabled": False}


@pytest.mark.parametrize(
    "path", ["/v1/CustomerProfiles", "/v1/DialingPermissions/Countries/US", "/v1/Messaging/GeoPermissions"]
)
def test_newer_resources_want_the_password_too(carrier: PretendCarrier, path: str) -> None:
    assert requests.get(f"{carrier.api_url}{path}", auth=(ACCOUNT, "wrong"), timeout=5).status_code == 401
    assert requests.get(f"{carrier.api_url}{path}", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 200


def test_other_account_is_not_found(carrier: PretendCarrier) -> None:
    url = f"{carrier.api_url}/2010-04-01/Accounts/AC{'9' * 32}.json"
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 404


def refusal_of_text(carrier: PretendCarrier, to: str) -> int | None:
    """Text somebody and return the number of the refusal, if it was one."""
    url = f"{carrier.api_url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = requests.post(url, {"To": to, "From": NUMBER, "Body": "x"}, auth=(ACCOUNT, TOKEN), timeout=5)
    code = answer.json().get("code")
    return None if code is None else int(code)


@pytest.mark.parametrize(
    ("to", "code"),
    [(CALLER, None), ("+16135550123", None), ("+385912345678", 21408), ("+18765550123", 21408), (NUMBER, 21266)],
)
def test_a_text_goes_only_where_the_account_may_text(carrier: PretendCarrier, to: str, code: int | None) -> None:
    assert refusal_of_text(carrier, to) == code


def test_a_number_that_takes_no_texts_sends_none(carrier: PretendCarrier) -> None:
    carrier.ledger.takes_texts = False
    assert refusal_of_text(carrier, CALLER) == 21606

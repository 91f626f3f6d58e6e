"""Numbers, and lists of calls and recordings, as Twilio's own OpenAPI (through Prism) and our own adapters see them.

Clearing a setting by an empty value is not in that description, though everybody does it: connecting reads back what
became of it. Pages that follow are not tried here, for Prism does not know its own address in them.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.adapters.twilio_rest.books import NOON, NUMBER, a_carrier, account_of, rang, recorded
from tests.simulator.prism import prism_before
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioListing, TwilioNumbers
from voicebot.adapters.twilio_rest.client import open_client
from voicebot.simulator import CarrierOptions, PretendCarrier
from voicebot.telephony.urls import HotlineUrls, with_retries

URLS = HotlineUrls("https://hotline.example")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PretendCarrier, TwilioAccount]]:
    """A carrier whose API is held to Twilio's OpenAPI, and the account as our adapters reach it through Prism."""
    with (
        a_carrier(CarrierOptions(absolute_page_uris=True)) as carrier,
        prism_before(carrier.api_url, tmp_path_factory.mktemp("prism")) as url,
    ):
        yield carrier, account_of(carrier, api_url=url)


Checked = tuple[PretendCarrier, TwilioAccount]


def test_every_setting_is_changed_and_read_back_as_twilio_describes_it(checked: Checked) -> None:
    carrier, account = checked
    numbers = TwilioNumbers(account)
    wanted = {
        "voice_url": with_retries(URLS.voice()),
        "voice_method": "GET",
        "voice_fallback_url": with_retries(URLS.fallback()),
        "voice_fallback_method": "GET",
        "status_callback": with_retries(URLS.status()),
        "status_callback_method": "GET",
        "sms_url": with_retries(URLS.sms()),
        "sms_method": "GET",
        "sms_fallback_url": with_retries(URLS.sms()),
        "sms_fallback_method": "GET",
        "voice_receive_mode": "fax",
        "trunk_sid": "TK" + "1" * 32,
        "voice_application_sid": "AP" + "1" * 32,
        "sms_application_sid": "AP" + "2" * 32,
    }
    numbers.change(carrier.ledger.number_sid, wanted)
    found = numbers.find(NUMBER)
    assert found is not None
    assert found.settings == wanted


def test_numbers_on_which_nothing_is_set_are_listed_too(checked: Checked) -> None:
    carrier, account = checked
    carrier.ledger.other_numbers["PN" + "7" * 32] = "+15035550177"
    assert {each.number for each in TwilioNumbers(account).all()} == {NUMBER, "+15035550177"}


def test_calls_and_recordings_are_listed_as_twilio_describes_it(checked: Checked) -> None:
    carrier, account = checked
    listing = TwilioListing(account)
    calls = {rang(carrier, NOON + timedelta(minutes=minute)) for minute in range(3)}
    rang(carrier, NOON - timedelta(days=1))
    recordings = {recorded(carrier, NOON + timedelta(minutes=minute)) for minute in range(3)}
    assert {call.carrier_call_id for call in listing.calls_to(NUMBER, since=NOON)} == calls
    assert {each.recording_sid for each in listing.recordings(since=NOON)} == recordings
    assert listing.call(next(iter(calls)), to=NUMBER) is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"voice_url": "voice"}, 21502),
        ({"sms_url": "/sms"}, 21504),
        ({"status_callback": "x"}, 21505),
        ({"voice_fallback_url": "x"}, 21506),
        ({"sms_fallback_url": "x"}, 21507),
        ({"voice_method": "PUT"}, 21503),
    ],
)
def test_what_is_no_address_is_refused(change: dict[str, str], code: int) -> None:
    with a_carrier() as carrier:
        client = open_client(account_of(carrier))
        before = carrier.ledger.settings
        with pytest.raises(TwilioRestException) as refusal:
            client.incoming_phone_numbers(carrier.ledger.number_sid).update(**change)
        assert (refusal.value.status, refusal.value.code) == (400, code)
        assert carrier.ledger.settings == before

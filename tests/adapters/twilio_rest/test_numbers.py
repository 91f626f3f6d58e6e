"""The account's numbers through the real client: read, found by their whole form, changed, their groups."""

from collections.abc import Iterator

import pytest

from tests.adapters.twilio_rest.books import NUMBER, a_carrier, account_of
from voicebot.adapters.twilio_rest import TwilioNumbers
from voicebot.errors import Refused, Unavailable
from voicebot.service.ports import CarrierNumber
from voicebot.simulator import PretendCarrier, Trouble
from voicebot.simulator.ledger import MessagingService

OTHER, OTHER_SID = NUMBER + "7", "PN" + "7" * 32


@pytest.fixture
def carrier() -> Iterator[PretendCarrier]:
    """A carrier with two numbers, one of which begins with all of the other."""
    with a_carrier() as carrier:
        carrier.ledger.other_numbers[OTHER_SID] = OTHER
        yield carrier


@pytest.fixture
def numbers(carrier: PretendCarrier) -> TwilioNumbers:
    """The adapter."""
    return TwilioNumbers(account_of(carrier))


def mine(numbers: TwilioNumbers) -> CarrierNumber:
    found = numbers.find(NUMBER)
    assert found is not None
    return found


def test_every_number_of_the_account_is_listed(numbers: TwilioNumbers) -> None:
    assert [each.number for each in numbers.all()] == [NUMBER, OTHER]


def test_a_number_is_found_by_its_whole_form_only(carrier: PretendCarrier, numbers: TwilioNumbers) -> None:
    assert mine(numbers).sid == carrier.ledger.number_sid
    assert numbers.find(NUMBER[:-2]) is None


def test_settings_are_told_and_what_is_not_set_is_empty(carrier: PretendCarrier, numbers: TwilioNumbers) -> None:
    settings = mine(numbers).settings
    assert settings["voice_url"] == carrier.ledger.settings.voice_url
    assert (settings["voice_method"], settings["sms_fallback_url"], settings["trunk_sid"]) == ("POST", "", "")


@pytest.mark.parametrize(("calls", "texts"), [(True, True), (True, False), (False, True)])
def test_what_a_number_takes_is_told(carrier: PretendCarrier, numbers: TwilioNumbers, calls: bool, texts: bool) -> None:
    carrier.ledger.takes_calls, carrier.ledger.takes_texts = calls, texts
    assert (mine(numbers).takes_calls, mine(numbers).takes_texts) == (calls, texts)


def test_a_change_sets_and_clears_and_leaves_the_rest(carrier: PretendCarrier, numbers: TwilioNumbers) -> None:
    carrier.ledger.change_settings(trunk_sid="TK" + "1" * 32, sms_url="https://a.example/sms")
    numbers.change(carrier.ledger.number_sid, {"voice_url": "https://b.example/voice#rc=1&rp=5xx", "trunk_sid": ""})
    settings = mine(numbers).settings
    assert (settings["voice_url"], settings["trunk_sid"]) == ("https://b.example/voice#rc=1&rp=5xx", "")
    assert settings["sms_url"] == "https://a.example/sms"


def test_a_number_outside_every_service_has_no_group(carrier: PretendCarrier, numbers: TwilioNumbers) -> None:
    other = MessagingService(has_number=False)
    carrier.ledger.services[other.sid] = other
    assert numbers.text_group_of(carrier.ledger.number_sid) is None


def test_the_service_that_holds_the_number_is_found_and_switched(
    carrier: PretendCarrier, numbers: TwilioNumbers
) -> None:
    for service in (MessagingService(has_number=False), MessagingService(name="ours")):
        carrier.ledger.services[service.sid] = service
    group = numbers.text_group_of(carrier.ledger.number_sid)
    assert group is not None
    assert (group.name, group.sends_to_number) == ("ours", False)
    numbers.send_texts_to_number(group.sid, is_on=True)
    again = numbers.text_group_of(carrier.ledger.number_sid)
    assert again is not None
    assert again.sends_to_number


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.SERVER_ERROR])
def test_a_carrier_in_trouble_is_unavailable(carrier: PretendCarrier, numbers: TwilioNumbers, trouble: Trouble) -> None:
    sid = carrier.ledger.number_sid
    for ask in (
        numbers.all,
        lambda: numbers.find(NUMBER),
        lambda: numbers.change(sid, {"sms_url": "https://b.example"}),
        lambda: numbers.text_group_of(sid),
        lambda: numbers.send_texts_to_number("MG" + "1" * 32, is_on=True),
    ):
        carrier.ledger.troubles.append(trouble)
        with pytest.raises(Unavailable):
            ask()


def test_a_wrong_token_is_a_refusal_with_its_cure(carrier: PretendCarrier) -> None:
    with pytest.raises(Refused, match="HTTP 401; check TWILIO_ACCOUNT_SID") as refusal:
        TwilioNumbers(account_of(carrier, auth_token="wrong")).find(NUMBER)
    assert refusal.value.code == "carrier-refused"
    assert NUMBER not in str(refusal.value)


def test_a_number_that_left_the_account_is_a_refusal(numbers: TwilioNumbers) -> None:
    with pytest.raises(Refused, match=r"HTTP 404, error 20404, see .*/20404; check that the number"):
        numbers.change("PN" + "9" * 32, {"sms_url": "https://b.example"})

"""Messaging Services and registrations as Twilio's own client and Twilio's own OpenAPI (through Prism) see them."""

from collections.abc import Iterator

import pytest

from tests.simulator.prism import prism_before
from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioAccountReader, TwilioNumbers
from voicebot.simulator import AccountOptions, CarrierOptions, MessagingService, PretendCarrier

Checked = tuple[PretendCarrier, TwilioAccount]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    """A carrier whose answers are held to Twilio's description of messaging."""
    options = CarrierOptions(account=AccountOptions(toll_free_state="TWILIO_APPROVED"))
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:1", options=options) as carrier:
        carrier.serve_api()
        folder = tmp_path_factory.mktemp("prism")
        with prism_before(carrier.api_url, folder, "twilio_messaging_v1") as url:
            yield (
                carrier,
                TwilioAccount(
                    account_sid=ACCOUNT, auth_token=TOKEN, sender=NUMBER, status_callback_url="", api_url=url
                ),
            )


@pytest.fixture
def service(checked: Checked) -> Iterator[MessagingService]:
    """A service with our number, for one test; another without it stands before it."""
    carrier, _ = checked
    other, ours = MessagingService(has_number=False), MessagingService(campaign_states=("PENDING", "VERIFIED"))
    carrier.ledger.services.update({other.sid: other, ours.sid: ours})
    yield ours
    carrier.ledger.services.clear()


def test_number_is_in_no_service(checked: Checked) -> None:
    carrier, account = checked
    assert TwilioNumbers(account).text_group_of(carrier.ledger.number_sid) is None


def test_service_of_the_number_is_found_and_its_switch_set(checked: Checked, service: MessagingService) -> None:
    carrier, account = checked
    numbers = TwilioNumbers(account)
    before = numbers.text_group_of(carrier.ledger.number_sid)
    numbers.send_texts_to_number(service.sid, is_on=True)
    after = numbers.text_group_of(carrier.ledger.number_sid)
    assert before is not None
    assert after is not None
    assert (before.sid, before.sends_to_number, after.sends_to_number) == (service.sid, False, True)


def test_campaigns_are_listed(checked: Checked, service: MessagingService) -> None:
    _, account = checked
    assert TwilioAccountReader(account).campaign_states(service.sid) == ("PENDING", "VERIFIED")


def test_toll_free_verification_is_listed_for_its_number(checked: Checked) -> None:
    carrier, account = checked
    assert TwilioAccountReader(account).toll_free_state(carrier.ledger.number_sid) == "TWILIO_APPROVED"

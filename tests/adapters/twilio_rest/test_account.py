"""The account as Twilio's own client reads it from the pretend carrier, which is held to Twilio's OpenAPI elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN
from voicebot.adapters.twilio_rest import TwilioAccount, TwilioAccountReader
from voicebot.errors import Unavailable
from voicebot.service.ports.account import Approval, CarrierSaidNo, DiallingFacts
from voicebot.simulator import AccountOptions, CarrierOptions, MessagingService, PacedClock, PretendCarrier, Trouble

Open = Callable[..., tuple[PretendCarrier, TwilioAccountReader]]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open a carrier with account options by name, and a reader of it."""
    with ExitStack() as stack:

        def open_one(
            *, token: str = TOKEN, clock_ahead_s: float = 0.0, **account: object
        ) -> tuple[PretendCarrier, TwilioAccountReader]:
            options = CarrierOptions(
                account=AccountOptions(**account),  # type: ignore[arg-type]
                clock_ahead_s=clock_ahead_s,
            )
            carrier = stack.enter_context(
                PretendCarrier(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:1", clock=PacedClock(), options=options)
            )
            return carrier, reader(carrier.serve_api(), token)

        yield open_one


def reader(url: str, token: str = TOKEN) -> TwilioAccountReader:
    """Return a reader of the API at a URL."""
    return TwilioAccountReader(
        TwilioAccount(account_sid=ACCOUNT, auth_token=token, sender=NUMBER, status_callback_url="", api_url=url)
    )


@pytest.mark.parametrize(("status", "is_trial"), [("active", False), ("active", True), ("suspended", False)])
def test_account_is_read_with_the_carriers_time(opened: Open, status: str, is_trial: bool) -> None:
    _, account = opened(status=status, is_trial=is_trial, clock_ahead_s=3600)
    facts = account.account()
    assert (facts.status, facts.is_trial) == (status, is_trial)
    assert facts.carrier_time is not None
    ahead = facts.carrier_time - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead <= timedelta(minutes=60)


def test_wrong_token_is_a_refusal_with_its_number(opened: Open) -> None:
    _, account = opened(token="wrong")
    with pytest.raises(CarrierSaidNo) as refusal:
        account.account()
    assert (refusal.value.status, refusal.value.code) == (401, 20003)


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.SERVER_ERROR])
def test_busy_or_broken_carrier_is_unavailable(opened: Open, trouble: Trouble) -> None:
    carrier, account = opened()
    carrier.ledger.troubles.append(trouble)
    with pytest.raises(Unavailable, match="read the account"):
        account.account()


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="dialling"):
        reader("http://127.0.0.1:1").dialling("US")


@pytest.mark.parametrize(
    ("profile", "approval"),
    [("business", Approval.BUSINESS), ("individual", Approval.INDIVIDUAL), ("", Approval.NONE)],
)
def test_approved_profile_is_read(opened: Open, profile: str, approval: Approval) -> None:
    assert opened(approved_profile=profile)[1].approval() is approval


def test_dialling_permissions_are_read_by_country(opened: Open) -> None:
    _, account = opened(may_ring=frozenset({"US"}), may_ring_premium=True)
    assert account.dialling("US") == DiallingFacts(ordinary=True, special=True, toll_fraud=False)
    assert account.dialling("LT") == DiallingFacts(ordinary=False, special=True, toll_fraud=False)
    with pytest.raises(CarrierSaidNo):
        account.dialling("XX")


def test_countries_that_may_be_texted_are_read(opened: Open) -> None:
    texted = opened(may_text=frozenset({"US", "LT"}))[1].texting()
    assert {country for country, is_open in texted.items() if is_open} == {"US", "LT"}
    assert texted["HR"] is False


def test_campaigns_of_a_messaging_service_are_read(opened: Open) -> None:
    carrier, account = opened()
    service = MessagingService(campaign_states=("PENDING", "VERIFIED"))
    carrier.ledger.services[service.sid] = service
    assert account.campaign_states(service.sid) == ("PENDING", "VERIFIED")
    with pytest.raises(CarrierSaidNo):
        account.campaign_states("MG" + "0" * 32)


def test_toll_free_verification_is_read(opened: Open) -> None:
    carrier, account = opened(toll_free_state="IN_REVIEW")
    assert account.toll_free_state(carrier.ledger.number_sid) == "IN_REVIEW"
    assert account.toll_free_state("PN" + "0" * 32) == ""

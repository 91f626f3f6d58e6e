"""Rings people through the pretend carrier's API, and tells its endings apart."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from voicebot.adapters.twilio_rest import TwilioAccount, TwilioCalls
from voicebot.domain.canary import CanarySpeech
from voicebot.errors import Unavailable
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain
from voicebot.simulator import Caller, PacedClock, PretendCarrier, Trouble, picked_up_by
from voicebot.telephony.canary_twiml import LONGEST
from voicebot.telephony.urls import HotlineUrls

NUMBER, OWNER, NOWHERE = "+12025550100", "+12025550161", "http://127.0.0.1:9"
SECOND = "+12025550177"
SPEECH = CanarySpeech(words="My parcel is late.", locale="en", after=timedelta(seconds=18))
LIMITS = {"ring_for": timedelta(seconds=20), "longest": timedelta(hours=1)}


@pytest.fixture
def carrier() -> Iterator[PretendCarrier]:
    """A carrier with its API open; its hotline answers nothing."""
    with PretendCarrier("AC" + "1" * 32, "token", NUMBER, NOWHERE, clock=PacedClock(20)) as carrier:
        carrier.serve_api()
        yield carrier


@pytest.fixture
def calls(carrier: PretendCarrier) -> TwilioCalls:
    """The adapter."""
    account = TwilioAccount(
        account_sid=carrier.ledger.account_sid,
        auth_token="token",
        sender=NUMBER,
        status_callback_url=NOWHERE,
        api_url=carrier.api_url,
    )
    return TwilioCalls(account, HotlineUrls(NOWHERE))


def test_a_number_is_rung_from_ours_and_the_call_is_found_again(carrier: PretendCarrier, calls: TwilioCalls) -> None:
    carrier.phones[OWNER] = picked_up_by(Caller(), after_s=60)
    began = carrier.clock.now()
    sid = calls.ring(OWNER, "c1", **LIMITS)
    line = carrier.ledger.calls[sid].line
    assert (line.from_number, line.to_number, line.most_s) == (NUMBER, OWNER, 3600)
    assert list(calls.find(OWNER, began)) == [sid]
    assert list(calls.find(OWNER, began + timedelta(hours=1))) == []
    assert not calls.is_over(sid)
    line.wait(30)
    assert calls.is_over(sid)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.BUSY, CallBusy),
        (Trouble.SERVER_ERROR_AFTER_ACTION, CallUncertain),
        (Trouble.SERVER_ERROR, CallUncertain),
    ],
)
def test_endings_are_told_apart(
    carrier: PretendCarrier, calls: TwilioCalls, trouble: Trouble, error: type[Exception]
) -> None:
    carrier.ledger.troubles.append(trouble)
    with pytest.raises(error):
        calls.ring(OWNER, "c1", **LIMITS)


def test_a_number_that_may_not_be_rung_is_refused_with_the_carriers_number(calls: TwilioCalls) -> None:
    with pytest.raises(CallRefused) as refusal:
        calls.ring("+442079460000", "c1", **LIMITS)
    assert refusal.value.code == 21215


def test_a_carrier_that_cannot_be_asked_is_unavailable(carrier: PretendCarrier, calls: TwilioCalls) -> None:
    for ask in (lambda: calls.find(OWNER, carrier.clock.now()), lambda: calls.is_over("CA" + "1" * 32)):
        carrier.ledger.troubles.append(Trouble.SERVER_ERROR)
        with pytest.raises(Unavailable):
            ask()
    assert calls.is_over("CA" + "1" * 32), "a call that the carrier does not know is over"


def test_our_own_number_is_rung_from_another_of_ours(carrier: PretendCarrier, calls: TwilioCalls) -> None:
    began = carrier.clock.now()
    with pytest.raises(CallRefused) as refused:
        calls.ring_self(NUMBER, sender=SECOND, speech=SPEECH)
    assert refused.value.code == 21210
    carrier.ledger.other_numbers["PN" + "7" * 32] = SECOND
    sid = calls.ring_self(NUMBER, sender=SECOND, speech=SPEECH)
    line = carrier.ledger.calls[sid].line
    assert (line.from_number, line.to_number, line.most_s) == (SECOND, NUMBER, LONGEST.total_seconds())
    assert sid in calls.find(NUMBER, began, sender=SECOND)
    assert list(calls.find(NUMBER, began)) == []


def test_live_call_is_recorded_once_it_is_answered_and_the_recording_is_found_and_stopped(
    carrier: PretendCarrier, calls: TwilioCalls
) -> None:
    carrier.phones[OWNER] = picked_up_by(Caller())
    sid = calls.ring(OWNER, "c1", **LIMITS)
    with pytest.raises(CallRefused) as refusal:
        calls.record("CA" + "1" * 32, "c1")
    assert (refusal.value.code, calls.recordings_of(sid)) == (20404, ())
    carrier.ledger.calls[sid].line.wait(30)
    with pytest.raises(CallRefused) as late:
        calls.record(sid, "c1")
    assert late.value.code == 21220
    calls.stop_recording(sid, "RE" + "1" * 32)  # over or unknown: nothing is left to do


def test_carrier_that_cannot_be_asked_records_nothing_for_certain(carrier: PretendCarrier, calls: TwilioCalls) -> None:
    sid = "CA" + "1" * 32
    for ask in (
        lambda: calls.record(sid, "c1"),
        lambda: calls.recordings_of(sid),
        lambda: calls.stop_recording(sid, "RE" + "1" * 32),
    ):
        carrier.ledger.troubles.append(Trouble.SERVER_ERROR)
        with pytest.raises(Unavailable):
            ask()

"""Calls, texts and callbacks of the pretend carrier as a hotline sees them."""

from datetime import UTC, datetime

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import ACCOUNT, CALLER, NUMBER, TOKEN, Answer, StandIn, client_of
from voicebot.simulator import (
    Caller,
    CarrierOptions,
    MessagingService,
    NotLoopback,
    PretendCarrier,
    Redelivery,
    SteppedClock,
    Told,
    hang_up,
)

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HANDSET = "+15035550188"


def statuses(hotline: StandIn, count: int = 2) -> list[str]:
    """The states that receipts told, in order of arrival."""
    return [seen.form["MessageStatus"] for seen in hotline.await_requests("/receipts", count)]


def test_webhook_carries_every_field_and_unknown_ones(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Hangup/>")
    call = make_carrier().ring(CALLER, Caller(), forwarded_from="+15035550111").wait(10)
    form = hotline.to("/twilio/voice")[0].form
    assert hotline.to("/twilio/voice")[0].is_signed
    assert form == {
        "CallSid": call.sid,
        "AccountSid": ACCOUNT,
        "From": CALLER,
        "To": NUMBER,
        "Caller": CALLER,
        "Called": NUMBER,
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        "ForwardedFrom": "+15035550111",
        "StirVerstat": "TN-Validation-Passed-A",
        "CallToken": form["CallToken"],
        "VoicebotNeverHeardOf": "1",
        **{f"{side}Country": "US" for side in ("From", "Caller", "To", "Called")},
        **{f"{side}City": "PORTLAND" for side in ("From", "Caller", "To", "Called")},
        **{f"{side}State": "OR" for side in ("From", "Caller", "To", "Called")},
        **{f"{side}Zip": "97201" for side in ("From", "Caller", "To", "Called")},
    }


@pytest.mark.parametrize("from_number", ["Restricted", "+266696687", "client:joe", "sip:joe@example.org"])
def test_withheld_caller_has_no_place(hotline: StandIn, make_carrier: MakeCarrier, from_number: str) -> None:
    hotline.answers("/twilio/voice", "<Hangup/>")
    make_carrier().ring(from_number, Caller()).wait(10)
    form = hotline.to("/twilio/voice")[0].form
    assert (form["From"], form["FromCity"], form["CallerZip"]) == (from_number, "", "")


def test_places_may_be_unknown(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Hangup/>")
    make_carrier(knows_geo=False, extra_fields={}).ring(CALLER, Caller()).wait(10)
    form = hotline.to("/twilio/voice")[0].form
    assert (form["FromCountry"], "VoicebotNeverHeardOf" in form) == ("", False)


def test_end_of_call_is_told_once(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Pause length="90"/>')
    hotline.answers("/twilio/voice/status", "")
    carrier = make_carrier()
    call = carrier.ring(CALLER, Caller().at(61.0, hang_up())).wait(10)
    (seen,) = hotline.await_requests("/twilio/voice/status")
    wanted = {
        "CallSid": call.sid,
        "CallStatus": "completed",
        "CallDuration": "61",
        "Duration": "2",
        "SequenceNumber": "0",
    }
    assert wanted.items() <= seen.form.items()
    assert seen.is_signed
    assert carrier.ledger.calls[call.sid].ended_at is not None


def test_callbacks_may_come_twice(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Hangup/>")
    hotline.answers("/twilio/voice/status", "")
    make_carrier(callbacks_doubled=True).ring(CALLER, Caller()).wait(10)
    first, second = hotline.await_requests("/twilio/voice/status", 2)
    assert first.form == second.form


def test_callbacks_may_come_late(hotline: StandIn) -> None:
    clock = SteppedClock(START)
    hotline.answers("/twilio/voice", "<Hangup/>")
    hotline.answers("/twilio/voice/status", "")
    options = CarrierOptions(callbacks_late_s=600.0)
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, hotline.url, clock=clock, options=options) as carrier:
        call = carrier.ring(CALLER, Caller())
        clock.run_until(lambda: call.is_over)
        clock.advance(599.0)
        assert hotline.to("/twilio/voice/status") == []
        clock.advance(2.0)
        assert len(hotline.to("/twilio/voice/status")) == 1
        assert carrier.callbacks[0].status == 200


def test_lost_callback_is_not_sent_again(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Hangup/>")
    hotline.answers("/twilio/voice/status", Answer("", status=500))
    carrier = make_carrier()
    carrier.ring(CALLER, Caller()).wait(10)
    hotline.await_requests("/twilio/voice/status")
    carrier.close()
    assert [delivery.status for delivery in carrier.callbacks] == [None]
    assert len(hotline.to("/twilio/voice/status")) == 1


@pytest.mark.parametrize(("reordered", "order"), [(False, ["sent", "delivered"]), (True, ["delivered", "sent"])])
def test_receipts_come_in_order_or_not(hotline: StandIn, *, reordered: bool, order: list[str]) -> None:
    hotline.answers("/receipts", "")
    clock = SteppedClock(START)
    options = CarrierOptions(callbacks_reordered=reordered)
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, hotline.url, clock=clock, options=options) as carrier:
        client = client_of(carrier.serve_api())
        client.messages.create(to=HANDSET, from_=NUMBER, body="case", status_callback=f"{hotline.url}/receipts")
        clock.advance(10.0)
        assert statuses(hotline) == order


@pytest.mark.parametrize(
    ("group", "told", "order", "code"),
    [
        ("landlines", Told.BY_RECEIPT, ["sent", "undelivered"], "30006"),
        ("landlines", Told.AT_CREATE, [], "21614"),
        ("opted_out", Told.BY_RECEIPT, ["failed"], "21610"),
        ("opted_out", Told.AT_CREATE, [], "21610"),
        ("unreachable", Told.BY_RECEIPT, ["sent", "undelivered"], "30003"),
    ],
)
def test_text_that_cannot_arrive_is_told_as_the_option_says(
    hotline: StandIn, make_carrier: MakeCarrier, *, group: str, told: Told, order: list[str], code: str
) -> None:
    hotline.answers("/receipts", "")
    carrier = make_carrier(landline_told=told, opt_out_told=told)
    getattr(carrier.ledger, group).add(HANDSET)
    client = client_of(carrier.serve_api())
    callback = f"{hotline.url}/receipts"
    if not order:
        with pytest.raises(TwilioRestException) as refusal:
            client.messages.create(to=HANDSET, from_=NUMBER, body="case", status_callback=callback)
        assert str(refusal.value.code) == code
        return
    client.messages.create(to=HANDSET, from_=NUMBER, body="case", status_callback=callback)
    assert statuses(hotline, len(order)) == order
    assert hotline.to("/receipts")[-1].form["ErrorCode"] == code


def test_inbound_text_is_signed_and_its_replies_are_returned(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/sms", "<Message>We <Body>heard</Body> you</Message>")
    sent = make_carrier().text(HANDSET, "When will you call?")
    (seen,) = hotline.to("/twilio/sms")
    assert (sent.status, sent.replies) == (200, ("We heard you",))
    wanted = {
        "MessageSid": sent.message_sid,
        "From": HANDSET,
        "To": NUMBER,
        "Body": "When will you call?",
        "NumMedia": "0",
    }
    assert wanted.items() <= seen.form.items()
    assert (seen.is_signed, "OptOutType" in seen.form) == (True, False)


def test_stop_and_start_change_who_may_be_texted(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/sms", "")
    carrier = make_carrier()
    carrier.text(HANDSET, " stop ")
    assert carrier.ledger.opted_out == {HANDSET}
    carrier.text(HANDSET, "Start")
    assert carrier.ledger.opted_out == set()
    carrier.text(HANDSET, "help")
    assert [seen.form["OptOutType"] for seen in hotline.to("/twilio/sms")] == ["STOP", "START", "HELP"]


def test_inbound_text_may_come_twice_or_not_at_all(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/sms", "")
    make_carrier(redelivery=Redelivery.SECOND_ANSWER).text(HANDSET, "hello")
    first, second = hotline.to("/twilio/sms")
    assert first.form == second.form
    hotline.answers("/twilio/sms", Answer("", status=500))
    assert make_carrier().text(HANDSET, "hello").status is None


@pytest.mark.parametrize(
    ("uses_number", "inbound", "reached"),
    [(True, "", "/twilio/sms"), (False, "/elsewhere", "/elsewhere"), (False, "", "")],
)
def test_a_messaging_service_takes_the_texts_of_its_number(
    hotline: StandIn, make_carrier: MakeCarrier, *, uses_number: bool, inbound: str, reached: str
) -> None:
    hotline.answers("/twilio/sms", "")
    hotline.answers("/elsewhere", "")
    carrier = make_carrier()
    service = MessagingService(uses_number_webhook=uses_number, inbound_url=inbound and f"{hotline.url}{inbound}")
    carrier.ledger.services[service.sid] = service
    told = carrier.text(HANDSET, "hello")
    assert [seen.path for seen in hotline.requests] == ([reached] if reached else [])
    assert told.status == (200 if reached else None)


def test_only_this_machine_can_be_rung() -> None:
    with pytest.raises(NotLoopback, match="only to this machine"):
        PretendCarrier(ACCOUNT, TOKEN, NUMBER, "https://hotline.example")


def test_whole_call_and_its_receipts_run_on_stepped_time(hotline: StandIn) -> None:
    clock = SteppedClock(START)
    hotline.answers("/twilio/voice", '<Pause length="30"/>')
    hotline.answers("/receipts", "")
    with PretendCarrier(ACCOUNT, TOKEN, NUMBER, hotline.url, clock=clock) as carrier:
        client = client_of(carrier.serve_api())
        call = carrier.ring(CALLER, Caller())
        clock.run_until(lambda: call.is_over)
        assert (call.duration_s, clock.elapsed_s()) == (30.0, pytest.approx(30.0))
        client.messages.create(to=HANDSET, from_=NUMBER, body="case", status_callback=f"{hotline.url}/receipts")
        clock.advance(10.0)
        assert statuses(hotline) == ["sent", "delivered"]


def test_closing_the_carrier_ends_running_calls(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Pause length="600"/>')
    carrier = make_carrier(pace=1.0)
    call = carrier.ring(CALLER, Caller())
    hotline.await_requests("/twilio/voice")
    carrier.close()
    assert (call.is_over, call.ended_by) == (True, "carrier")

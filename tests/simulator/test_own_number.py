"""A call that the account makes to its own number: two legs, two sids, and what one plays the other says."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, NUMBER, Answer, StandIn, client_of
from voicebot.simulator import Caller, Happening, LineCall, PretendCarrier, sound

SECOND = "+15035550177"


def ordered(hotline: StandIn, carrier: PretendCarrier, twiml: str, **more: Any) -> LineCall:
    carrier.ledger.other_numbers["PN" + "7" * 32] = SECOND
    url = carrier.serve_api()
    hotline.serves_clip("/clip.wav", 1.0)
    call = client_of(url).calls.create(to=NUMBER, from_=SECOND, twiml=f"<Response>{twiml}</Response>", **more)
    return carrier.ledger.calls[str(call.sid)].line


def incoming(carrier: PretendCarrier) -> LineCall:
    lines = [entry.line for entry in carrier.ledger.calls.values()]
    return next(line for line in lines if line.direction == "inbound")


def test_the_other_leg_comes_in_as_a_call_of_its_own_from_the_number_of_the_order(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    hotline.answers("/twilio/voice", '<Pause length="5"/>')
    carrier = make_carrier(pace=5.0)
    leg = ordered(hotline, carrier, '<Pause length="1"/><Hangup/>').wait(20)
    asked = hotline.await_requests("/twilio/voice")[0].form
    assert (asked["From"], asked["To"], asked["Direction"]) == (SECOND, NUMBER, "inbound")
    assert asked["CallSid"] == incoming(carrier).sid != leg.sid
    assert incoming(carrier).wait(20).ended_by == "caller"
    assert (leg.status, leg.direction) == ("completed", "outbound-api")


def test_what_it_plays_is_heard_and_its_keys_are_pressed(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Gather numDigits="2" timeout="20" action="/keyed"/>')
    hotline.answers("/keyed", '<Pause length="5"/>')
    carrier = make_carrier(pace=5.0)
    twiml = f'<Pause length="1"/><Play>{hotline.url}/clip.wav</Play><Play digits="1w#"/><Pause length="2"/>'
    ordered(hotline, carrier, twiml).wait(20)
    assert hotline.await_requests("/keyed")[0].form["Digits"] == "1"
    heard = bytes(incoming(carrier).wait(20).caller_track)
    assert sum(sound.is_voice(heard[at : at + 160]) for at in range(0, len(heard), 160)) >= 40


def test_both_legs_end_when_the_hotline_hangs_up(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Pause length="1"/><Hangup/>')
    carrier = make_carrier(pace=5.0)
    leg = ordered(hotline, carrier, '<Pause length="60"/>').wait(20)
    assert (incoming(carrier).ended_by, leg.ended_by) == ("hotline", "caller")
    assert leg.duration_s < 10


def test_a_hotline_that_turns_the_call_away_is_busy_for_the_order(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Reject reason="busy"/>')
    carrier = make_carrier(pace=5.0)
    assert ordered(hotline, carrier, '<Pause length="60"/>').wait(20).status == "busy"


def test_a_hotline_that_is_away_lets_both_legs_end(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", Answer("", status=500))
    carrier = make_carrier(pace=5.0)
    leg = ordered(hotline, carrier, '<Pause length="60"/>').wait(20)
    assert leg.is_over
    assert incoming(carrier).errors


def test_only_a_number_of_the_account_may_be_shown(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    with pytest.raises(TwilioRestException) as refused:
        client_of(carrier.serve_api()).calls.create(to=NUMBER, from_=CALLER, twiml="<Response/>")
    assert refused.value.code == 21210


def test_keys_are_not_pressed_where_nobody_is_at_the_other_end(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Play digits="12"/><Hangup/>')
    call = make_carrier(pace=5.0).ring(CALLER, Caller()).wait(10)
    assert [event for event in call.transcript if event.kind is Happening.PRESSED] == []

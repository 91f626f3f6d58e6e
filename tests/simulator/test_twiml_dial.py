"""`<Dial>`: a second leg is rung, hears its whisper, is connected, and what came of it is told."""

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import ACCOUNT, CALLER, NUMBER, Answer, StandIn
from voicebot.simulator import (
    AfterFailedWhisper,
    Caller,
    LineCall,
    Phone,
    PretendCarrier,
    busy,
    hang_up,
    not_in_service,
    picked_up_by,
    press,
    rings_out,
    sound,
    speak,
    voicemail,
)

OTHER = "+15035550177"
STAY = '<Gather numDigits="1" timeout="5" action="/end"/>'
SCREEN = (
    '<Gather numDigits="1" timeout="3" actionOnEmptyResult="true" action="/agree">'
    "<Play>/a.wav?prompt=ask</Play></Gather>"
)
AGREES = Caller().after("ask", press("1"))


def saying(seconds: float) -> bytes:
    """A clip of somebody's voice, as a tone."""
    return sound.pcm_wav(sound.tone(500) * round(seconds / 0.02))


def ring(
    hotline: StandIn,
    carrier: PretendCarrier,
    caller: Caller | None = None,
    *,
    number: str = 'url="/whisper"',
    dial: str = "",
) -> LineCall:
    """Ring the hotline, which dials OTHER, and wait for the end of both legs."""
    hotline.serves_clip("/a.wav", 1.0)
    noun = f"<Number {number}>{OTHER}</Number>"
    hotline.answers("/twilio/voice", f'<Dial action="/after" callerId="{NUMBER}" timeout="20" {dial}>{noun}</Dial>')
    hotline.answers("/whisper", SCREEN + "<Hangup/>")
    hotline.answers("/agree", "")
    hotline.answers("/after", STAY)
    hotline.answers("/end", "<Hangup/>")
    return carrier.ring(CALLER, caller or Caller()).wait(20)


def result(hotline: StandIn) -> tuple[str | None, ...]:
    """What `action` was told of the called leg."""
    (seen,) = hotline.to("/after")
    return tuple(seen.form.get(name) for name in ("DialCallStatus", "DialBridged", "DialCallDuration"))


def test_who_agrees_to_the_whisper_is_connected(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = picked_up_by(AGREES.after("bridged", press("5"), hang_up()))
    call = ring(hotline, carrier)
    (leg,) = carrier.ledger.calls_to(OTHER)
    assert result(hotline) == ("completed", "true", "1")
    assert hotline.to("/after")[0].form["DialCallSid"] == leg.sid
    assert (leg.heard, leg.ended_by, call.heard) == (("ask", "bridged"), "caller", ("bridged",))


def test_whisper_is_told_of_both_legs(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = picked_up_by(AGREES.after("bridged", hang_up()))
    call = ring(hotline, carrier)
    form = hotline.to("/whisper")[0].form
    assert [form[name] for name in ("ParentCallSid", "Direction", "From", "To", "CallStatus")] == [
        call.sid,
        "outbound-dial",
        NUMBER,
        OTHER,
        "in-progress",
    ]


def test_each_hears_what_the_other_says(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier(pace=20.0)
    question, answer = speak(saying(1.0)), speak(saying(0.5))
    carrier.phones[OTHER] = picked_up_by(AGREES.after("speech", answer))
    call = ring(hotline, carrier, Caller().after("bridged", question).after("speech", hang_up()))
    (leg,) = carrier.ledger.calls_to(OTHER)
    voiced = [sum(map(sound.is_voice, _ticks(track))) for track in (leg.hotline_track[8000:], call.hotline_track)]
    assert voiced == [pytest.approx(50, abs=3), pytest.approx(25, abs=3)]
    assert (call.ended_by, leg.ended_by) == ("caller", "hotline")


def _ticks(track: bytearray) -> list[bytes]:
    return [bytes(track[at : at + 160]) for at in range(0, len(track), 160)]


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        (busy(), ("busy", "false", None)),
        (rings_out(), ("no-answer", "false", None)),
        (not_in_service(), ("failed", "false", None)),
        (picked_up_by(Caller(), after_s=25), ("no-answer", "false", None)),
        (picked_up_by(Caller().after("ask", hang_up())), ("completed", "false", "1")),
        (picked_up_by(Caller()), ("completed", "false", "4")),
    ],
    ids=["busy", "no-answer", "no such number", "answers too late", "hangs up", "presses nothing"],
)
def test_who_does_not_agree_is_not_connected_and_the_first_leg_lives_on(
    hotline: StandIn, make_carrier: MakeCarrier, phone: Phone, told: tuple[str | None, ...]
) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = phone
    hotline.answers("/agree", "<Hangup/>")
    hotline.serves_clip("/a.wav", 1.0)
    hotline.answers(
        "/twilio/voice",
        f'<Dial action="/after" callerId="{NUMBER}" timeout="20"><Number url="/whisper">{OTHER}</Number></Dial>',
    )
    hotline.answers("/whisper", SCREEN + "<Hangup/>")
    hotline.answers("/after", STAY)
    call = carrier.ring(CALLER, Caller()).wait(20)
    assert result(hotline) == told
    assert (call.heard, call.status) == ((), "completed")


def test_a_machine_does_not_press_a_key(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = voicemail(saying(2.0), after_s=3)
    hotline.answers("/agree", "<Hangup/>")
    ring(hotline, carrier, number='url="/whisper" machineDetection="Enable" amdStatusCallback="/amd"')
    assert hotline.await_requests("/amd")[0].form["AnsweredBy"] == "machine_start"


def test_whisper_that_simply_ends_connects_the_machine(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = voicemail(saying(2.0), after_s=3)
    hotline.serves_clip("/a.wav", 1.0)
    hotline.answers("/twilio/voice", f'<Dial action="/after"><Number url="/whisper">{OTHER}</Number></Dial>')
    hotline.answers("/whisper", "<Play>/a.wav?prompt=ask</Play>")
    hotline.answers("/after", "<Hangup/>")
    call = carrier.ring(CALLER, Caller().after("beep", hang_up())).wait(20)
    assert call.heard == ("bridged", "beep")


@pytest.mark.parametrize(
    ("choice", "is_bridged"), [(AfterFailedWhisper.BRIDGE, "true"), (AfterFailedWhisper.HANG_UP, "false")]
)
def test_failed_whisper_ends_as_the_option_says(
    hotline: StandIn, make_carrier: MakeCarrier, choice: AfterFailedWhisper, is_bridged: str
) -> None:
    carrier = make_carrier(after_failed_whisper=choice)
    carrier.phones[OTHER] = picked_up_by(Caller().after("bridged", hang_up()))
    hotline.answers("/twilio/voice", f'<Dial action="/after"><Number url="/whisper">{OTHER}</Number></Dial>')
    hotline.answers("/whisper", Answer("broken", status=500))
    hotline.answers("/after", "<Hangup/>")
    carrier.ring(CALLER, Caller()).wait(20)
    assert hotline.to("/after")[0].form["DialBridged"] == is_bridged


def test_whisper_may_not_dial(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier(after_failed_whisper=AfterFailedWhisper.HANG_UP)
    carrier.phones[OTHER] = picked_up_by(Caller())
    hotline.answers("/twilio/voice", f'<Dial><Number url="/whisper">{OTHER}</Number></Dial>')
    hotline.answers("/whisper", f"<Dial>{OTHER}</Dial>")
    carrier.ring(CALLER, Caller()).wait(20)
    assert [error.code for error in carrier.ledger.calls_to(OTHER)[0].errors] == [12200]


@pytest.mark.parametrize("asks", [True, False])
def test_dialling_leg_that_hangs_up_ends_the_other(hotline: StandIn, make_carrier: MakeCarrier, *, asks: bool) -> None:
    carrier = make_carrier(asks_dial_action_after_hang_up=asks)
    carrier.phones[OTHER] = picked_up_by(AGREES)
    ring(hotline, carrier, Caller().after("bridged", hang_up()))
    (leg,) = carrier.ledger.calls_to(OTHER)
    assert (leg.ended_by, leg.status, len(hotline.to("/after"))) == ("hotline", "completed", int(asks))


def test_dialling_leg_that_hangs_up_early_stops_the_ringing(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = picked_up_by(Caller(), after_s=15)
    ring(hotline, carrier, Caller().at(3.0, hang_up()))
    assert [leg.status for leg in carrier.ledger.calls_to(OTHER)] == ["canceled"]


def test_time_limit_ends_the_talk(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = picked_up_by(AGREES)
    ring(hotline, carrier, dial='timeLimit="10"')
    assert result(hotline)[:2] == ("completed", "true")


def test_steps_of_the_called_leg_are_told(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = picked_up_by(AGREES.after("bridged", hang_up()))
    hotline.answers("/status", "")
    events = "initiated ringing answered completed"
    call = ring(hotline, carrier, number=f'url="/whisper" statusCallback="/status" statusCallbackEvent="{events}"')
    told = sorted(hotline.await_requests("/status", 4), key=lambda seen: seen.form["SequenceNumber"])
    assert [seen.form["CallStatus"] for seen in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert {seen.form["ParentCallSid"] for seen in told} == {call.sid}


@pytest.mark.parametrize(
    ("dial", "code"),
    [
        (f'<Dial callerId="+15035550199">{OTHER}</Dial>', 13214),
        ("<Dial>5550199</Dial>", 13223),
        ("<Dial>+442079460000</Dial>", 13227),
    ],
)
def test_number_that_may_not_be_dialled_is_an_error(
    hotline: StandIn, make_carrier: MakeCarrier, dial: str, code: int
) -> None:
    hotline.answers("/twilio/voice", dial)
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert [error.code for error in call.errors] == [code]


def test_without_an_action_the_next_verb_runs(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[OTHER] = busy()
    hotline.answers("/twilio/voice", f"<Dial>{OTHER}</Dial><Redirect>/next</Redirect>")
    hotline.answers("/next", "<Hangup/>")
    carrier.ring(CALLER, Caller()).wait(10)
    assert hotline.to("/next")[0].form["AccountSid"] == ACCOUNT


@pytest.mark.parametrize("tells", [True, False])
def test_whether_the_legs_were_connected_may_be_left_untold(
    hotline: StandIn, make_carrier: MakeCarrier, *, tells: bool
) -> None:
    carrier = make_carrier(tells_dial_bridged=tells)
    carrier.phones[OTHER] = busy()
    ring(hotline, carrier)
    assert ("DialBridged" in hotline.to("/after")[0].form) is tells

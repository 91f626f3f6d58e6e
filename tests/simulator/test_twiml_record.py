"""`<Record>`: what ends it, what it keeps, who is told."""

from pathlib import Path

import pytest
import requests

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import ACCOUNT, CALLER, TOKEN, StandIn
from voicebot.simulator import (
    Caller,
    Happening,
    LineCall,
    PretendCarrier,
    RecordingCallback,
    hang_up,
    press,
    sound,
    speak,
)

VOICE = speak(sound.pcm_wav(sound.tone(400) * 100))
"""Two seconds."""
CALLBACK = 'recordingStatusCallback="/done" recordingStatusCallbackEvent="completed absent"'


def ring(hotline: StandIn, carrier: PretendCarrier, attributes: str, caller: Caller) -> LineCall:
    hotline.answers("/twilio/voice", f'<Record action="/recorded" {attributes}/><Redirect>/silent</Redirect>')
    for path in ("/recorded", "/silent"):
        hotline.answers(path, "<Hangup/>")
    hotline.answers("/done", "")
    return carrier.ring(CALLER, caller).wait(20)


def only_recording(carrier: PretendCarrier) -> bytes:
    (recording,) = carrier.ledger.recordings.values()
    return sound.read_wav(recording.wav)


def test_key_ends_it_and_the_action_is_told(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    ring(hotline, carrier, 'finishOnKey="#" trim="do-not-trim"', Caller().at(0.0, VOICE, press("#")))
    form = hotline.to("/recorded")[0].form
    assert (form["Digits"], form["RecordingDuration"]) == ("#", "2")
    assert form["RecordingUrl"].endswith(f"/Recordings/{form['RecordingSid']}")
    assert len(only_recording(carrier)) == pytest.approx(16000, abs=400)


def test_silence_after_speech_ends_it(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    call = ring(hotline, carrier, 'timeout="3"', Caller().at(0.0, VOICE))
    assert "Digits" not in hotline.to("/recorded")[0].form
    assert call.duration_s == pytest.approx(0.5 + 2.0 + 3.0, abs=0.1)


def test_a_recording_ends_at_its_longest_length(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    ring(hotline, carrier, 'maxLength="1"', Caller().at(0.0, VOICE))
    assert len(only_recording(carrier)) == 8000


def test_silence_alone_falls_through_and_is_called_absent(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    ring(hotline, carrier, f'timeout="2" {CALLBACK}', Caller())
    assert (len(hotline.to("/recorded")), len(hotline.to("/silent"))) == (0, 1)
    assert hotline.await_requests("/done")[0].form["RecordingStatus"] == "absent"
    assert carrier.ledger.recordings == {}


def test_hang_up_is_told_with_what_was_said(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    call = ring(hotline, carrier, CALLBACK, Caller().at(0.0, VOICE, hang_up()))
    form = hotline.to("/recorded")[0].form
    assert (form["Digits"], form["CallStatus"], call.ended_by) == ("hangup", "completed", "caller")
    assert hotline.await_requests("/done")[0].form["RecordingSid"] == form["RecordingSid"]
    assert len(only_recording(carrier)) == 16000


def test_hang_up_without_a_word_leaves_nothing(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    ring(hotline, carrier, CALLBACK, Caller().at(1.0, hang_up()))
    assert (carrier.ledger.recordings, hotline.to("/recorded")) == ({}, [])


def test_caller_waits_for_the_tone(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    call = ring(hotline, make_carrier(), "", Caller().at(0.0, VOICE, press("#")))
    speaks = next(event for event in call.transcript if event.kind is Happening.SPEAKS)
    assert speaks.at_s == pytest.approx(0.5)


def test_hasty_caller_loses_what_is_said_before_the_tone(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    ring(hotline, carrier, "", Caller(waits_for_tone=False).at(0.0, VOICE, press("#")))
    assert len(only_recording(carrier)) == 16000 - 4000


def test_tone_can_be_left_out(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    call = ring(hotline, make_carrier(), 'playBeep="false"', Caller().at(0.0, VOICE, press("#")))
    assert not sound.is_voice(bytes(call.hotline_track))


def test_silence_around_the_words_is_trimmed_by_default(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    ring(hotline, carrier, 'timeout="2"', Caller().at(1.5, VOICE))
    assert len(only_recording(carrier)) == 16000


def test_a_recording_is_not_ended_by_other_keys(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    call = ring(hotline, make_carrier(), 'finishOnKey="#"', Caller().at(0.0, VOICE, press("1#")))
    assert hotline.to("/recorded")[0].form["Digits"] == "#"
    assert [event.detail for event in call.transcript if event.kind is Happening.KEY_LOST] == ["1"]


@pytest.mark.parametrize(
    ("when", "order"),
    [
        (RecordingCallback.BEFORE_ACTION, ["/done", "/recorded"]),
        (RecordingCallback.AFTER_ACTION, ["/recorded", "/done"]),
        (RecordingCallback.NEVER, ["/recorded"]),
    ],
)
def test_callback_comes_when_the_option_says(
    hotline: StandIn, make_carrier: MakeCarrier, when: RecordingCallback, order: list[str]
) -> None:
    carrier = make_carrier(recording_callback=when, recording_ready_s=20.0)
    ring(hotline, carrier, CALLBACK, Caller().at(0.0, VOICE, press("#")))
    if "/done" in order:
        assert hotline.await_requests("/done")[0].form["RecordingStatus"] == "completed"
    assert [seen.path for seen in hotline.requests if seen.path in {"/done", "/recorded"}] == order


def test_file_is_ready_only_later(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier(recording_ready_s=60.0)
    carrier.serve_api()
    ring(hotline, carrier, CALLBACK, Caller().at(0.0, VOICE, press("#")))
    url = hotline.to("/recorded")[0].form["RecordingUrl"] + ".wav"
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 404
    hotline.await_requests("/done")
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 200


def test_real_speech_with_pauses_is_kept_whole(hotline: StandIn, make_carrier: MakeCarrier, speech_dir: Path) -> None:
    carrier = make_carrier()
    clip = speech_dir / "librispeech_other/1688-142285-0001.wav"
    ring(hotline, carrier, 'timeout="3" trim="do-not-trim"', Caller().at(0.0, speak(clip)))
    spoken, kept = sound.to_pcm(sound.load(clip)), sound.to_pcm(only_recording(carrier))
    assert kept[: len(spoken)].tolist() == spoken.tolist()


@pytest.mark.parametrize(("attribute", "code"), [('finishOnKey="x"', 13613), ('maxLength="0"', 12200)])
def test_wrong_attribute_fails(hotline: StandIn, make_carrier: MakeCarrier, attribute: str, code: int) -> None:
    hotline.answers("/twilio/voice", f"<Record {attribute}/>")
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert [event.code for event in call.errors] == [code]

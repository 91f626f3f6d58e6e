"""Documents played on a line: verbs in order, faults, fallback, loops."""

import threading
from pathlib import Path

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, Answer, HotlineStream, StandIn, client_of
from voicebot.simulator import Caller, Happening, LineCall, NumberSettings, Redelivery, hang_up, press, sound
from voicebot.simulator.line import SentElsewhere
from voicebot.simulator.twiml_document import NotYetSupported


def said(call: LineCall) -> list[str]:
    return [event.detail for event in call.transcript if event.kind is Happening.SAID]


def codes(call: LineCall) -> list[int | None]:
    return [event.code for event in call.errors]


def test_verbs_run_in_order_and_the_end_of_the_document_hangs_up(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.serves_clip("/clips/one.wav", 0.5)
    hotline.answers(
        "/twilio/voice", '<Say>Good day.</Say><Pause length="2"/><Play loop="2">/clips/one.wav?prompt=hello</Play>'
    )
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert (said(call), call.heard) == (["Good day."], ("say", "hello"))
    assert call.duration_s == pytest.approx(0.54 + 2.0 + 1.0)
    assert (call.status, call.ended_by) == ("completed", "hotline")


def test_first_webhook_says_ringing_and_later_ones_in_progress(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Redirect method="GET">next?turn=2</Redirect>')
    hotline.answers("/twilio/next", "<Hangup/>")
    make_carrier().ring(CALLER, Caller()).wait(10)
    first, second = hotline.requests[:2]
    assert (first.method, first.form["CallStatus"]) == ("POST", "ringing")
    assert (second.method, second.path, second.is_signed) == ("GET", "/twilio/next", True)
    assert second.query.startswith("turn=2&")
    assert "CallStatus=in-progress" in second.query


def test_pieces_with_one_key_are_one_prompt(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.serves_clip("/a.wav", 0.2)
    pieces = "<Play>/a.wav?prompt=ask</Play><Pause/><Play>/a.wav?prompt=ask</Play><Play>/a.wav?prompt=next</Play>"
    hotline.answers("/twilio/voice", pieces)
    assert make_carrier().ring(CALLER, Caller()).wait(10).heard == ("ask", "next")


def test_a_call_that_has_been_answered_is_hung_up_by_a_reject(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Pause length="1"/><Reject reason="busy"/>')
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert (call.status, call.ended_by) == ("completed", "hotline")


@pytest.mark.parametrize("status", ["busy", "rejected"])
def test_rejected_call_is_never_answered(hotline: StandIn, make_carrier: MakeCarrier, status: str) -> None:
    hotline.answers("/twilio/voice", f'<Reject reason="{status}"/>')
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert call.status == {"busy": "busy", "rejected": "no-answer"}[status]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer("<Response><Say>open</Response>"), 12100),
        (Answer("<Answer/>"), 12100),
        (Answer(""), 12100),
        (Answer("<Response/>", content_type="text/plain"), 12300),
        (Answer(f"<Response>{' ' * 65536}</Response>"), 11750),
        (Answer("<Response><Sing/></Response>"), 12200),
        (Answer("<Response><Say volume='11'>x</Say></Response>"), 12200),
        (Answer("<Response><Pause length='long'/></Response>"), 12200),
        (Answer("<Response><Redirect method='PUT'>/x</Redirect></Response>"), 12200),
        (Answer("<Response><Play>ftp://127.0.0.1/x.wav</Play></Response>"), 11100),
        (Answer("no", status=500), 11200),
        (Answer("no", status=404), 11200),
    ],
)
def test_bad_answer_goes_to_the_fallback_with_its_number(
    hotline: StandIn, make_carrier: MakeCarrier, answer: Answer, code: int
) -> None:
    hotline.answers("/twilio/voice", answer)
    hotline.answers("/twilio/voice/fallback", "<Say>sorry</Say>")
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    fallback = hotline.to("/twilio/voice/fallback")[0]
    assert (fallback.form["ErrorCode"], fallback.form["ErrorUrl"]) == (str(code), f"{hotline.url}/twilio/voice")
    assert fallback.form["CallSid"] == call.sid
    assert (codes(call), said(call), call.ended_by) == ([code], ["sorry"], "hotline")


@pytest.mark.parametrize("has_fallback", [True, False])
def test_call_fails_when_there_is_no_fallback_or_it_fails_too(
    hotline: StandIn, make_carrier: MakeCarrier, *, has_fallback: bool
) -> None:
    hotline.answers("/twilio/voice", Answer("", status=500))
    hotline.answers("/fallback", Answer("", status=500))
    fallback = f"{hotline.url}/fallback" if has_fallback else ""
    settings = NumberSettings(voice_url=f"{hotline.url}/twilio/voice", voice_fallback_url=fallback)
    call = make_carrier(settings=settings).ring(CALLER, Caller()).wait(10)
    assert codes(call) == [11200] * (2 if has_fallback else 1)
    assert (call.ended_by, call.status) == ("carrier", "completed")


def test_schema_fault_may_be_only_skipped(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Sing/><Say volume='11'>still here</Say>")
    call = make_carrier(schema_fault_ends_call=False).ring(CALLER, Caller()).wait(10)
    assert (said(call), codes(call)) == (["still here"], [])


@pytest.mark.parametrize(
    "verb",
    ["<Dial><Number>+15035550188</Number><Number>+15035550189</Number></Dial>", "<Start/>", '<Gather input="speech"/>'],
)
def test_what_the_simulator_cannot_play_is_its_own_fault(
    hotline: StandIn, make_carrier: MakeCarrier, verb: str
) -> None:
    hotline.answers("/twilio/voice", verb)
    with pytest.raises(NotYetSupported):
        make_carrier().ring(CALLER, Caller()).wait(10)


@pytest.mark.parametrize(
    ("clip", "code"),
    [
        (Answer(sound.pcm_wav(b"\xff" * 160), content_type="text/html"), 12300),
        (Answer(b"RIFF....", content_type="audio/wav"), 12300),
        (Answer(b"", status=404), 11200),
    ],
)
def test_clip_that_is_no_telephone_wav_fails(
    hotline: StandIn, make_carrier: MakeCarrier, clip: Answer, code: int
) -> None:
    hotline.answers("/twilio/voice", "<Play>/a.wav</Play>")
    hotline.answers("/a.wav", clip)
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    assert codes(make_carrier().ring(CALLER, Caller()).wait(10)) == [code]


@pytest.mark.parametrize(("caches", "fetches"), [(True, 1), (False, 2)])
def test_clip_with_cache_headers_is_fetched_once(
    hotline: StandIn, make_carrier: MakeCarrier, *, caches: bool, fetches: int
) -> None:
    hotline.serves_clip("/a.wav", 0.1, cache_control="public, max-age=600")
    hotline.answers("/twilio/voice", "<Play>/a.wav</Play><Play>/a.wav</Play>")
    make_carrier(caches_media=caches).ring(CALLER, Caller()).wait(10)
    assert len(hotline.to("/a.wav")) == fetches
    assert hotline.to("/a.wav")[0].is_signed


def test_redirect_loop_ends(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Redirect>/twilio/voice</Redirect>")
    call = make_carrier(max_idle_documents=7).ring(CALLER, Caller()).wait(10)
    assert len(hotline.to("/twilio/voice")) == 8
    assert (codes(call), call.ended_by) == ([12400], "carrier")


def test_slow_loop_ends_too(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Pause/><Redirect>/twilio/voice</Redirect>")
    call = make_carrier(max_documents=4).ring(CALLER, Caller()).wait(10)
    assert (len(hotline.to("/twilio/voice")), codes(call)) == (4, [12400])


def test_call_has_a_longest_length(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Pause length="60"/>')
    call = make_carrier(max_call_s=2.0).ring(CALLER, Caller()).wait(10)
    assert (call.ended_by, round(call.duration_s, 1)) == ("carrier", 2.0)


def test_rest_update_sends_a_live_stream_elsewhere(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    client = client_of(carrier.serve_api())

    def talk(stream: HotlineStream) -> None:
        sid = stream.messages[1]["start"]["callSid"]
        client.calls(sid).update(url=f"{hotline.url}/resume")
        stream.until_event("stop")

    hotline.answers("/twilio/voice", hotline.stream_twiml())
    hotline.answers("/resume", "<Say>again</Say>")
    hotline.on_stream = talk
    assert said(carrier.ring(CALLER, Caller()).wait(10)) == ["again"]
    assert hotline.streams[0].messages[-1]["event"] == "stop"


def test_inline_twiml_has_no_address_for_relative_urls(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    client = client_of(carrier.serve_api())
    hotline.answers("/twilio/voice", '<Pause length="600"/>')
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    call = carrier.ring(CALLER, Caller())
    hotline.await_requests("/twilio/voice")
    client.calls(call.sid).update(twiml="<Response><Redirect>/relative</Redirect></Response>")
    assert codes(call.wait(10)) == [11100]


def test_lost_answer_brings_the_same_webhook_again(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Say>first</Say>", "<Say>second</Say>")
    call = make_carrier(redelivery=Redelivery.SECOND_ANSWER).ring(CALLER, Caller()).wait(10)
    first, second = hotline.to("/twilio/voice")
    assert (first.form, said(call)) == (second.form, ["second"])


def test_webhook_may_come_again_late_and_unheard(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", "<Say>first</Say>", "<Say>second</Say>")
    call = make_carrier(redelivery=Redelivery.LATE_DUPLICATE).ring(CALLER, Caller()).wait(10)
    first, second = hotline.await_requests("/twilio/voice", 2)
    assert (first.form, said(call)) == (second.form, ["first"])


@pytest.mark.parametrize("redelivery", [Redelivery.SECOND_ANSWER, Redelivery.LATE_DUPLICATE])
def test_a_webhook_that_comes_again_names_the_same_request(
    hotline: StandIn, make_carrier: MakeCarrier, redelivery: Redelivery
) -> None:
    hotline.answers("/twilio/voice", "<Say>hello</Say>")
    make_carrier(redelivery=redelivery, sends_idempotency_token=True).ring(CALLER, Caller()).wait(10)
    asked = hotline.await_requests("/twilio/voice", 2)
    assert len({seen.headers["I-Twilio-Idempotency-Token"] for seen in asked}) == 1


def test_both_sides_are_kept_as_one_wav(hotline: StandIn, make_carrier: MakeCarrier, tmp_path: Path) -> None:
    hotline.serves_clip("/a.wav", 0.5)
    hotline.answers("/twilio/voice", "<Play>/a.wav</Play>")
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    wav = call.both_sides_wav(tmp_path / "kept" / "call.wav").read_bytes()
    assert wav[22] == 2
    assert len(wav) == 44 + 4 * 4000


def test_a_call_redirected_while_the_error_message_is_said_goes_on_there(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    hotline.answers("/twilio/voice", Answer("", status=500))
    hotline.answers("/resume", "<Hangup/>")
    carrier = make_carrier(pace=10.0, settings=NumberSettings(voice_url=f"{hotline.url}/twilio/voice"))
    failed = threading.Event()
    call = carrier.ring(
        CALLER, Caller(), observer=lambda event: failed.set() if event.kind is Happening.ERROR else None
    )
    assert failed.wait(10)
    call.order(SentElsewhere(url=f"{hotline.url}/resume"))
    assert call.wait(10).ended_by == "hotline"
    assert len(hotline.to("/resume")) == 1


def test_keys_outside_a_gather_are_lost(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Say>Please listen to this long sentence.</Say><Gather timeout="1"/>')
    call = make_carrier().ring(CALLER, Caller().at(0.5, press("12"))).wait(10)
    assert [event.detail for event in call.transcript if event.kind is Happening.KEY_LOST] == ["1", "2"]
    assert len(hotline.to("/twilio/voice")) == 1


def test_keys_may_wait_for_the_next_gather(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Say>A long sentence.</Say><Gather timeout="1" action="/keys"/>')
    hotline.answers("/keys", "<Hangup/>")
    make_carrier(lose_keys_outside_gather=False).ring(CALLER, Caller().at(0.2, press("12"))).wait(10)
    assert hotline.to("/keys")[0].form["Digits"] == "12"


def test_acts_from_outside_the_script_reach_the_line(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    def talk(stream: HotlineStream) -> None:
        call.press("7")
        stream.until_event("dtmf")
        call.trouble_stream()
        stream.until_event("stop")

    hotline.answers("/twilio/voice", hotline.stream_twiml(after='<Pause length="600"/>'))
    hotline.on_stream = talk
    closed = threading.Event()
    call = make_carrier().ring(
        CALLER, Caller(), observer=lambda event: closed.set() if event.kind is Happening.STREAM_CLOSED else None
    )
    assert closed.wait(10)
    call.hang_up()
    assert call.wait(10).ended_by == "caller"


def test_waiting_for_a_call_that_does_not_end_says_what_was_heard(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Pause length="600"/>')
    call = make_carrier().ring(CALLER, Caller().at(100.0, hang_up()))
    with pytest.raises(TimeoutError, match="heard: nothing"):
        call.wait(0.05)

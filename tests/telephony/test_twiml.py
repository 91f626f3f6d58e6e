"""Waits as TwiML, compared whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from voicebot.flow.instructions import ConnectOwner, DigitCollection, HangUp, Listen, Pause, Prompt, Speech, Words
from voicebot.flow.prompts import clip_name
from voicebot.telephony.twiml import StaffLeg, StaticWords, TwimlWriter, WaitPlace, answer_nothing, is_recorded
from voicebot.telephony.urls import HotlineUrls

BASE = "https://h.example"
PLACE = WaitPlace(call_id="c1", turn_number=3)
WRITER = TwimlWriter(urls=HotlineUrls(BASE), has_clip=lambda _locale, _words: True)
WITHOUT_CLIPS = TwimlWriter(urls=HotlineUrls(BASE), has_clip=lambda _locale, _words: False)

GREETING = Prompt(
    key="greet_caller", locale="en", fragments=(Words(text="Hello."), Pause(seconds=0.4), Words(text="We listen."))
)
HELLO = f"<Play>{BASE}/clips/en/{clip_name('Hello.')}.wav?prompt=greet_caller</Play>"
LISTEN = f"<Play>{BASE}/clips/en/{clip_name('We listen.')}.wav?prompt=greet_caller</Play>"
GREETED = f"{HELLO}<Play>{BASE}/clips/pause/400.wav</Play>{LISTEN}"
TURN = f"{BASE}/twilio/voice/turn/c1/3?heard="
RETRIES = "#ct=2000&amp;rt=5000&amp;rc=1&amp;rp=ct,rt,5xx"
OPEN_SPEECH = Speech(end_silence_s=6.0, pause_after_s=3.0, max_utterance_s=180.0)


def _response(*verbs: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?><Response>' + "".join(verbs) + "</Response>"


def _gather(inside: str, *, timeout: int, finish_on_key: str = "", num_digits: int = 1) -> str:
    gather = (
        f'<Gather action="{TURN}keys{RETRIES}" finishOnKey="{finish_on_key}" input="dtmf" method="POST" '
        f'numDigits="{num_digits}" timeout="{timeout}"'
    )
    return f"{gather}>{inside}</Gather>" if inside else f"{gather} />"


def _record(finish_on_key: str, *, timeout: int = 6, max_length: int = 180) -> str:
    return (
        f'<Record action="{TURN}record{RETRIES}" finishOnKey="{finish_on_key}" maxLength="{max_length}" method="POST" '
        f'playBeep="true" recordingStatusCallback="{BASE}/twilio/voice/recording/c1/3{RETRIES}" '
        f'recordingStatusCallbackEvent="completed absent" timeout="{timeout}" trim="do-not-trim" />'
    )


def _redirect(heard: str) -> str:
    return f'<Redirect method="POST">{TURN}{heard}{RETRIES}</Redirect>'


def test_the_talk_goes_over_one_stream_and_is_resumed_after_it() -> None:
    assert WRITER.connect_stream("c1", "t1") == _response(
        '<Connect><Stream url="wss://h.example/twilio/media/c1/t1" /></Connect>',
        f'<Redirect method="POST">{BASE}/twilio/voice/resume/c1{RETRIES}</Redirect>',
    )


def test_an_announcement_plays_inside_a_gather_and_tells_that_it_was_heard() -> None:
    listen = Listen(node="say_recording_notice", prompts=(GREETING,), keys=("8",))
    assert WRITER.put_wait(PLACE, listen) == _response(_gather(GREETED, timeout=1), _redirect("prompts"))


def test_commands_that_may_be_said_over_an_announcement_do_not_make_it_a_question() -> None:
    commands = ("a person",)
    speech = Speech(grammar=(*commands, "[unk]"), commands=commands, is_only_commands=True, end_silence_s=0.0)
    listen = Listen(node="say_recording_notice", prompts=(GREETING,), keys=("8",), speech=speech)
    assert WRITER.put_wait(PLACE, listen) == _response(_gather(GREETED, timeout=1), _redirect("prompts"))


def test_a_closed_question_is_heard_by_keys() -> None:
    speech = Speech(grammar=("yes", "no"), end_silence_s=0.5)
    listen = Listen(node="offer_window", prompts=(GREETING,), keys=("1", "2"), speech=speech, no_input_after_s=5.5)
    assert WRITER.put_wait(PLACE, listen) == _response(_gather(GREETED, timeout=6), _redirect("nothing"))


def test_a_wait_without_prompts_is_still_heard() -> None:
    listen = Listen(node="repeat", keys=("*",), no_input_after_s=4.0)
    assert WRITER.put_wait(PLACE, listen) == _response(_gather("", timeout=4), _redirect("nothing"))


@pytest.mark.parametrize(("no_input_after_s", "timeout"), [(8.0, 8), (None, 4), (2.0, 4)])
def test_digits_are_collected_up_to_their_end_key(no_input_after_s: float | None, timeout: int) -> None:
    collect = DigitCollection(max_digits=15, inter_digit_s=4.0)
    speech = Speech(grammar=("one", "two"), end_silence_s=1.5)
    listen = Listen(
        node="ask_number", prompts=(GREETING,), collect=collect, speech=speech, no_input_after_s=no_input_after_s
    )
    gather = _gather(GREETED, timeout=timeout, finish_on_key="#", num_digits=15)
    assert WRITER.put_wait(PLACE, listen) == _response(gather, _redirect("nothing"))


def test_a_story_is_recorded_and_any_key_of_the_question_ends_it() -> None:
    listen = Listen(
        node="ask_story",
        prompts=(GREETING,),
        keys=("0", "5", "8"),
        speech=OPEN_SPEECH,
        no_input_after_s=7.0,
        store_audio=True,
    )
    assert WRITER.put_wait(PLACE, listen) == _response(
        _gather(GREETED, timeout=1), _record("#058"), _redirect("nothing")
    )


@pytest.mark.parametrize(("end_silence_s", "timeout"), [(2.0, 6), (6.0, 6), (7.5, 8)])
def test_a_recording_gives_pauses_room(end_silence_s: float, timeout: int) -> None:
    speech = Speech(end_silence_s=end_silence_s, max_utterance_s=29.5)
    listen = Listen(node="ask_remedy", speech=speech, no_input_after_s=6.0, store_audio=True)
    assert WRITER.put_wait(PLACE, listen) == _response(
        _gather("", timeout=1), _record("#", timeout=timeout, max_length=30), _redirect("nothing")
    )


def test_without_the_right_to_keep_audio_nothing_is_recorded() -> None:
    listen = Listen(node="ask_story", keys=("0",), speech=OPEN_SPEECH, no_input_after_s=7.0, store_audio=False)
    assert not is_recorded(listen)
    assert WRITER.put_wait(PLACE, listen) == _response(_gather("", timeout=7), _redirect("nothing"))


def test_a_member_of_staff_is_rung_for_the_caller_who_waits() -> None:
    leg = StaffLeg(
        call_id="s1",
        number="+12025550161",
        caller_id="+12025550100",
        ring_for=timedelta(seconds=20),
        longest=timedelta(hours=1),
    )
    hop = f"{BASE}/twilio/staff-call/s1"
    dial = (
        f'<Dial action="{BASE}/twilio/voice/connected/c1/3?leg=s1{RETRIES}" callerId="+12025550100" method="POST" '
        'timeLimit="3600" timeout="20">'
        f'<Number method="POST" statusCallback="{hop}/left{RETRIES}" statusCallbackEvent="completed" '
        f'statusCallbackMethod="POST" url="{hop}/whisper{RETRIES}">+12025550161</Number></Dial>'
    )
    wait = ConnectOwner(node="connect_owner", prompts=(GREETING,))
    assert WRITER.connect_staff(PLACE, wait, leg) == _response(GREETED, dial)
    next_one = replace(leg, is_first=False)
    assert WRITER.connect_staff(PLACE, wait, next_one) == _response(dial)
    still = wait.model_copy(update={"still": (GREETING,), "prompts": ()})
    assert WRITER.connect_staff(PLACE, still, next_one) == _response(GREETED, dial)


def test_goodbye_is_played_and_the_call_ended() -> None:
    assert WRITER.put_wait(PLACE, HangUp(prompts=(GREETING,))) == _response(GREETED, "<Hangup />")
    assert WRITER.put_wait(PLACE, HangUp()) == _response("<Hangup />")


def test_words_without_a_clip_are_spoken_inside_the_gather() -> None:
    listen = Listen(node="say_notice", prompts=(GREETING,))
    said = (
        f'<Say voice="Polly.Joanna">Hello.</Say><Play>{BASE}/clips/pause/400.wav</Play>'
        '<Say voice="Polly.Joanna">We listen.</Say>'
    )
    assert WITHOUT_CLIPS.put_wait(PLACE, listen) == _response(_gather(said, timeout=1), _redirect("prompts"))


def test_one_missing_clip_leaves_the_others_alone() -> None:
    writer = TwimlWriter(urls=HotlineUrls(BASE), has_clip=lambda _locale, words: words != "Hello.")
    wait = HangUp(prompts=(GREETING,))
    said = f'<Say voice="Polly.Joanna">Hello.</Say><Play>{BASE}/clips/pause/400.wav</Play>{LISTEN}'
    assert writer.put_wait(PLACE, wait) == _response(said, "<Hangup />")


@pytest.mark.parametrize(
    ("locale", "voice"),
    [("en-GB", ' voice="Polly.Joanna"'), ("lt-LT", ' voice="Google.lt-LT-Standard-A"'), ("hr-HR", "")],
)
def test_the_carriers_voice_follows_the_language_where_there_is_one(locale: str, voice: str) -> None:
    prompt = Prompt(key="k", locale=locale, fragments=(Words(text="a & <b>"),))
    assert WITHOUT_CLIPS.put_wait(PLACE, HangUp(prompts=(prompt,))) == _response(
        f"<Say{voice}>a &amp; &lt;b&gt;</Say>", "<Hangup />"
    )


STATIC = StaticWords(locale="en", apology="We are sorry.", goodbye="Goodbye.")


@pytest.mark.parametrize(
    ("place", "reported"),
    [(None, f"{BASE}/twilio/voice/recording{RETRIES}"), (PLACE, f"{BASE}/twilio/voice/recording/c1/3{RETRIES}")],
)
def test_the_static_fallback_apologises_records_and_says_goodbye(place: WaitPlace | None, reported: str) -> None:
    assert WITHOUT_CLIPS.apologise_and_record(STATIC, place) == _response(
        '<Say voice="Polly.Joanna">We are sorry.</Say>',
        f'<Record action="{BASE}/twilio/voice/goodbye{RETRIES}" finishOnKey="#" maxLength="180" method="POST" '
        f'playBeep="true" recordingStatusCallback="{reported}" '
        'recordingStatusCallbackEvent="completed absent" timeout="6" trim="do-not-trim" />',
        '<Say voice="Polly.Joanna">Goodbye.</Say>',
        "<Hangup />",
    )


def test_goodbye_after_the_static_fallback() -> None:
    assert WITHOUT_CLIPS.say_goodbye(STATIC) == _response('<Say voice="Polly.Joanna">Goodbye.</Say>', "<Hangup />")


def test_a_call_may_be_sent_to_its_last_turn() -> None:
    redirect = f'<Redirect method="POST">{BASE}/twilio/voice/resume/c1{RETRIES}</Redirect>'
    assert WRITER.resume("c1") == _response(redirect)


def test_a_call_that_is_turned_away_hears_a_busy_line_and_costs_nothing() -> None:
    assert WRITER.turn_away() == _response('<Reject reason="busy" />')


def test_a_text_is_answered_by_nothing() -> None:
    assert answer_nothing() == '<?xml version="1.0" encoding="UTF-8"?><Response />'


def test_who_wants_us_slower_gets_slower_clips_longer_pauses_and_a_slower_voice() -> None:
    slow = GREETING.model_copy(update={"pace": 0.8})
    clips = (
        f"<Play>{BASE}/clips/en/{clip_name('Hello.')}.wav?prompt=greet_caller&amp;pace=0.8</Play>",
        f"<Play>{BASE}/clips/pause/500.wav</Play>",
        f"<Play>{BASE}/clips/en/{clip_name('We listen.')}.wav?prompt=greet_caller&amp;pace=0.8</Play>",
    )
    assert WRITER.put_wait(PLACE, HangUp(prompts=(slow,))) == _response(*clips, "<Hangup />")
    said = '<Say voice="Polly.Joanna"><prosody rate="80%">Hello.</prosody></Say>'
    assert said in WITHOUT_CLIPS.put_wait(PLACE, HangUp(prompts=(slow,)))

"""A call on its stream: what comes in on the left, what we say and report on the right."""

import pytest

from tests.service.listening.line import Line, a_notice, a_prompt, a_story, a_yes_no
from voicebot.flow.events import (
    CallerHungUp,
    CallResumed,
    FinishedBy,
    HearingFailed,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import DigitCollection, HangUp, Listen
from voicebot.telephony.media_stream import MediaFrame, StreamStarted


def test_each_prompt_goes_out_as_audio_followed_by_its_mark() -> None:
    line = Line()
    line.begin(a_yes_no(prompts=(a_prompt("say_back", "a b"), a_prompt("confirm_number"))), turn=4)
    assert line.sent == ["audio 0.2", "mark 4:say_back", "audio 1.0", "mark 4:confirm_number"]


def test_stream_start_changes_nothing() -> None:
    line = Line()
    line.begin(a_yes_no())
    line.new()
    assert line.feed(StreamStarted("MZ1", "CA1")) is None
    assert line.new() == []


def test_after_an_event_nothing_is_reported_until_the_next_wait_begins() -> None:
    line = Line()
    line.asked(a_yes_no())
    assert line.presses("1") == KeysPressed(keys="1")
    assert line.presses("2") is None
    assert line.says("yes", 2) is None
    assert line.stops(is_clean=True) is None
    line.begin(a_yes_no(), turn=2)
    assert line.presses("2") == KeysPressed(keys="2")


@pytest.mark.requirement("S0-11")
def test_hang_up_reports_what_was_said_so_far_and_where_its_audio_is() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    event = line.stops(is_clean=True)
    assert isinstance(event, CallerHungUp)
    assert event.utterance is not None
    assert event.utterance.text == "my kettle broke"
    assert event.utterance.spool_name == "call-1.ulaw"
    assert len(line.spool.files["call-1.ulaw"]) == round(event.utterance.duration_s * 8000)


@pytest.mark.requirement("S0-11")
def test_socket_that_just_closed_reports_the_same_as_a_call_that_may_go_on() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    event = line.stops(is_clean=False)
    assert isinstance(event, CallResumed)
    assert event.utterance is not None
    assert event.utterance.text == "my kettle broke"


def test_hang_up_at_a_question_that_stores_nothing_has_no_utterance() -> None:
    line = Line()
    line.begin(a_notice())
    assert line.stops(is_clean=True) == CallerHungUp()


@pytest.mark.requirement("S0-11")
def test_recogniser_that_fails_in_a_story_reports_the_words_and_audio_it_had() -> None:
    line = Line(fails_after_s=4.0)
    line.asked(a_story())
    event = line.says("my kettle broke", 1.5) or line.quiet(1) or line.says("and then it burned down the house", 5)
    assert isinstance(event, HearingFailed)
    assert event.utterance is not None
    assert event.utterance.text == "my kettle broke"
    assert event.utterance.spool_name == "call-1.ulaw"


def test_recogniser_that_cannot_be_had_is_reported_with_the_first_audio_and_stops_the_question() -> None:
    line = Line(fails_after_s=0)
    line.begin(a_yes_no())
    line.new()
    assert line.quiet(0.1) == HearingFailed()
    assert line.new() == []


def test_clip_that_is_missing_is_reported_and_stops_what_was_played_before_it() -> None:
    line = Line(missing=frozenset({"confirm_number"}))
    line.begin(a_yes_no(prompts=(a_prompt("say_back"), a_prompt("confirm_number"))))
    assert line.quiet(0.1) == HearingFailed()
    assert line.sent == ["audio 1.0", "mark 1:say_back", "SendClear"]


def test_key_still_counts_while_hearing_has_failed() -> None:
    line = Line(fails_after_s=0)
    line.begin(a_yes_no())
    assert line.presses("1") == KeysPressed(keys="1")


def test_a_full_spool_as_the_question_ends_is_reported_with_the_next_audio() -> None:
    line = Line()
    line.begin(a_story())
    line.quiet(1)
    line.spool.is_full = True
    assert line.marks() is None
    assert line.quiet(0.1) == HearingFailed()


def test_a_key_counts_though_the_spool_is_full() -> None:
    line = Line()
    line.begin(a_story())
    line.quiet(0.5)
    line.spool.is_full = True
    assert line.presses("8") == KeysPressed(keys="8")


@pytest.mark.parametrize("frame_bytes", [1, 7, 80, 161, 4000, 100_000])
def test_frames_of_any_size_are_heard_alike(frame_bytes: int) -> None:
    line = Line()
    line.asked(a_yes_no())
    event = line.hears(line.voice.says("yes", 0.4) + b"\xff" * 8000, frame_bytes=frame_bytes)
    assert isinstance(event, UtteranceHeard)
    assert event.utterance.text == "yes"


def test_empty_frames_and_frames_with_nonsense_timestamps_do_no_harm() -> None:
    line = Line()
    line.asked(a_yes_no())
    for stamp in (0, -5, 10**15, 400):
        assert line.feed(MediaFrame(b"", stamp)) is None
        assert line.feed(MediaFrame(b"\xff" * 160, stamp)) is None
    assert line.says("no", 0.4) is None
    event = line.quiet(1)
    assert isinstance(event, UtteranceHeard)
    assert event.utterance.text == "no"


def test_lost_frames_count_as_time_of_silence() -> None:
    line = Line()
    line.asked(a_yes_no())
    line.says("yes", 0.4)
    line.now_s += 2
    event = line.quiet(0.02)
    assert isinstance(event, UtteranceHeard)
    assert event.finished_by is FinishedBy.SILENCE


def test_closing_lets_the_recogniser_go_and_reports_nothing_more() -> None:
    line = Line()
    line.asked(a_story())
    line.listening.close()
    assert line.says("my kettle broke", 2) is None
    assert line.stops(is_clean=True) is None


def test_goodbye_is_said_to_its_end_and_then_the_stream_is_closed() -> None:
    line = Line()
    line.begin(HangUp(prompts=(a_prompt("say_goodbye"),)), turn=9)
    assert line.new() == ["audio 1.0", "mark 9:say_goodbye"]
    line.sent = ["mark 9:say_goodbye"]
    assert line.says("thank you", 1) is None
    assert line.presses("1") is None
    assert line.marks() is None
    assert line.new() == ["mark 9:say_goodbye", "CloseStream"]
    assert line.stops(is_clean=True) is None


def test_a_socket_that_just_closed_during_goodbye_reports_nothing_so_that_it_is_said_again() -> None:
    line = Line()
    line.begin(HangUp(prompts=(a_prompt("say_goodbye"),)), turn=9)
    assert line.stops(is_clean=False) is None


def test_watcher_sees_what_both_sides_say_and_press() -> None:
    line = Line()
    line.asked(a_yes_no())
    line.says("yes", 0.4)
    line.presses("1")
    assert line.seen == ["we: one two three four five six seven eight nine ten", "caller: yes", "key: 1"]


# --- keys ------------------------------------------------------------------------------------------------


def test_one_press_reported_twice_answers_one_question() -> None:
    line = Line()
    line.asked(a_yes_no())
    assert line.presses("2") == KeysPressed(keys="2")
    line.begin(Listen(node="offer_window", prompts=(), keys=("2",), no_input_after_s=6), turn=2)
    line.quiet(0.06)
    assert line.presses("2") is None
    line.quiet(0.2)
    assert line.presses("2") == KeysPressed(keys="2")


def test_the_same_key_pressed_twice_in_a_number_counts_twice() -> None:
    line = Line()
    line.asked(
        Listen(
            node="ask_number",
            prompts=(a_prompt("ask_number"),),
            keys=("*",),
            collect=DigitCollection(max_digits=3),
            no_input_after_s=8,
        )
    )
    line.presses("1")
    line.quiet(0.12)
    line.presses("1")
    line.quiet(0.04)
    line.presses("1")
    line.quiet(0.3)
    assert line.presses("2") == KeysPressed(keys="112")


def test_a_question_of_which_hardly_anything_was_heard_takes_no_key() -> None:
    line = Line()
    line.asked(a_yes_no())
    assert line.presses("1") == KeysPressed(keys="1")
    line.begin(a_yes_no(node="announce_text"), turn=2, behind_s=0.2)
    line.quiet(0.6)
    assert line.presses("2") is None
    assert "SendClear" not in line.sent
    line.quiet(0.2)
    assert line.presses("2") == KeysPressed(keys="2")


def test_the_first_question_of_a_stream_takes_a_key_at_once() -> None:
    line = Line()
    line.begin(a_notice())
    assert line.presses("8") == KeysPressed(keys="8")


def test_a_key_meant_for_the_notice_counts_though_the_story_has_just_been_asked_for() -> None:
    line = Line()
    line.begin(a_notice())
    line.quiet(1)
    assert line.marks() == PromptsPlayed(uncut=True)
    line.begin(a_story(standing_keys=("0", "8")), turn=2)
    line.quiet(0.1)
    assert line.presses("#") is None, "it would skip a story that nobody was asked for yet"
    assert line.presses("8") == KeysPressed(keys="8")


def test_a_key_pressed_again_does_not_ask_twice_for_a_person() -> None:
    line = Line()
    line.asked(a_story(standing_keys=("0", "8")))
    assert line.presses("0") == KeysPressed(keys="0")
    line.begin(a_notice(node="promise_supervisor", standing_keys=("0", "8")), turn=2)
    line.quiet(0.3)
    assert line.presses("0") is None
    assert line.presses("8") == KeysPressed(keys="8")


def test_a_question_shorter_than_half_a_second_takes_a_key_once_it_was_heard() -> None:
    line = Line()
    line.asked(a_yes_no())
    assert line.presses("1") == KeysPressed(keys="1")
    line.begin(a_yes_no(node="announce_text", prompts=(a_prompt("ready", "are you ready"),)), turn=2)
    line.quiet(0.3)
    assert line.presses("2") is None
    assert line.marks() is None
    assert line.presses("1") == KeysPressed(keys="1")


def test_a_question_that_is_put_again_takes_a_key_at_once() -> None:
    line = Line()
    line.asked(a_yes_no())
    assert line.quiet(7) == NoInput()
    line.begin(a_yes_no(prompts=(a_prompt("no_input_1_yes_no"),)), turn=2)
    line.quiet(0.1)
    assert line.presses("1") == KeysPressed(keys="1")


@pytest.mark.parametrize("key", "ABCD")
def test_keys_that_few_telephones_have_mean_nothing(key: str) -> None:
    line = Line()
    line.begin(a_yes_no())
    line.quiet(0.6)
    assert line.presses(key) is None
    assert "SendClear" not in line.sent

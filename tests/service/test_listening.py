"""The story, told over a stream: pauses, interruptions, limits, and what is stored of it."""

import pytest

from tests.service.listening.line import Line, a_notice, a_prompt, a_story, a_yes_no
from voicebot.domain.utterance import HeardNumber
from voicebot.flow.events import FinishedBy, HearingFailed, KeysPressed, UtteranceHeard
from voicebot.flow.instructions import DigitCollection, Speech

# --- how it ends -----------------------------------------------------------------------------------------


def test_story_ends_on_silence_in_two_steps() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    line.new()
    assert line.quiet(2.9) is None
    assert line.new() == []
    assert line.quiet(0.2) is None
    assert line.sent == ["audio 1.0", "mark 1:wait_story"]
    line.quiet(1)
    line.marks()
    assert line.quiet(5.9) is None
    event = line.quiet(0.2)
    assert isinstance(event, UtteranceHeard)
    assert (event.utterance.text, event.finished_by) == ("my kettle broke", FinishedBy.SILENCE)


def test_prompt_in_a_pause_is_softer_than_the_question() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    line.loudness.clear()
    line.quiet(3.2)
    assert line.loudness[0] == pytest.approx(line.loudness_of_prompt() / 2.5, rel=0.1)


def test_first_sound_stops_the_prompt_in_a_pause_and_the_story_goes_on() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    line.quiet(3.2)
    line.new()
    line.says("it", 0.2)
    assert line.new() == ["SendClear"]
    line.says("burned", 0.4)
    assert line.quiet(2.8) is None
    line.quiet(0.3)
    assert line.new() == ["audio 1.0", "mark 1:wait_story"]


def test_noise_in_a_pause_stops_the_prompt_but_not_the_end() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    line.quiet(3.2)
    line.coughs(0.3)
    assert line.sent[-1] == "SendClear"
    assert line.quiet(5.5) is None
    assert _words(line.quiet(0.5)) == "my kettle broke"


def test_lost_mark_of_the_prompt_in_a_pause_does_not_hold_the_story_open() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    assert line.quiet(3 + 1 + 3 + 5.9) is None
    assert _words(line.quiet(0.4)) == "my kettle broke"


def test_story_without_a_pause_prompt_ends_on_its_silence() -> None:
    line = Line()
    line.asked(a_story(speech=Speech(end_silence_s=2, max_utterance_s=60)))
    line.says("a refund please", 1.2)
    assert line.quiet(1.9) is None
    assert _words(line.quiet(0.2)) == "a refund please"


def test_pause_without_a_prompt_counts_on_at_once() -> None:
    line = Line()
    line.asked(a_story(speech=Speech(end_silence_s=2, pause_after_s=1, max_utterance_s=60)))
    line.says("a refund please", 1.2)
    assert line.quiet(2.9) is None
    assert _words(line.quiet(0.3)) == "a refund please"


def test_hash_ends_the_story_at_once() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    event = line.presses("#")
    assert isinstance(event, UtteranceHeard)
    assert (event.utterance.text, event.finished_by) == ("my kettle broke", FinishedBy.KEY)


def test_hash_without_a_word_is_a_key_where_the_flow_names_it() -> None:
    line = Line()
    line.asked(a_story())
    assert line.presses("#") == KeysPressed(keys="#")


def test_hash_without_a_word_ends_an_empty_answer_where_it_does_not() -> None:
    line = Line()
    line.asked(a_story(keys=("0",)))
    assert _words(line.presses("#")) == ""


def test_hash_after_a_voice_that_was_not_recognised_keeps_the_voice() -> None:
    line = Line()
    line.asked(a_story())
    line.coughs(2)
    event = line.presses("#")
    assert isinstance(event, UtteranceHeard)
    assert event.utterance.spool_name == "call-1.ulaw"


def test_other_key_in_the_story_carries_what_was_said() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    event = line.presses("0")
    assert isinstance(event, KeysPressed)
    assert event.keys == "0"
    assert event.utterance is not None
    assert event.utterance.text == "my kettle broke"


def test_command_alone_between_pauses_ends_the_story() -> None:
    line = Line()
    line.asked(a_story())
    line.says("my kettle broke", 1.5)
    line.quiet(1)
    event = line.says("a supervisor", 0.8) or line.quiet(1)
    assert isinstance(event, UtteranceHeard)
    assert event.finished_by is FinishedBy.COMMAND
    assert event.utterance.text == "my kettle broke a supervisor"


def test_command_within_a_sentence_is_part_of_the_story() -> None:
    line = Line()
    line.asked(a_story())
    line.says("i asked for a supervisor twice", 2)
    assert line.quiet(2) is None


def test_caller_is_warned_of_the_limit_and_then_taken_at_it() -> None:
    line = Line()
    speech = Speech(
        end_silence_s=9, max_utterance_s=6, warn_after_s=4, warn_prompt=a_prompt("warn_story_limit", "half a minute")
    )
    line.asked(a_story(speech=speech))
    line.new()
    # The story begins 0.16 s late, when its sound is known to be no knock.
    assert line.says("one two three four five six seven eight", 4.3) is None
    assert line.new() == ["audio 0.3", "mark 1:warn_story_limit"]
    event = line.says("nine ten", 3)
    assert isinstance(event, UtteranceHeard)
    assert event.finished_by is FinishedBy.LIMIT


def test_missing_clip_of_the_warning_is_found_before_the_story_begins() -> None:
    line = Line(missing=frozenset({"warn_story_limit"}))
    line.begin(a_story())
    assert line.quiet(0.1) == HearingFailed()


# --- what is stored --------------------------------------------------------------------------------------


def test_words_lie_where_the_stored_audio_has_them() -> None:
    line = Line()
    line.asked(a_story())
    line.quiet(4)
    line.says("my kettle", 1)
    line.quiet(2.5)
    line.says("broke", 0.5)
    event = line.presses("#")
    assert isinstance(event, UtteranceHeard)
    audio = line.spool.files["call-1.ulaw"]
    assert event.utterance.duration_s == pytest.approx(len(audio) / 8000)
    for word in event.utterance.words:
        loud = audio[round(word.start_s * 8000) : round(word.end_s * 8000)]
        assert set(loud) == set(line.voice.says(word.text, 0.2)), word


def test_audio_before_the_question_began_is_never_stored() -> None:
    line = Line()
    line.begin(a_notice())
    line.says("not for the record", 0.8)
    assert line.presses("0") is not None
    line.begin(a_story(), turn=2)
    line.quiet(1)
    line.marks()
    line.says("my kettle", 1)
    stored = line.spool.files["call-2.ulaw"]
    assert set(line.voice.says("record", 0.2)) & set(stored) == set()


def test_nothing_is_stored_where_the_flow_does_not_say_so() -> None:
    line = Line()
    line.asked(a_story(store_audio=False))
    line.says("my kettle broke", 1.5)
    event = line.presses("#")
    assert isinstance(event, UtteranceHeard)
    assert event.utterance.spool_name is None
    assert event.utterance.duration_s == 0
    assert line.spool.files == {}


def _words(event: object) -> str:
    assert isinstance(event, UtteranceHeard)
    return event.utterance.text


NUMBER = Speech(grammar=("one", "two", "oh"), is_number=True, end_silence_s=0.5, max_utterance_s=20)


def _asks_number() -> Line:
    line = Line()
    line.asked(a_yes_no(keys=("*",), collect=DigitCollection(max_digits=9), speech=NUMBER))
    return line


def _digits_of(numbers: tuple[HeardNumber, ...]) -> list[str]:
    return [number.digits for number in numbers]


def test_a_number_is_begun_in_words_and_finished_by_keys() -> None:
    line = _asks_number()
    line.says("one two", 0.8)
    line.presses("34")
    event = line.presses("#")
    assert isinstance(event, KeysPressed)
    assert event.utterance is not None
    assert (_digits_of(event.utterance.numbers), event.keys, event.numbers_after) == (["12"], "34", ())


def test_a_number_is_begun_by_keys_and_finished_in_words() -> None:
    """Once the last word is over nobody waits for another key."""
    line = _asks_number()
    line.presses("34")
    line.quiet(0.6)
    line.says("one two oh", 1.2)
    event = line.quiet(1.5)
    assert isinstance(event, KeysPressed)
    assert (event.keys, _digits_of(event.numbers_after)) == ("34", ["120"])


def test_what_a_keys_tone_sounds_like_ends_no_number() -> None:
    line = _asks_number()
    line.presses("3")
    assert line.says("oh", 0.3) is None, "while the tone may sound nothing is heard"
    assert line.quiet(1.5) is None
    assert line.says("oh", 0.4) is None, "one word alone is no end of a number"
    event = line.quiet(4)
    assert isinstance(event, KeysPressed)
    assert event.keys == "3"


def test_a_number_that_is_said_comes_with_what_it_may_be() -> None:
    line = _asks_number()
    line.says("one oh", 0.8)
    event = line.quiet(3)
    assert isinstance(event, UtteranceHeard)
    assert [number.digits for number in event.utterance.numbers] == ["10"]

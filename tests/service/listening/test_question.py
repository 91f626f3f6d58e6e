"""One question: how it is interrupted, how long it waits, and how it ends."""

import pytest

from tests.fakes import FakePromptAudio
from tests.service.listening.line import (
    Line,
    a_greeted_line,
    a_notice,
    a_notice_with_commands,
    a_prompt,
    a_story,
    a_yes_no,
)
from voicebot.flow.events import FinishedBy, HearingFailed, KeysPressed, NoInput, PromptsPlayed, UtteranceHeard
from voicebot.flow.instructions import DigitCollection, Listen, Speech
from voicebot.speech.audio import attenuate, silence

# --- the notice: nothing but its end, or a key -----------------------------------------------------------


def test_notice_heard_to_its_end_is_evidence() -> None:
    line = Line()
    line.begin(a_notice())
    line.quiet(1)
    assert line.marks() == PromptsPlayed(uncut=True)


@pytest.mark.parametrize("sound", ["cough", "talk"])
def test_notice_is_not_stopped_by_a_voice(sound: str) -> None:
    line = Line()
    line.begin(a_notice())
    line.coughs() if sound == "cough" else line.says("what is this about", 2)
    assert "SendClear" not in line.sent
    assert line.marks() == PromptsPlayed(uncut=True)


@pytest.mark.requirement("S1-03")
def test_a_person_may_be_asked_for_in_the_middle_of_the_notice() -> None:
    line = Line()
    line.begin(a_notice_with_commands())
    line.quiet(0.5)
    event = line.says("a supervisor", 1) or line.quiet(1)
    assert isinstance(event, UtteranceHeard)
    assert event.finished_by is FinishedBy.COMMAND
    assert line.sent[-1] == "SendClear"


@pytest.mark.requirement("S1-03")
def test_a_command_that_began_before_the_notice_ended_is_heard_out() -> None:
    line = Line()
    line.begin(a_notice_with_commands())
    line.says("a supervisor", 1)
    assert line.marks() is None
    event = line.quiet(1)
    assert isinstance(event, UtteranceHeard)
    assert event.finished_by is FinishedBy.COMMAND


def test_a_sound_without_end_holds_no_announcement_open() -> None:
    line = Line()
    line.begin(a_notice_with_commands())
    line.says("a supervisor", 1)
    assert line.marks() is None
    assert line.says("supervisor " * 6, 3) == PromptsPlayed(uncut=True)


def test_talk_that_is_no_command_neither_stops_nor_ends_the_notice() -> None:
    line = Line()
    line.begin(a_notice_with_commands())
    assert line.says("what is this about", 2) is None
    assert line.quiet(1) is None
    assert "SendClear" not in line.sent
    assert line.marks() == PromptsPlayed(uncut=True)


def test_words_before_a_key_at_the_notice_are_not_kept() -> None:
    line = Line()
    line.begin(a_notice_with_commands())
    line.says("what is this about", 2)
    assert line.presses("8") == KeysPressed(keys="8")


def test_notice_whose_mark_never_came_back_ends_without_being_evidence() -> None:
    line = Line()
    line.begin(a_notice())
    assert line.quiet(3.9) is None
    assert line.quiet(0.2) == PromptsPlayed(uncut=False)


def test_key_at_the_notice_stops_it_and_its_marks_say_nothing_afterwards() -> None:
    line = Line()
    line.begin(a_notice())
    line.quiet(0.5)
    assert line.presses("8") == KeysPressed(keys="8")
    assert line.sent[-1] == "SendClear"
    line.begin(a_notice(), turn=2)
    assert line.feed_mark("1:say_recording_notice") is None
    assert line.feed_mark("2:say_recording_notice") == PromptsPlayed(uncut=True)


def test_key_that_means_nothing_here_does_not_stop_the_notice() -> None:
    line = Line()
    line.begin(a_notice())
    assert line.presses("3") is None
    assert "SendClear" not in line.sent


def test_question_without_prompts_and_without_anything_to_wait_for_is_over_at_once() -> None:
    line = Line()
    line.begin(Listen(node="pause"))
    assert line.quiet(0.02) == PromptsPlayed(uncut=True)


def test_keys_only_question_waits_its_time_after_the_prompts() -> None:
    line = Line()
    line.asked(Listen(node="repeat_case_number", prompts=(a_prompt("repeat"),), keys=("*",), no_input_after_s=4))
    assert line.quiet(3.9) is None
    assert line.quiet(0.2) == NoInput()


# --- interruption ----------------------------------------------------------------------------------------


def test_answer_spoken_over_the_question_stops_it_and_counts() -> None:
    line = a_greeted_line()
    line.begin(a_yes_no())
    line.says("yes", 0.4)
    assert line.sent[-1] == "SendClear"
    assert _words(line.quiet(1)) == "yes"


def test_cough_over_a_question_does_not_stop_it() -> None:
    line = a_greeted_line()
    line.begin(a_story())
    line.coughs(0.4)
    line.quiet(0.4)
    assert "SendClear" not in line.sent


def test_steady_sound_without_a_word_stops_a_question() -> None:
    line = a_greeted_line()
    line.begin(a_story())
    line.coughs(1.1)
    assert line.sent[-1] == "SendClear"


def test_single_word_does_not_stop_the_question_for_the_story_but_two_do() -> None:
    line = a_greeted_line()
    line.begin(a_story())
    line.says("huh", 0.3)
    assert "SendClear" not in line.sent
    line.says("my kettle", 0.5)
    assert line.sent[-1] == "SendClear"


@pytest.mark.parametrize("knocks", [1, 4])
def test_knocks_neither_stop_the_question_for_the_story_nor_become_one(knocks: int) -> None:
    line = a_greeted_line()
    line.begin(a_story())
    for _ in range(knocks):
        assert line.says("oh", 0.12) is None
        assert line.quiet(0.14) is None
    assert "SendClear" not in line.sent
    line.marks()
    assert line.says("oh", 0.12) is None
    assert isinstance(line.quiet(9), NoInput)


def test_silence_after_an_interruption_counts_from_there() -> None:
    line = a_greeted_line()
    line.begin(a_story())
    line.coughs(1.1)
    assert line.quiet(6.5) is None
    assert line.quiet(0.6) == NoInput(was_cut=True)


def test_answer_over_a_question_that_may_not_be_stopped_counts_after_its_end() -> None:
    line = Line()
    line.begin(a_yes_no(barge_in=False))
    assert line.says("yes", 0.4) is None
    assert line.quiet(0.6) is None
    assert "SendClear" not in line.sent
    line.marks()
    assert _words(line.quiet(1)) == "yes"


def test_nobody_is_taken_for_the_caller_before_a_new_streams_echo_was_looked_for() -> None:
    line = Line()
    line.begin(a_yes_no())
    assert line.says("yes", 0.4) is None
    line.quiet(0.7)
    assert "SendClear" not in line.sent
    line.quiet(0.2)
    assert line.sent[-1] == "SendClear"
    assert _words(line.quiet(1)) == "yes"


@pytest.mark.requirement("S1-03")
def test_a_command_at_the_very_beginning_of_a_stream_is_heard() -> None:
    line = Line()
    line.begin(a_notice_with_commands())
    event = line.says("a supervisor", 0.4) or line.quiet(1)
    assert isinstance(event, UtteranceHeard)
    assert event.finished_by is FinishedBy.COMMAND


def test_who_answers_at_once_on_a_line_that_sends_our_voice_back_is_heard_without_it() -> None:
    line = Line()
    asked = a_prompt("confirm_number", "one two three four five six seven eight nine ten " * 2)
    line.begin(a_yes_no(prompts=(asked,)))
    line.hears(silence(0.1) + attenuate(FakePromptAudio().audio(asked), decibels=18))
    line.marks()
    assert line.says("yes", 0.4) is None
    assert _words(line.quiet(1)) == "yes"


def test_a_key_meant_for_the_question_before_does_not_answer_this_one() -> None:
    line = a_greeted_line()
    line.begin(a_yes_no())
    assert line.presses("1") is None
    line.quiet(1)
    line.marks()
    assert line.presses("1") == KeysPressed(keys="1")


# --- what fails ------------------------------------------------------------------------------------------


def test_a_question_without_its_clip_ends_as_a_failure_with_what_was_said() -> None:
    line = Line(missing=frozenset({"ask_story"}))
    line.begin(a_story())
    assert line.quiet(0.1) == HearingFailed()


def test_a_recogniser_that_fails_in_the_answer_ends_it_as_a_failure_with_the_words_it_had() -> None:
    line = Line(fails_after_s=2.0)
    line.asked(a_story())
    event = line.says("my kettle", 1) or line.quiet(1) or line.says("broke", 2)
    assert isinstance(event, HearingFailed)
    assert event.utterance is not None
    assert event.utterance.text == "my kettle"


def test_a_spool_that_is_full_as_the_question_ends_is_told_with_the_next_audio() -> None:
    line = Line()
    line.begin(a_story())
    line.quiet(1)
    line.spool.is_full = True
    assert line.marks() is None
    assert isinstance(line.quiet(0.1), HearingFailed)


# --- silence ---------------------------------------------------------------------------------------------


def test_silence_is_no_input_only_after_the_last_mark() -> None:
    line = Line()
    line.begin(a_yes_no())
    assert line.quiet(3) is None
    line.marks()
    assert line.quiet(5.9) is None
    assert line.quiet(0.2) == NoInput()


def test_silence_counts_even_when_marks_are_lost() -> None:
    line = Line()
    line.begin(a_yes_no())
    assert line.quiet(1 + 3 + 5.9) is None
    assert line.quiet(0.3) == NoInput()


def test_caller_who_begins_as_the_time_runs_out_is_heard() -> None:
    line = Line()
    line.asked(a_yes_no())
    assert line.quiet(5.8) is None
    assert line.coughs(0.3) is None
    assert line.says("yes", 0.4) is None
    assert _words(line.quiet(1)) == "yes"


def test_words_that_the_recogniser_still_held_back_when_time_ran_out_count() -> None:
    line = Line()
    line.recognisers.are_slow = True
    line.asked(a_yes_no())
    line.quiet(3)
    line.says("yes", 0.4)
    assert _words(line.quiet(3)) == "yes"


def test_silent_story_leaves_no_audio_behind() -> None:
    line = Line()
    line.asked(a_story())
    assert line.quiet(7.1) == NoInput()
    assert line.spool.files == {}


def test_voice_without_a_recognised_word_leaves_its_audio_behind() -> None:
    line = Line()
    line.asked(a_story())
    line.coughs(2)
    event = line.quiet(8)
    assert event == NoInput()
    assert list(line.spool.files) == ["call-1.ulaw"]


# --- a closed answer -------------------------------------------------------------------------------------


def test_closed_answer_ends_half_a_second_after_its_last_sound() -> None:
    line = Line()
    line.asked(a_yes_no())
    line.says("yes", 0.4)
    assert line.quiet(0.46) is None
    event = line.quiet(0.1)
    assert isinstance(event, UtteranceHeard)
    assert (event.utterance.text, event.finished_by) == ("yes", FinishedBy.SILENCE)


def test_sounds_outside_the_grammar_are_an_answer_not_understood_after_more_patience() -> None:
    line = Line()
    line.asked(a_yes_no())
    line.says("perhaps", 0.5)
    assert line.quiet(1.3) is None
    assert _words(line.quiet(0.4)) == ""


def test_hesitation_before_an_answer_does_not_end_it() -> None:
    line = Line()
    line.asked(a_yes_no())
    line.says("well", 0.5)
    assert line.quiet(0.9) is None
    line.says("no", 0.4)
    assert _words(line.quiet(1)) == "no"


def test_softer_words_go_on_with_a_closed_answer_that_was_loud_enough() -> None:
    line = a_greeted_line()
    line.asked(a_yes_no(speech=Speech(grammar=("nine", "four", "two"), end_silence_s=1, max_utterance_s=20)))
    line.says("nine four", 0.8)
    line.hears(line.voice.softly("two", 0.4))
    assert _words(line.quiet(2)) == "nine four two"


def test_saying_only_that_this_is_all_ends_the_story_without_waiting_for_its_silence() -> None:
    line = a_greeted_line()
    line.asked(a_story(speech=Speech(endings=("that is all",), end_silence_s=20, max_utterance_s=180)))
    line.says("my kettle broke", 1.5)
    line.quiet(1)
    line.says("that is all", 0.8)
    assert _words(line.quiet(3)) == "my kettle broke that is all"


# --- a number by keys ------------------------------------------------------------------------------------


def _a_number(**changes: object) -> Listen:
    return a_yes_no(keys=("*",), collect=DigitCollection(max_digits=15), speech=None, **changes)


def test_first_digit_stops_the_question_and_the_end_key_ends_the_number() -> None:
    line = Line()
    line.begin(_a_number())
    line.quiet(0.5)
    assert line.presses("2025550143") is None
    assert line.sent.count("SendClear") == 1
    assert line.presses("#") == KeysPressed(keys="2025550143")


def test_number_left_unfinished_is_taken_after_the_inter_digit_time_and_not_as_no_input() -> None:
    line = Line()
    line.asked(_a_number())
    line.presses("2025")
    assert line.quiet(3.9) is None
    assert line.quiet(0.2) == KeysPressed(keys="2025")


def test_first_digit_silences_the_recogniser() -> None:
    line = Line()
    speech = Speech(grammar=("one", "two"), end_silence_s=0.5, max_utterance_s=20)
    line.asked(a_yes_no(keys=("*",), collect=DigitCollection(max_digits=9), speech=speech))
    line.presses("1")
    assert line.says("two", 0.4) is None
    assert line.quiet(1) is None
    assert line.presses("#") == KeysPressed(keys="1")
    assert line.recognisers.made[0].is_finished


def _words(event: object) -> str:
    assert isinstance(event, UtteranceHeard)
    return event.utterance.text

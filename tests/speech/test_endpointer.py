"""When an answer never came, paused, or ended: instants of stream time in, signals out."""

from typing import Any

import pytest

from voicebot.speech.endpointer import Endpointer, Limits, Signal


def _endpointer(**changes: Any) -> Endpointer:
    limits = {"no_input_after_s": 7.0, "end_silence_s": 2.0, "max_utterance_s": 60.0}
    return Endpointer(Limits(**(limits | changes)))


def _first(endpointer: Endpointer, signal: Signal, *, until_s: float = 100.0, since_s: float = 0.0) -> float:
    """Return when a signal comes first, to the hundredth."""
    for hundredth in range(round(since_s * 100), round(until_s * 100)):
        if endpointer.check(hundredth / 100) is signal:
            return hundredth / 100
    raise AssertionError(f"{signal} never came")


def test_nothing_happens_while_the_question_is_asked() -> None:
    assert _endpointer().check(1000) is None


def test_no_input_counts_from_the_question_s_end() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(5)
    assert _first(endpointer, Signal.NO_INPUT) == 12


def test_without_a_limit_for_it_no_input_never_comes() -> None:
    endpointer = _endpointer(no_input_after_s=None)
    endpointer.prompts_over(5)
    assert endpointer.check(1000) is None


def test_sound_as_the_time_runs_out_holds_no_input_back() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(0)
    endpointer.sound(6.9)
    assert endpointer.check(7) is None
    assert _first(endpointer, Signal.NO_INPUT) == 7.9


def test_sound_that_never_ends_holds_no_input_back_only_so_long() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(0)
    for tenth in range(100):
        endpointer.sound(tenth / 10)
        assert endpointer.check(tenth / 10) is None
    endpointer.sound(10)
    assert endpointer.check(10) is Signal.NO_INPUT


def test_answer_ends_after_silence_since_its_last_sound_not_since_the_late_word() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(0)
    endpointer.sound(3.0)
    endpointer.words_changed(3.4)
    assert endpointer.has_words
    assert _first(endpointer, Signal.SILENCE) == 5.0


def test_sound_after_the_last_word_counts_as_its_end_only_for_a_moment() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(0)
    endpointer.words_changed(3.0)
    endpointer.sound(3.3)
    assert _first(endpointer, Signal.SILENCE, since_s=3.3) == 5.3
    endpointer.sound(40)
    assert _first(endpointer, Signal.SILENCE, since_s=5) == pytest.approx(5.6, abs=0.011)


def test_without_any_sound_the_word_itself_counts() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(0)
    endpointer.words_changed(3.0)
    assert _first(endpointer, Signal.SILENCE, since_s=3) == 5.0


def test_words_over_a_question_that_goes_on_end_only_after_it() -> None:
    endpointer = _endpointer()
    endpointer.words_changed(1)
    assert endpointer.check(20) is None
    endpointer.prompts_over(20)
    assert _first(endpointer, Signal.SILENCE, since_s=20) == 22


def test_what_was_not_understood_is_given_more_time() -> None:
    endpointer = _endpointer()
    endpointer.prompts_over(0)
    endpointer.words_changed(3.0, is_understood=False)
    assert _first(endpointer, Signal.SILENCE, since_s=3) == 6.0
    endpointer.words_changed(5.0)
    assert _first(endpointer, Signal.SILENCE, since_s=5) == 7.0


def test_pause_is_signalled_once_and_silence_counts_from_its_prompt_s_end() -> None:
    endpointer = _endpointer(pause_after_s=3.0, end_silence_s=6.0)
    endpointer.prompts_over(0)
    endpointer.words_changed(10)
    assert _first(endpointer, Signal.PAUSED, since_s=10) == 13
    assert endpointer.check(60) is None, "the prompt is still played"
    endpointer.pause_prompt_over(17)
    endpointer.pause_prompt_over(19)
    assert _first(endpointer, Signal.SILENCE, since_s=17) == 23


def test_end_of_a_prompt_that_was_no_pause_prompt_changes_nothing() -> None:
    endpointer = _endpointer(pause_after_s=3.0)
    endpointer.prompts_over(0)
    endpointer.words_changed(10)
    endpointer.pause_prompt_over(11)
    assert _first(endpointer, Signal.PAUSED, since_s=11) == 13


def test_each_pause_has_its_prompt() -> None:
    endpointer = _endpointer(pause_after_s=3.0)
    endpointer.prompts_over(0)
    endpointer.words_changed(10)
    assert _first(endpointer, Signal.PAUSED, since_s=10) == 13
    endpointer.pause_prompt_over(14)
    endpointer.words_changed(15)
    assert _first(endpointer, Signal.PAUSED, since_s=15) == 18


def test_limit_and_its_warning_count_from_the_first_word() -> None:
    endpointer = _endpointer(max_utterance_s=60, warn_after_s=50)
    endpointer.prompts_over(0)
    for second in range(4, 54):
        endpointer.words_changed(second)
        assert endpointer.check(second) is None
    endpointer.words_changed(54)
    assert endpointer.check(54) is Signal.NEAR_LIMIT
    assert endpointer.check(54.02) is None
    endpointer.words_changed(63.9)
    assert endpointer.check(63.9) is None
    assert endpointer.check(64) is Signal.LIMIT


@pytest.mark.parametrize("warn_after_s", [None, 3.0])
def test_warning_comes_only_where_there_is_one(warn_after_s: float | None) -> None:
    endpointer = _endpointer(warn_after_s=warn_after_s, end_silence_s=50)
    endpointer.prompts_over(0)
    endpointer.words_changed(1)
    assert endpointer.check(5) is (None if warn_after_s is None else Signal.NEAR_LIMIT)

"""One answer being heard."""

import numpy as np
import pytest

from tests.fakes import CodedVoice, FakeRecogniser
from tests.service.listening.line import Line, a_notice_with_commands, a_story, a_yes_no
from voicebot.errors import Unavailable
from voicebot.flow.events import NoInput, UtteranceHeard
from voicebot.flow.instructions import Listen, Speech
from voicebot.service.listening.ear import Ear
from voicebot.speech.audio import Samples, decode_mulaw, silence
from voicebot.speech.energy_gate import EnergyGate

OPEN = Speech(commands=("a supervisor",), end_silence_s=1)
CLOSED = Speech(grammar=("yes", "no"), end_silence_s=1)


class Hearing:
    """An ear with its gate and a fake recogniser."""

    def __init__(self, speech: Speech, *, fails_after_s: float | None = None, ends_after_s: float = 0.5) -> None:
        self.voice = CodedVoice()
        self.gate = EnergyGate()
        self.recogniser = FakeRecogniser(
            self.voice, speech.grammar, fails_after_s=fails_after_s, ends_after_s=ends_after_s
        )
        self.asked: list[tuple[str, ...] | None] = []
        self.ear = Ear(self._make, gate=self.gate, speech=speech)

    def _make(self, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> FakeRecogniser:
        """Return the fake recogniser, and another one when asked again."""
        self.alternatives = alternatives
        self.asked.append(grammar)
        return self.recogniser if len(self.asked) == 1 else FakeRecogniser(self.voice, grammar)

    def hears(self, mulaw: bytes) -> bool:
        """Hear a stretch of audio; whether the words changed."""
        return self.ear.hear(self.gate.feed(decode_mulaw(mulaw)))


def test_words_change_when_a_word_comes_and_not_in_silence() -> None:
    hearing = Hearing(OPEN)
    assert hearing.hears(hearing.voice.says("my kettle", 1))
    assert hearing.ear.transcript.text == "my kettle"
    assert not hearing.hears(silence(3))
    assert hearing.ear.is_understood


def test_click_outside_the_grammar_is_nothing_but_an_attempt_to_answer_is_something() -> None:
    hearing = Hearing(CLOSED)
    assert not hearing.hears(hearing.voice.says("tock", 0.2))
    hearing.hears(silence(2))
    assert hearing.hears(hearing.voice.says("perhaps", 0.5))
    assert not hearing.ear.is_understood


@pytest.mark.parametrize(
    ("speech", "words", "seconds", "talks"),
    [
        (OPEN, "huh", 0.4, False),
        (OPEN, "my kettle", 0.6, True),
        (OPEN, "aaaah", 1.0, True),
        (CLOSED, "yes", 0.3, True),
        (CLOSED, "perhaps", 0.4, False),
    ],
)
def test_caller_is_talking(speech: Speech, words: str, seconds: float, talks: bool) -> None:
    hearing = Hearing(speech)
    hearing.hears(hearing.voice.says(words, seconds))
    assert hearing.ear.is_caller_talking is talks


@pytest.mark.parametrize("knocks", [1, 2, 4])
def test_knocks_are_no_words_of_free_speech(knocks: int) -> None:
    hearing = Hearing(OPEN)
    for _ in range(knocks):
        assert not hearing.hears(hearing.voice.says("oh", 0.12) + silence(0.14))
    assert not hearing.ear.is_caller_talking
    assert not hearing.hears(silence(1))
    hearing.ear.finish()
    assert not hearing.ear.is_understood


@pytest.mark.parametrize("word", ["no", "help", "stop"])
def test_short_word_of_free_speech_is_heard(word: str) -> None:
    hearing = Hearing(OPEN)
    assert hearing.hears(hearing.voice.says(word, 0.2))
    hearing.hears(silence(1))
    assert hearing.ear.transcript.text == word


def test_knocks_between_the_words_of_a_story_add_none() -> None:
    hearing = Hearing(OPEN, ends_after_s=9)
    says = hearing.voice.says
    hearing.hears(says("my kettle", 1) + silence(0.3) + says("oh", 0.12) + silence(0.3) + says("broke", 0.5))
    hearing.ear.finish()
    assert hearing.ear.transcript.utterance(heard_at=float).text == "my kettle broke"


def test_closed_answer_is_heard_however_short_it_is() -> None:
    hearing = Hearing(CLOSED)
    assert hearing.hears(hearing.voice.says("no", 0.12))


@pytest.mark.parametrize(("words", "is_command"), [("a supervisor", True), ("ask a supervisor", False)])
def test_command_is_a_whole_segment(words: str, is_command: bool) -> None:
    hearing = Hearing(OPEN)
    hearing.hears(hearing.voice.says(words, 1))
    assert not hearing.ear.has_command
    hearing.hears(silence(1))
    assert hearing.ear.has_command is is_command


def test_segment_is_settled_when_the_gate_closes_before_the_recogniser_would_end_it() -> None:
    hearing = Hearing(OPEN, ends_after_s=9)
    says = hearing.voice.says
    for piece in (says("my kettle", 1), silence(1), silence(0.5), says("a supervisor", 1), silence(1)):
        hearing.hears(piece)
        assert not hearing.ear.has_command
    hearing.hears(silence(0.5))
    assert hearing.ear.has_command
    assert hearing.ear.transcript.text == "my kettle a supervisor"


def test_command_still_open_at_the_end_counts() -> None:
    hearing = Hearing(OPEN)
    hearing.hears(hearing.voice.says("a supervisor", 1))
    hearing.ear.finish()
    assert hearing.ear.has_command


def test_finished_ear_hears_nothing_more_and_can_be_finished_again() -> None:
    hearing = Hearing(OPEN)
    hearing.hears(hearing.voice.says("my kettle", 1))
    hearing.ear.finish()
    hearing.ear.finish()
    assert hearing.recogniser.is_finished
    assert not hearing.hears(hearing.voice.says("broke", 1))
    assert hearing.ear.transcript.utterance(heard_at=float).text == "my kettle"


def test_a_released_ear_asks_its_recogniser_for_nothing_more() -> None:
    hearing = Hearing(OPEN)
    hearing.ear.release()
    hearing.ear.finish()
    assert not hearing.recogniser.is_finished


def test_a_recogniser_that_fails_at_the_very_end_costs_only_what_had_not_settled() -> None:
    hearing = Hearing(OPEN, fails_after_s=2.0)
    hearing.hears(hearing.voice.says("my kettle", 1))
    hearing.hears(silence(2))
    with pytest.raises(Unavailable):
        hearing.hears(hearing.voice.says("broke", 2))
    hearing.ear.try_to_finish()
    assert hearing.ear.transcript.text == "my kettle"


def test_words_that_have_not_settled_may_be_a_command_beginning_but_not_for_ever() -> None:
    hearing = Hearing(Speech(grammar=("a supervisor", "[unk]"), commands=("a supervisor",), end_silence_s=0.0))
    assert not hearing.ear.is_command_beginning(0.0), "nothing was said yet"
    hearing.hears(hearing.voice.says("supervisor", 0.5))
    assert hearing.ear.is_command_beginning(0.5)
    assert hearing.ear.is_command_beginning(1.0)
    assert not hearing.ear.is_command_beginning(9.0)


def test_failing_recogniser_is_reported_while_hearing_and_at_the_end() -> None:
    hearing = Hearing(OPEN, fails_after_s=0.5)
    with pytest.raises(Unavailable):
        hearing.hears(hearing.voice.says("my kettle", 1))
    with pytest.raises(Unavailable):
        hearing.ear.finish()


def test_failing_recogniser_leaves_the_words_that_had_settled() -> None:
    hearing = Hearing(OPEN, fails_after_s=2.0)
    hearing.hears(hearing.voice.says("my kettle", 1) + silence(0.6))
    with pytest.raises(Unavailable):
        hearing.hears(hearing.voice.says("broke down", 1))
    hearing.ear.try_to_finish()
    assert hearing.ear.transcript.text == "my kettle"


def test_same_words_said_again_after_they_settled_are_new_words() -> None:
    hearing = Hearing(OPEN, ends_after_s=9)
    assert hearing.hears(hearing.voice.says("my kettle", 1))
    for _ in range(2):
        hearing.hears(silence(1))
    assert hearing.hears(hearing.voice.says("my kettle", 1))
    assert hearing.ear.transcript.text == "my kettle my kettle"


def test_guess_lost_with_its_recogniser_makes_nothing_understood() -> None:
    hearing = Hearing(OPEN, fails_after_s=1.0)
    hearing.hears(hearing.voice.says("my kettle", 1))
    assert hearing.ear.is_understood
    with pytest.raises(Unavailable):
        hearing.hears(hearing.voice.says("broke", 1))
    hearing.ear.try_to_finish()
    assert not hearing.ear.is_understood


def test_nothing_let_through_is_nothing_heard() -> None:
    nothing: Samples = np.zeros(0, dtype=np.int16)
    assert not Hearing(OPEN).ear.hear(nothing)


DIGITS = Speech(grammar=("one", "two"), second_grammar=("a person",), enough_words=2, end_silence_s=1)


def test_what_the_digits_did_not_hear_is_put_to_the_other_words() -> None:
    hearing = Hearing(DIGITS)
    hearing.hears(hearing.voice.says("a person", 1) + silence(1))
    hearing.ear.finish()
    assert hearing.ear.transcript.second_text == ""
    hearing.ear.hear_again()
    assert hearing.asked == [("one", "two"), ("a person",)]
    assert hearing.ear.transcript.utterance(heard_at=float).second_text == "a person"


@pytest.mark.parametrize("is_number", [True, False])
def test_what_else_may_have_been_said_is_asked_for_at_a_number_only(is_number: bool) -> None:
    hearing = Hearing(DIGITS.model_copy(update={"is_number": is_number}))
    assert (hearing.alternatives > 0) is is_number


def test_enough_digits_are_not_heard_twice() -> None:
    hearing = Hearing(DIGITS)
    hearing.hears(hearing.voice.says("one two", 1) + silence(1))
    hearing.ear.finish()
    hearing.ear.hear_again()
    assert hearing.asked == [("one", "two")]
    assert hearing.ear.transcript.second_text == ""


def test_sounds_outside_the_grammar_are_told_apart_from_the_words() -> None:
    hearing = Hearing(CLOSED)
    hearing.hears(hearing.voice.says("yes perhaps", 1) + silence(1))
    hearing.ear.finish()
    utterance = hearing.ear.transcript.utterance(heard_at=float)
    assert (utterance.text, utterance.sounds) == ("yes", "yes [unk]")


@pytest.mark.parametrize(("words", "is_command"), [("but don't record me", True), ("they said don't record me", False)])
def test_some_commands_count_within_a_segment(words: str, is_command: bool) -> None:
    speech = Speech(within=("don't record me",), not_after=("said",), end_silence_s=1)
    hearing = Hearing(speech)
    hearing.hears(hearing.voice.says(words, 1))
    hearing.hears(silence(1))
    assert hearing.ear.has_command is is_command


ENDING = Speech(endings=("that is all",), pause_endings=("no",), around=("thank you",), end_silence_s=2)


@pytest.mark.parametrize(
    ("said", "is_finished"),
    [
        (["my kettle broke", "that is all"], True),
        (["my kettle broke", "that is all thank you"], True),
        (["my kettle broke that is all"], False),
        (["that is all", "my kettle broke"], False),
        (["my kettle broke", "no"], False),
        (["my kettle broke", "no that is all right"], False),
        ([], False),
    ],
)
def test_a_story_is_finished_by_words_said_alone_last(said: list[str], is_finished: bool) -> None:
    hearing = Hearing(ENDING)
    for words in said:
        hearing.hears(hearing.voice.says(words, 1))
        assert not hearing.ear.is_finished, "there is no pause after it yet"
        hearing.hears(silence(1))
        hearing.hears(silence(0.5))
    assert hearing.ear.is_finished is is_finished


@pytest.mark.parametrize(("answer", "is_finished"), [("no", True), ("no thank you", True), ("that is all", True),
                                                     ("no wait", False), ("", False)])  # fmt: skip
def test_no_to_the_pause_prompt_finishes_it(answer: str, is_finished: bool) -> None:
    hearing = Hearing(ENDING)
    hearing.hears(hearing.voice.says("my kettle broke", 1))
    hearing.hears(silence(1.5))
    hearing.ear.asked_in_pause()
    if answer:
        hearing.hears(hearing.voice.says(answer, 1))
    hearing.hears(silence(1))
    hearing.hears(silence(0.5))
    assert hearing.ear.is_finished is is_finished


# --- somebody else's sound -------------------------------------------------------------------------------


def _words(event: object) -> str:
    assert isinstance(event, UtteranceHeard)
    return event.utterance.text


def _a_line_whose_caller_is_known() -> Line:
    """Let the caller tell a story, so that their loudness is known."""
    line = Line()
    line.asked(a_story(speech=Speech(end_silence_s=1, max_utterance_s=60)))
    assert _words(line.says("my kettle broke", 2) or line.quiet(2)) == "my kettle broke"
    return line


def _television(line: Line, words: str, seconds: float) -> bytes:
    """Make words 15 dB below what a caller says."""
    return line.voice.softly(words, seconds)


def test_far_softer_speech_stops_no_question_and_answers_none() -> None:
    line = _a_line_whose_caller_is_known()
    line.begin(a_yes_no(), turn=2)
    assert line.hears(_television(line, "yes", 1)) is None
    assert "SendClear" not in line.sent
    line.marks()
    assert line.hears(_television(line, "yes", 5)) is None
    assert (line.hears(_television(line, "yes", 5)) or line.quiet(2)) == NoInput()


def test_far_softer_speech_does_not_hold_a_story_open() -> None:
    line = _a_line_whose_caller_is_known()
    line.begin(a_story(speech=Speech(end_silence_s=3, max_utterance_s=180)), turn=2)
    line.quiet(1)
    line.marks()
    line.says("my kettle broke", 2)
    ended_s = line.now_s
    event = line.hears(_television(line, "and now the news and now the weather", 6))
    assert isinstance(event, UtteranceHeard)
    assert line.now_s - ended_s < 4


def test_far_softer_speech_asks_for_nobody() -> None:
    line = _a_line_whose_caller_is_known()
    line.begin(a_notice_with_commands(), turn=2)
    assert (line.hears(_television(line, "a supervisor", 1)) or line.quiet(1)) is None
    assert (line.says("a supervisor", 1) or line.quiet(1)) is not None


def test_who_speaks_as_before_is_heard_beside_a_television() -> None:
    line = _a_line_whose_caller_is_known()
    line.asked(a_yes_no())
    assert line.hears(_television(line, "and now the news", 1)) is None
    assert "yes" in _words(line.says("yes", 0.4) or line.quiet(2))


def test_softer_words_within_one_closed_answer_belong_to_it() -> None:
    line = _a_line_whose_caller_is_known()
    line.asked(_digits_by_voice())
    line.says("nine four two", 1.2)
    assert line.hears(line.voice.softly("one three", 1.2)) is None
    line.quiet(0.4)
    line.says("seven", 0.4)
    assert _words(line.quiet(2)) == "nine four two one three seven"


def test_far_softer_speech_holds_a_closed_answer_open_for_a_while_only() -> None:
    line = _a_line_whose_caller_is_known()
    line.asked(_digits_by_voice())
    line.says("nine four two", 1.2)
    ended_s = line.now_s
    assert isinstance(line.hears(line.voice.softly("one three four two " * 10, 12)), UtteranceHeard)
    assert line.now_s - ended_s < 6


def _digits_by_voice() -> Listen:
    digits = ("one", "two", "three", "four", "seven", "nine")
    return a_yes_no(speech=Speech(grammar=digits, end_silence_s=1, max_utterance_s=30))

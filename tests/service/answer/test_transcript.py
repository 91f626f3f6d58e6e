"""Words made of a stored voice."""

from dataclasses import replace

import pytest

from tests.fakes import FakeRecogniser, FakeRecognisers
from tests.service.lines import Line
from tests.service.recorded import answers, recorded
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.flow.events import KeysPressed
from voicebot.service.answer.audio import fetch_recording
from voicebot.service.answer.transcript import MOST_TRANSCRIPTIONS, transcribe
from voicebot.service.call.stored_turn import CallAnswer


def test_audio_that_kills_the_recogniser_is_not_tried_for_ever(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    line.recognisers.fails_after_s = 0.1
    fetch_recording(line.hotline, answers(line, story)[0].id)
    for _ in range(MOST_TRANSCRIPTIONS):
        with pytest.raises(Unavailable):
            transcribe(line.hotline, answers(line, story)[0].id)
    transcribe(line.hotline, answers(line, story)[0].id)
    (answer,) = answers(line, story)
    assert (answer.state, answer.text) == (AnswerState.DONE, "")
    assert "transcript_missing" in line.verbs(story.call.ticket_id)
    transcribe(line.hotline, answer.id)


def test_a_language_nobody_here_understands_stays_without_words_and_says_so(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    line.recognisers.supports = lambda _locale: False  # type: ignore[method-assign]
    line.run_jobs()
    assert answers(line, story)[0].state is AnswerState.DONE
    assert "transcript_missing" in line.verbs(story.call.ticket_id)


@pytest.mark.requirement("S0-11")
def test_the_words_of_a_recording_become_the_problem_of_its_case_once(line: Line, story: CallAnswer) -> None:
    recorded(line, story, "my parcel came broken")
    line.run_jobs()
    (answer,) = answers(line, story)
    assert (answer.state, answer.text) == (AnswerState.DONE, "my parcel came broken")
    transcribe(line.hotline, answer.id)
    transcribe(line.hotline, "no-answer")
    assert line.ticket(story).problem == "my parcel came broken"
    assert "transcript_missing" not in line.verbs(story.call.ticket_id)


def test_words_of_a_voice_that_its_caller_destroyed_meanwhile_are_not_brought_back(
    line: Line, story: CallAnswer
) -> None:
    recorded(line, story)
    fetch_recording(line.hotline, answers(line, story)[0].id)
    transcribe(replace(line.hotline, recognisers=_Refusing(line, story)), answers(line, story)[0].id)
    (answer,) = answers(line, story)
    assert (answer.state, answer.text, line.ticket(story).problem) == (AnswerState.DESTROYED, "", "")


class _Refusing(FakeRecognisers):
    """Recognisers whose caller refuses to be recorded before the first has heard a word."""

    def __init__(self, line: Line, story: CallAnswer) -> None:
        super().__init__(line.recognisers.voice)
        self._line, self._story = line, story

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> FakeRecogniser:
        """Let the caller refuse, then make one."""
        number = self._line.call(self._story).turn_number
        self._line.tell(replace(self._story, turn_number=number), KeysPressed(keys="8"))
        return super().make(locale, grammar)

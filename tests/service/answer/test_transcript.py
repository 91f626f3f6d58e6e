"""Words made of a stored voice."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.service.lines import Line
from tests.service.recorded import answers, recorded
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.flow.events import KeysPressed
from voicebot.service.answer.audio import fetch_recording
from voicebot.service.answer.transcript import MOST_TRANSCRIPTIONS, transcribe
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.ports import Recogniser


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
    line.recognisers.make = _refusing(line, story)  # type: ignore[method-assign]
    transcribe(line.hotline, answers(line, story)[0].id)
    (answer,) = answers(line, story)
    assert (answer.state, answer.text, line.ticket(story).problem) == (AnswerState.DESTROYED, "", "")


def _refusing(line: Line, story: CallAnswer) -> Callable[[str, Sequence[str] | None], Recogniser]:
    """Make recognisers, and let the caller refuse to be recorded before the first has heard a word."""
    make = line.recognisers.make

    def made(locale: str, vocabulary: Sequence[str] | None) -> Recogniser:
        line.tell(replace(story, turn_number=line.call(story).turn_number), KeysPressed(keys="8"))
        return make(locale, vocabulary)

    return made

"""Words made of a stored voice."""

import pytest

from tests.service.lines import Line
from tests.service.recorded import answers, recorded
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
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

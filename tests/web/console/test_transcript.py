"""Words to be read and listened to."""

import pytest

from tests.builders import an_answer
from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import Word
from voicebot.service.answer.keep import WORDS
from voicebot.web.console.transcript import MOST_WORDS, transcript_of


def words_json(*words: tuple[str, float, float, float]) -> str:
    made = tuple(Word(text=text, start_s=start, end_s=end, confidence=sure) for text, start, end, sure in words)
    return WORDS.dump_json(made).decode()


def test_a_pause_begins_a_new_stretch_with_its_time() -> None:
    spoken = words_json(("my", 0.2, 0.4, 0.9), ("parcel", 0.5, 0.9, 0.9), ("broke", 2.0, 2.3, 0.9))
    heard = transcript_of(an_answer(words_json=spoken, text="my parcel broke", audio_key="a", state=AnswerState.DONE))
    assert [(s.start_s, [word.text for word in s.words]) for s in heard.stretches] == [
        (0.2, ["my", "parcel"]),
        (2.0, ["broke"]),
    ]
    assert (heard.text, heard.has_voice, heard.why_silent, heard.why_wordless) == ("", True, "", "")


def test_somebody_who_never_pauses_is_still_read_in_stretches() -> None:
    spoken = words_json(*((f"w{at}", at * 0.3, at * 0.3 + 0.29, 0.9) for at in range(2 * MOST_WORDS + 1)))
    assert [len(stretch.words) for stretch in transcript_of(an_answer(words_json=spoken)).stretches] == [
        MOST_WORDS,
        MOST_WORDS,
        1,
    ]


@pytest.mark.parametrize(("sure", "is_doubtful"), [(0.49, True), (0.5, False), (1.0, False), (0.0, True)])
def test_only_words_below_even_chance_are_doubtful(sure: float, is_doubtful: bool) -> None:
    heard = transcript_of(an_answer(words_json=words_json(("parcel", 0, 1, sure))))
    assert heard.stretches[0].words[0].is_doubtful is is_doubtful
    assert heard.doubtful == int(is_doubtful)


def test_a_text_message_stands_there_as_it_was_written() -> None:
    heard = transcript_of(an_answer(text="it broke\nagain", state=AnswerState.DONE))
    assert (heard.stretches, heard.text, heard.why_silent) == ((), "it broke\nagain", "")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AnswerState.SPOOLED, "on its way"),
        (AnswerState.AWAITING_RECORDING, "carrier still holds"),
        (AnswerState.DESTROYED, "Destroyed"),
        (AnswerState.LOST, "is lost"),
    ],
)
def test_a_missing_voice_says_why(state: AnswerState, said: str) -> None:
    assert said in transcript_of(an_answer(state=state)).why_silent


@pytest.mark.parametrize(
    ("state", "said"), [(AnswerState.AWAITING_TRANSCRIPT, "being made"), (AnswerState.DONE, "No words")]
)
def test_a_voice_without_words_says_why(state: AnswerState, said: str) -> None:
    assert said in transcript_of(an_answer(state=state, audio_key="a")).why_wordless

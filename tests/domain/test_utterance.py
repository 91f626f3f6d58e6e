"""What was heard."""

import pytest

from voicebot.domain.utterance import Utterance, Word


def a_word(text: str, confidence: float) -> Word:
    return Word(text=text, start_s=0.0, end_s=0.3, confidence=confidence)


def test_confidence_is_the_mean_of_the_words() -> None:
    utterance = Utterance(words=(a_word("my", 1.0), a_word("kettle", 0.5)))
    assert utterance.confidence == pytest.approx(0.75)


def test_without_words_there_is_no_confidence() -> None:
    assert Utterance(recording_sid="RE1").confidence is None

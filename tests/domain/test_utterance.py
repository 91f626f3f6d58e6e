"""What was heard."""

from voicebot.domain.utterance import Utterance, Word


def test_an_utterance_is_the_same_after_it_was_stored() -> None:
    word = Word(text="kettle", start_s=0.0, end_s=0.3, confidence=0.5)
    utterance = Utterance(words=(word,), text="kettle", duration_s=1.5)
    assert Utterance.model_validate_json(utterance.model_dump_json()) == utterance

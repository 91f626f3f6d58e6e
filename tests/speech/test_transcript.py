"""Segments joined into one answer."""

from voicebot.domain.utterance import Alternative, Hypothesis, Utterance, Word
from voicebot.speech.transcript import Transcript


def _segment(*words: tuple[str, float, float]) -> Hypothesis:
    return Hypothesis(
        text=" ".join(text for text, _, _ in words),
        words=tuple(Word(text=text, start_s=start, end_s=end, confidence=0.8) for text, start, end in words),
    )


def _times(utterance: Utterance) -> list[tuple[str, float, float]]:
    return [(word.text, word.start_s, word.end_s) for word in utterance.words]


def test_segments_and_the_words_still_moving_make_the_text() -> None:
    transcript = Transcript()
    transcript.add(_segment(("my", 0, 0.2), ("kettle", 0.2, 0.6)))
    transcript.guess("bro")
    assert transcript.text == "my kettle bro"
    transcript.guess("broke")
    transcript.add(Hypothesis())
    assert transcript.text == "my kettle", "an empty final replaces the guess"


def test_what_else_may_have_been_said_is_that_of_all_segments() -> None:
    transcript = Transcript()
    guesses = (Alternative(text="one", cost=0), Alternative(text="nine", cost=2))
    transcript.add(Hypothesis(text="one", alternatives=guesses))
    transcript.add(_segment(("five", 1, 1.4)))
    assert [(one.text, one.cost) for one in transcript.alternatives] == [("one five", 0), ("nine five", 2)]


def test_utterance_holds_settled_words_only() -> None:
    transcript = Transcript()
    transcript.add(_segment(("yes", 0.1, 0.4)))
    transcript.guess("please")
    assert transcript.utterance(heard_at=float).text == "yes"


def test_sounds_outside_the_grammar_are_seen_but_no_words() -> None:
    transcript = Transcript()
    transcript.add(_segment(("[unk]", 0, 0.3), ("yes", 0.3, 0.6)))
    transcript.guess("[unk]")
    assert transcript.raw_text == "[unk] yes [unk]"
    assert transcript.text == "yes"
    assert _times(transcript.utterance(heard_at=float)) == [("yes", 0.3, 0.6)]


def test_word_times_go_through_the_map_to_the_stored_audio() -> None:
    transcript = Transcript()
    transcript.add(_segment(("my", 1.0, 1.2)))
    transcript.add(_segment(("kettle", 2.0, 2.5)))
    utterance = transcript.utterance(
        heard_at=lambda fed_s: fed_s + (0 if fed_s < 1.5 else 10),
        audio_starts_at=0.5,
        duration_s=20,
        spool_name="a-1.ulaw",
    )
    assert _times(utterance) == [("my", 0.5, 0.7), ("kettle", 11.5, 12.0)]
    assert (utterance.duration_s, utterance.spool_name) == (20, "a-1.ulaw")


def test_word_times_lie_within_the_stored_audio() -> None:
    transcript = Transcript()
    transcript.add(_segment(("well", 0.1, 0.3), ("yes", 4.8, 5.3)))
    utterance = transcript.utterance(heard_at=float, audio_starts_at=0.2, duration_s=5)
    assert _times(utterance) == [("well", 0.0, 0.1), ("yes", 4.6, 5.0)]


def test_without_stored_audio_times_are_the_line_s_own() -> None:
    transcript = Transcript()
    transcript.add(_segment(("yes", 4.8, 5.3)))
    assert _times(transcript.utterance(heard_at=float)) == [("yes", 4.8, 5.3)]


def test_nothing_said_is_an_empty_utterance() -> None:
    assert Transcript().utterance(heard_at=float) == Utterance()

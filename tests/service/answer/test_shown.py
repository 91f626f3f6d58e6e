"""An answer as it is read: its words, and what staff made of them."""

from tests.builders import an_answer
from tests.reviews import a_review_entry
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.answer.shown import original_words, pieces_of, shown_text

TIMED = an_answer(
    text="the bridge",
    words_json=WORDS.dump_json(
        tuple(Word(text=text, start_s=at, end_s=at + 0.4, confidence=1.0) for at, text in enumerate(("the", "bridge")))
    ).decode(),
)
FRIDGE = a_review_entry(first=1, end=2, text="fridge")


def test_words_are_counted_by_their_times_and_without_times_by_their_spaces() -> None:
    assert original_words(TIMED) == ("the", "bridge")
    assert original_words(an_answer(text="four  two")) == ("four", "two")
    assert original_words(an_answer()) == ()


def test_only_entries_of_the_answer_itself_count() -> None:
    other = a_review_entry(answer_id="answer-2", text="no")
    assert [piece.shown for piece in pieces_of(TIMED, [other, FRIDGE])] == ["the", "fridge"]


def test_the_text_as_it_was_heard_stands_until_somebody_corrects_it() -> None:
    assert shown_text(TIMED, []) == "the bridge"
    assert shown_text(TIMED, [FRIDGE]) == "the fridge"

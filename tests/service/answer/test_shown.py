"""An answer as it is read: its words, and what staff made of them."""

from tests.builders import an_answer
from tests.reviews import a_review_entry
from voicebot.domain.private.masking import lift_key
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.answer.shown import masked_answer, original_words, pieces_of, private_stretches, shown_text

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
    assert [piece.shown for piece in pieces_of(TIMED, [other])] == ["the", "bridge"]


def test_a_private_number_is_shown_as_a_mark_in_text_and_words() -> None:
    words = ["code", "85", "58", "card", "4242", "4242", "4242", "4242"]
    timed = tuple(Word(text=text, start_s=at, end_s=at + 0.4, confidence=1.0) for at, text in enumerate(words))
    kept = an_answer(text=" ".join(words), words_json=WORDS.dump_json(timed).decode())
    answer = masked_answer(kept, pins=["8558"])
    assert answer.text == "code **** card [card number]"
    assert original_words(answer) == ("code", "****", "", "card", "[card number]", "", "", "")


def test_the_voice_is_silent_as_long_as_a_mark_goes_on_in_either_hearing() -> None:
    words = ["pay", "4242", "4242", "4242", "4242", "now"]
    timed = tuple(Word(text=text, start_s=at, end_s=at + 0.4, confidence=1.0) for at, text in enumerate(words))
    kept = an_answer(words_json=WORDS.dump_json(timed).decode(), second_words_json=WORDS.dump_json(timed[1:]).decode())
    stretches = private_stretches(masked_answer(kept, pins=[]))
    assert stretches[:4] == stretches[4:]
    assert [(round(begin, 2), round(end, 2)) for begin, end in stretches[:4]] == [
        (0.85, 2.15),
        (1.85, 3.15),
        (2.85, 4.15),
        (3.85, 4.55),
    ]
    assert private_stretches(masked_answer(TIMED, pins=[])) == ()


def test_what_is_private_only_with_its_correction_is_masked() -> None:
    words = ["4242", "4242", "4242", "4243"]
    timed = tuple(Word(text=text, start_s=at, end_s=at + 0.4, confidence=1.0) for at, text in enumerate(words))
    answer = an_answer(text=" ".join(words), words_json=WORDS.dump_json(timed).decode())
    entry = a_review_entry(first=3, end=4, text="4242")
    assert shown_text(answer, []) == "4242 4242 4242 4243"
    assert shown_text(answer, [entry]) == "[card number]"


def test_a_number_that_stands_in_one_correction_was_masked_where_it_was_read_or_its_mark_was_lifted() -> None:
    entry = a_review_entry(first=1, end=2, text="4242 4242 4242 4242")
    assert shown_text(TIMED, [entry]) == "the 4242 4242 4242 4242"


def test_a_number_whose_mark_was_lifted_is_read_and_heard() -> None:
    words = ["order", "x", "4242", "4242", "4242", "4242"]
    timed = tuple(Word(text=text, start_s=at, end_s=at + 0.4, confidence=1.0) for at, text in enumerate(words))
    kept = an_answer(text=" ".join(words[1:]), words_json=WORDS.dump_json(timed).decode())
    answer = masked_answer(kept, pins=[], lifted=lambda: {lift_key("4242424242424242")})
    assert answer == kept
    assert private_stretches(answer) == ()


def test_the_text_as_it_was_heard_stands_until_somebody_corrects_it() -> None:
    assert shown_text(TIMED, []) == "the bridge"
    assert shown_text(TIMED, [FRIDGE]) == "the fridge"

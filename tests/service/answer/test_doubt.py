"""Marks on the words of a kept answer."""

import pytest

from tests.builders import an_answer
from voicebot.domain.doubt import Doubt
from voicebot.domain.utterance import NOBODY, WORDS, Word
from voicebot.service.answer.doubt import both_hearings, marked_words


def test_each_stored_word_stands_beside_its_mark_in_the_language_of_the_case() -> None:
    words = tuple(
        Word(text=text, start_s=0, end_s=1, confidence=sure) for text, sure in (("not", 1), ("my", 1), ("cattle", 0.4))
    )
    answer = an_answer(words_json=WORDS.dump_json(words).decode())
    assert marked_words(answer, "en") == ((words[0], Doubt.WEIGHTY), (words[1], None), (words[2], Doubt.UNSURE))
    assert marked_words(answer, "hr")[0] == (words[0], None)


def spoken(said: str) -> str:
    return WORDS.dump_json(tuple(Word(text=text, start_s=0, end_s=1, confidence=1) for text in said.split())).decode()


def test_after_a_second_hearing_what_it_has_not_heard_is_unsure_and_both_stand_side_by_side() -> None:
    answer = an_answer(
        words_json=spoken("not one bridge came"), second_words_json=spoken("Not 1 fridge came."), second_by="whisper"
    )
    marks = [doubt for _, doubt in marked_words(answer, "en")]
    assert marks == [Doubt.CONFIRMED, Doubt.CONFIRMED, Doubt.UNSURE, None]
    assert [(each.live, each.again) for each in both_hearings(answer) if not each.is_same] == [("bridge", "fridge")]


@pytest.mark.parametrize(("by", "live", "again"), [(None, "yes", ""), (NOBODY, "yes", ""), ("whisper", "", "")])
def test_without_a_second_hearing_confidence_stays_the_measure(by: str | None, live: str, again: str) -> None:
    answer = an_answer(words_json=spoken(live), second_words_json=spoken(again), second_by=by)
    assert both_hearings(answer) == ()
    assert [doubt for _, doubt in marked_words(answer, "en")] == [None for _ in live.split()]


def test_words_where_the_call_heard_none_are_shown() -> None:
    answer = an_answer(second_words_json=spoken("Hello?"), second_by="whisper")
    assert [(each.live, each.again) for each in both_hearings(answer)] == [("", "Hello?")]


def test_an_answer_without_words_has_no_marks() -> None:
    assert marked_words(an_answer(text="it broke"), "en") == ()

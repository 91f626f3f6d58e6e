"""Marks on the words of a kept answer."""

from tests.builders import an_answer
from voicebot.domain.doubt import Doubt
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.answer.doubt import marked_words


def test_each_stored_word_stands_beside_its_mark_in_the_language_of_the_case() -> None:
    words = tuple(
        Word(text=text, start_s=0, end_s=1, confidence=sure) for text, sure in (("not", 1), ("my", 1), ("cattle", 0.4))
    )
    answer = an_answer(words_json=WORDS.dump_json(words).decode())
    assert marked_words(answer, "en") == ((words[0], Doubt.WEIGHTY), (words[1], None), (words[2], Doubt.UNSURE))
    assert marked_words(answer, "hr")[0] == (words[0], None)


def test_an_answer_without_words_has_no_marks() -> None:
    assert marked_words(an_answer(text="it broke"), "en") == ()

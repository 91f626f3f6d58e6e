"""Which words must be heard before anybody relies on them."""

import pytest

from voicebot.domain.doubt import SECOND_SURE_ABOVE, Doubt, WeightyWords, doubts, gravest
from voicebot.domain.utterance import Word

ENGLISH = WeightyWords(
    numbers=frozenset({"two", "three"}),
    beside_numbers=frozenset({"oh"}),
    negations=frozenset({"not"}),
    negating_ends=("n't",),
    before_names=frozenset({("mister",), ("name", "is")}),
    after_names=frozenset({"street"}),
)


def heard(said: str) -> tuple[Word, ...]:
    """Return words such as "kettle:0.4", sure where no confidence is given."""
    parts = [part.partition(":") for part in said.split()]
    return tuple(Word(text=text, start_s=0, end_s=0.5, confidence=float(sure or 1)) for text, _, sure in parts)


def marked(said: str, doubt: Doubt, weighty: WeightyWords = ENGLISH) -> list[str]:
    words = heard(said)
    return [word.text for word, found in zip(words, doubts(words, weighty), strict=True) if found is doubt]


@pytest.mark.parametrize(
    ("said", "unsure"),
    [
        ("my kettle broke", []),
        ("my kettle:0.7 broke", ["kettle"]),
        ("my kettle:0.72 broke", []),
        ("my:0.9 kettle:0.6 broke:0.8", ["kettle", "broke"]),
        ("my kettle:0 broke", ["my", "kettle", "broke"]),
        ("kettle:0", ["kettle"]),
        ("", []),
    ],
)
def test_a_word_is_unsure_by_itself_or_by_what_stands_beside_it(said: str, unsure: list[str]) -> None:
    assert marked(said, Doubt.UNSURE) == unsure


@pytest.mark.parametrize(
    ("said", "weighty"),
    [
        ("two oh three", ["two", "oh", "three"]),
        ("oh my kettle", []),
        ("i did not and i don't", ["not", "don't"]),
        ("mister hale came", ["hale"]),
        ("my name is derek of york", ["derek"]),
        ("the name derek", []),
        ("at mill street", ["mill"]),
        ("the street", ["the"]),
        ("is two:0.3 right", []),
    ],
)
def test_names_numbers_and_negations_are_weighty_however_sure_they_were(said: str, weighty: list[str]) -> None:
    assert marked(said, Doubt.WEIGHTY) == weighty


def test_a_language_of_which_we_know_no_words_has_unsure_ones_only() -> None:
    assert marked("ne:0 dva not", Doubt.UNSURE, WeightyWords()) == ["ne", "dva"]
    assert marked("ne:0 dva not", Doubt.WEIGHTY, WeightyWords()) == []


def test_what_two_hearings_have_alike_is_confirmed_and_nobody_has_to_hear_it() -> None:
    found = doubts(heard("not two kettles:0"), ENGLISH, heard_otherwise={1: 0.9})
    assert found == (Doubt.CONFIRMED, Doubt.UNSURE, None)
    assert [each.is_to_hear for each in Doubt] == [True, True, False]


def test_a_second_hearing_that_is_at_a_loss_itself_neither_marks_nor_confirms() -> None:
    found = doubts(heard("two kettles broke"), ENGLISH, heard_otherwise={0: SECOND_SURE_ABOVE, 1: 0.1, 2: 1.0})
    assert found == (Doubt.WEIGHTY, None, Doubt.UNSURE)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ([], None),
        ([None], None),
        ([None, Doubt.CONFIRMED], Doubt.CONFIRMED),
        ([Doubt.CONFIRMED, Doubt.WEIGHTY], Doubt.WEIGHTY),
        ([Doubt.WEIGHTY, Doubt.UNSURE], Doubt.UNSURE),
    ],
)
def test_words_shown_as_one_have_the_gravest_mark(found: list[Doubt | None], shown: Doubt | None) -> None:
    assert gravest(found) is shown

"""How far heard words are from spoken ones."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.speech.word_errors import WordErrors, plain_words, total, word_errors, wrong_words


@pytest.mark.parametrize(
    ("spoken", "heard", "errors"),
    [
        ("yes", "yes", 0),
        ("yes", "", 1),
        ("", "huh", 1),
        ("my kettle broke", "my cattle broke", 1),
        ("my kettle broke", "kettle broke down", 2),
        ("a b c d", "b c d e", 2),
        ("one two three", "three two one", 2),
    ],
)
def test_errors_are_those_of_the_cheapest_alignment(spoken: str, heard: str, errors: int) -> None:
    assert word_errors(spoken, heard) == WordErrors(errors, len(spoken.split()))


few_words = st.lists(st.sampled_from(["my", "kettle", "is", "broken", "cattle"]), max_size=8).map(" ".join)


@given(few_words, few_words)
def test_errors_are_those_that_others_count(spoken: str, heard: str) -> None:
    theirs = jiwer.process_words(spoken, heard)
    assert word_errors(spoken, heard).errors == theirs.substitutions + theirs.deletions + theirs.insertions


def test_texts_are_compared_as_a_recogniser_writes_them() -> None:
    assert plain_words("For yes, press 1. It's 30!") == ["for", "yes", "press", "one", "it's", "three", "zero"]
    assert plain_words("Mr. Hale, Mrs. Hale, Dr. Who?") == ["mister", "hale", "missis", "hale", "doctor", "who"]


def test_rates_are_made_from_sums_not_from_rates() -> None:
    both = total([WordErrors(1, 1), WordErrors(0, 9)])
    assert both.rate == 0.1
    assert WordErrors(3, 0).rate == 0


@pytest.mark.parametrize(
    ("spoken", "heard", "wrong"),
    [
        ("my kettle broke", "my kettle broke", ""),
        ("my kettle broke", "my cattle broke", "cattle"),
        ("my kettle broke", "my old kettle broke", "old"),
        ("my kettle broke", "kettle broke", ""),
        ("", "huh", "huh"),
        ("yes", "", ""),
        ("the bridge you delivered", "the fridge he you delivered", "fridge he"),
    ],
)
def test_wrong_words_are_those_put_in_or_put_instead(spoken: str, heard: str, wrong: str) -> None:
    words = heard.split()
    found = wrong_words(spoken.split(), words)
    assert [word for word, is_wrong in zip(words, found, strict=True) if is_wrong] == wrong.split()


@given(few_words, few_words)
def test_words_that_are_not_wrong_were_spoken_in_that_order(spoken: str, heard: str) -> None:
    found = wrong_words(spoken.split(), heard.split())
    left = iter(spoken.split())
    assert all(word in left for word, is_wrong in zip(heard.split(), found, strict=True) if not is_wrong)
    assert sum(found) <= word_errors(spoken, heard).errors

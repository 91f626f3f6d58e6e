"""Two hearings of one voice, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.domain.utterance import Word
from voicebot.speech.differences import Heard, compare, heard_otherwise


@pytest.mark.parametrize(
    ("live", "again", "differ"),
    [
        ("the bridge you delivered", "The fridge you delivered.", [("bridge", "fridge")]),
        ("my cattle broke", "My kettle broke down!", [("cattle", "kettle"), ("", "down!")]),
        ("a man and your birth to", "a manager", [("man and your birth to", "manager")]),
        ("call three three", "Call 33,", []),
        ("ask mister hale", "Ask Mr. Hale.", []),
        ("yes", "yes", []),
        ("", "Hello?", [("", "Hello?")]),
        ("huh", "", [("huh", "")]),
        ("", "", []),
    ],
)
def test_both_readings_stand_where_they_differ(live: str, again: str, differ: list[tuple[str, str]]) -> None:
    found = compare(live.split(), again.split())
    assert [(each.live, each.again) for each in found if not each.is_same] == differ


def test_a_difference_says_which_words_of_the_call_it_is_about() -> None:
    live = ["no", "the", "bridge", "came"]
    assert compare(live, ["No,", "the", "fridge", "came."])[1] == Heard(
        first=2, end=3, live="bridge", again="fridge", again_first=2, again_end=3
    )


def test_what_the_second_hearing_has_otherwise_says_how_sure_it_is_of_that() -> None:
    again = [
        Word(text=text, start_s=0, end_s=1, confidence=sure)
        for text, sure in (("the", 1), ("fridge", 0.25), ("he", 0.75), ("came", 1))
    ]
    assert heard_otherwise(["no", "the", "bridge", "came"], again) == {0: 1.0, 2: 0.5}
    assert heard_otherwise(["the", "fridge", "he", "came"], again) == {}


some_words = st.lists(st.sampled_from(["My", "kettle", "33", "three", "is", "-", "two-faced", "broken."]), max_size=9)


@given(some_words, some_words)
def test_no_word_of_either_hearing_is_lost_or_told_twice(live: list[str], again: list[str]) -> None:
    found = compare(live, again)
    assert " ".join(each.live for each in found if each.live).split() == live
    assert " ".join(each.again for each in found if each.again).split() == again
    assert [at for each in found for at in range(each.first, each.end)] == list(range(len(live)))

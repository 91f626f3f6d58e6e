"""Two hearings of one voice, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.domain.doubt import WeightyWords
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


NO_WEIGHT = WeightyWords()


def again(said: str) -> list[Word]:
    """Return words such as "fridge:0.4", sure where no confidence is given."""
    parts = [part.partition(":") for part in said.split()]
    return [Word(text=text, start_s=0, end_s=1, confidence=float(sure or 1)) for text, _, sure in parts]


def test_what_the_second_hearing_has_otherwise_says_how_sure_it_is_of_that() -> None:
    heard = again("the fridge:0.25 he:0.75 came")
    assert heard_otherwise(["no", "the", "bridge", "came"], heard, NO_WEIGHT) == {0: 1.0, 2: 0.5}
    assert heard_otherwise(["the", "fridge", "he", "came"], heard, NO_WEIGHT) == {}


@pytest.mark.parametrize(
    ("live", "said", "beside"),
    [
        ("i did want it", "I did Not:0.9 want it.", {1: 0.9, 2: 0.9}),
        ("want it", "Not want it.", {0: 1.0}),
        ("i want it", "I want it not:0.7", {2: 0.7}),
        ("i did want it", "I did so want it.", {}),
        ("", "Not.", {}),
    ],
)
def test_a_not_that_only_the_second_hearing_has_is_heard_at_the_words_beside_it(
    live: str, said: str, beside: dict[int, float]
) -> None:
    weighty = WeightyWords(negations=frozenset({"not"}))
    assert heard_otherwise(live.split(), again(said), weighty) == beside


some_words = st.lists(st.sampled_from(["My", "kettle", "33", "three", "is", "-", "two-faced", "broken."]), max_size=9)


@given(some_words, some_words)
def test_no_word_of_either_hearing_is_lost_or_told_twice(live: list[str], again: list[str]) -> None:
    found = compare(live, again)
    assert " ".join(each.live for each in found if each.live).split() == live
    assert " ".join(each.again for each in found if each.again).split() == again
    assert [at for each in found for at in range(each.first, each.end)] == list(range(len(live)))

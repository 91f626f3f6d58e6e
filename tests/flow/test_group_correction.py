"""One group of a number said anew. When this fails a caller says all of it again, or has another group corrected."""

import pytest

from voicebot.flow.group_correction import corrected
from voicebot.flow.spoken_english import English

NAMES = {0: ("first group", "first one"), 1: ("second group",), 2: ("third group",), -1: ("last group", "last four")}
GROUPS = ("482", "719", "300")


def _corrected(said: str, groups: tuple[str, ...] = GROUPS) -> str | None:
    return corrected(groups, said, names=NAMES, language=English())


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("no the second group is seven one five", "482715300"),
        ("second group double seven five", "482775300"),
        ("the first one is four eight three", "483719300"),
        ("it is five oh oh in the last group", "482719500"),
        ("the first group no the third group is three oh one", "482719301"),
        ("no seven one five", "482715300"),
        ("no four eight two seven one nine three oh one", "482719301"),
    ],
)
def test_a_group_that_is_said_anew_stands_in_its_place(said: str, number: str) -> None:
    assert _corrected(said) == number


@pytest.mark.parametrize(
    "said",
    [
        "no",
        "no five five five",
        "the second group",
        "the second group is seven one",
        "the second group is seven one nine",
        "no four one five",
        "one",
    ],
)
def test_what_corrects_no_group_for_sure_corrects_none(said: str) -> None:
    """Said alone, 555 is like none of the groups, 415 like two as much, and 719 is what was read back."""
    assert _corrected(said) is None


def test_a_group_that_the_number_does_not_have_corrects_nothing() -> None:
    assert _corrected("the third group is one two three", ("555", "0143")) is None
    assert _corrected("no the last four are oh one four four", ("555", "0143")) == "5550144"
    assert _corrected("the last group is one two", ()) is None

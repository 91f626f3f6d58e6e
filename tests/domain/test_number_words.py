"""Numbers are read as digits however they are written or said."""

import doctest
from dataclasses import replace

import pytest

from voicebot.domain import number_words
from voicebot.domain.number_words import ENGLISH, most_digits, runs_in


def digits(text: str) -> list[str]:
    """Return each run of numbers of a text, its parts with blanks between."""
    return [" ".join(number.digits for number in run) for run in runs_in(text)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("eight five five eight", ["8 5 5 8"]),
        ("85 58", ["85 58"]),
        ("eighty-five fifty eight", ["85 58"]),
        ("eighty five eight", ["85 8"]),
        ("double five, triple oh", ["55 000"]),
        ("double", []),
        ("double double five", ["55"]),
        ("double trouble, five of them", ["5"]),
        ("nineteen oh five", ["19 0 5"]),
        ("twelve hundred", ["1200"]),
        ("eighty five hundred fifty eight", ["8558"]),
        ("eight thousand five hundred and fifty eight", ["8558"]),
        ("two thousand and one", ["2001"]),
        ("two hundred and", ["200"]),
        ("two hundred and a half", ["200"]),
        ("8a5b5c8", ["8 5 5 8"]),
        ("four two uh four two f-f-five", ["4 2 4 2 5"]),
        ("Four, TWO; to. for", ["4 2 2 4"]),
        ("8 of us waited 12 days", ["8", "12"]),
        ("٨٥ ５８", ["85 58"]),
        ("it has to be for you", []),
        ("İ 5", ["5"]),
    ],
)
def test_numbers_are_read_in_runs(text: str, read: list[str]) -> None:
    assert digits(text) == read


def test_a_run_knows_where_it_stands() -> None:
    text = "call 85, fifty-eight now"
    ((first, last),) = runs_in(text)
    assert (text[first.begin : first.end], text[last.begin : last.end]) == ("85", "fifty-eight")


def test_the_longest_run_is_measured() -> None:
    assert (most_digits("5 people, 12 34 days and 7"), most_digits("none")) == (4, 0)


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(number_words).failed == 0


def test_a_word_of_tens_takes_every_digit_but_nought() -> None:
    units = replace(ENGLISH).units
    assert ("zero" in units, units["one"], units["nine"], len(units)) == (False, "1", "9", 9)

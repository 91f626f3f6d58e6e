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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("четыре два ноль семь", ["4 2 0 7"]),
        ("сорок два, двести пятьдесят одна", ["42 251"]),
        ("тысяча девятьсот восемьдесят третьего", ["1983"]),
        ("тысяча девятьсот восьмидесятого", ["1980"]),
        ("две тысячи первого", ["2001"]),
        ("cuatro dos cuatro dos", ["4 2 4 2"]),
        ("treinta y cuatro veintidós", ["34 22"]),
        ("treinta y tantos", ["30"]),
        ("mil novecientos ochenta", ["1980"]),
        ("doble cinco", ["55"]),
        ("četiri dva cetiri dvije", ["4 2 4 2"]),
        ("osamdeset i pet", ["85"]),
        ("tisuću devetsto osamdesete", ["1980"]),
        ("keturi du sesi astuoni", ["4 2 6 8"]),
        ("tūkstantis devyni šimtai aštuoniasdešimt trečių", ["1983"]),
        ("štyri päť dvadsaťjeden dvadsat jeden", ["4 5 21 21"]),
        ("tisíc deväťsto osemdesiat", ["1980"]),
        ("ארבע שתיים אפס", ["4 2 0"]),
        ("עשרים ושלושה", ["23"]),
        ("שתים עשרה ארבעים", ["12 40"]),
        ("אלף תשע מאות שמונים", ["1980"]),
        ("tisíc", []),
        ("it was once mine", ["11"]),
    ],
)
def test_numbers_are_read_in_other_languages_with_and_without_accents(text: str, read: list[str]) -> None:
    assert digits(text) == read


def test_a_run_that_is_read_alike_in_two_languages_stands_there_once() -> None:
    assert digits("tri 42 nula") == ["3 42 0"]
    assert digits("42 tri") == ["42 3"]


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


def test_every_word_that_can_be_a_number_by_itself_is_worth_a_look() -> None:
    words = replace(ENGLISH)
    assert words.said == {*words.small, *words.tens, "oh", "o", "nought"}
    assert words.all_tens["ninety"] == "9"

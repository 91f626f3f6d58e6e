"""Private numbers become marks with their kind, in texts and in words with times."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.private.test_card import SPOKEN
from voicebot.domain.private import masking
from voicebot.domain.private.masking import (
    is_masked,
    lift_key,
    masked,
    masked_places,
    masked_told,
    masked_words,
)

PIECES = st.sampled_from(
    [SPOKEN, "4242 4242 4242 4242", "cvc 123", "eight five fifty eight", "8 5 5 8", "born 3 May 1980", "", "my parcel"]
)


def test_each_kind_has_its_mark() -> None:
    told = f"card {SPOKEN} cvc 123, DE89370400440532013000, born 3 May 1980, social security 536-90-4399, code 85 58"
    assert masked(told, pins=["8558"]) == (
        "card [card number] cvc [card code], [bank account], born [birth date], social security [national number], "
        "code ****"
    )


def test_who_sees_the_original_sees_no_code_of_a_case() -> None:
    assert masked(f"{SPOKEN} and code 8558", pins=["0000", "8558"], kinds=()) == f"{SPOKEN} and code ****"


def test_a_mark_names_nothing() -> None:
    shown = "pay [card number] cvc [card code], 1234567890123 born 03.05"
    assert masked(shown) == shown


def test_a_security_code_is_a_card_s_where_a_card_is_spoken_of() -> None:
    assert masked("on my card the security code is one two three") == "on my card the security code is [card code]"
    assert masked("the security code of my door is one two three") == "the security code of my door is one two three"


def test_a_birthday_without_year_is_masked_whatever_else_was_said() -> None:
    assert masked("i was born on may third") == "i was born on [birth date]"
    assert masked("in flat 12 i was born on may third") == "in flat 12 i was born on [birth date]"


def test_of_two_that_see_one_place_one_counts() -> None:
    assert masked("dob 4242 4242 4242 4242 05 1980") == "dob [card number] 05 1980"


def test_a_code_that_two_cases_of_a_caller_share_is_blotted_once() -> None:
    assert masked("my code is 8558 please", pins=["8558", "8558"]) == "my code is **** please"


def test_a_mark_that_was_lifted_leaves_the_number_however_it_is_said_and_no_other() -> None:
    other, born = "5555 5555 5555 4444", "3 May 1980"
    keys = {lift_key("4242424242424242"), lift_key(born)}
    assert masked(f"{SPOKEN} or {other}, born {born}", lifted=lambda: keys) == f"{SPOKEN} or [card number], born {born}"
    assert [*masked_told(["it is 4242 4242", "4242 4242 yes"], lifted=lambda: keys)] == [
        "it is 4242 4242",
        "4242 4242 yes",
    ]
    assert lift_key("born third of may") != lift_key("born fourth of may")


def test_nobody_asks_what_was_lifted_where_nothing_is_private() -> None:
    def lifted() -> set[str]:
        raise AssertionError("it was asked")

    assert masked("it came broken, code 8558", pins=["8558"], lifted=lifted) == "it came broken, code ****"


def test_words_stay_as_many_as_they_were() -> None:
    words = ["my", "card", *SPOKEN.split(), "is", "gone"]
    shown = masked_words(words)
    assert shown == ("my", "card", "[card number]", *[""] * 15, "is", "gone")
    assert [is_masked(word) for word in shown] == [False, False, *[True] * 16, False, False]
    assert list(masked_places(words)) == [("[card number]", range(2, 18))]


@given(st.lists(PIECES, max_size=6))
def test_words_and_texts_are_masked_alike(pieces: list[str]) -> None:
    text = " ".join(" ".join(pieces).split())
    words = masked_words(text.split(), pins=["8558"])
    assert " ".join(word for word in words if word) == masked(text, pins=["8558"])


@given(st.text(max_size=80), st.lists(st.text(max_size=8), max_size=12))
def test_any_text_can_be_masked_and_is_left_alone_the_second_time(text: str, words: list[str]) -> None:
    once = masked(text, pins=["8558"])
    assert masked(once, pins=["8558"]) == once
    assert len(masked_words(words)) == len(words)


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(masking).failed == 0


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        (("it is 4242 4242", "4242 4242 thank you"), ["it is [card number]", "[card number] thank you"]),
        (
            ("four two four two", "4242 4242", "four two four two yes"),
            ["[card number]", "[card number]", "[card number] yes"],
        ),
        (("my card is 4242 4242 4242 4242", "55"), ["my card is [card number]", "55"]),
        (("my order 1234 5678", "and then 9012 3456"), ["my order 1234 5678", "and then 9012 3456"]),
        (("call 202 555 0143", "4242"), ["call 202 555 0143", "4242"]),
    ],
)
def test_a_number_that_was_said_in_two_answers_is_readable_in_neither(parts: tuple[str, ...], shown: list[str]) -> None:
    def beside(at: int) -> tuple[str, str]:
        return " ".join(parts[:at]), " ".join(parts[at + 1 :])

    assert [masked(each, beside=beside(at)) for at, each in enumerate(parts)] == shown
    words = [masked_words(each.split(), beside=beside(at)) for at, each in enumerate(parts)]
    assert [" ".join(filter(None, each)) for each in words] == shown


def test_a_card_said_in_four_answers_is_masked_in_each_and_a_short_answer_is_left() -> None:
    told = ["it is 4242", "4242", "4242", "4242 and my code is 8558", "I am 55"]
    assert [*masked_told(told, pins=["8558"])] == [
        "it is [card number]",
        "[card number]",
        "[card number]",
        "[card number] and my code is ****",
        "I am 55",
    ]


def test_an_answer_in_which_nothing_was_heard_amid_a_number_shows_nothing() -> None:
    assert masked_words([], beside=("4242 4242", "4242 4242")) == ()


def test_a_number_that_ends_at_a_blank_beside_an_answer_leaves_the_answer_whole() -> None:
    assert masked("thank you", beside=("it is 4242 4242 4242 4242", "")) == "thank you"

"""Case numbers: minted, checked, said and written."""

import doctest
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.domain import case_number
from voicebot.domain.case_number import (
    BLOT,
    is_valid,
    mint_case_number,
    mint_pin,
    places_of_pins,
    read_case_number,
    spoken_groups,
    without_pin,
    written,
)
from voicebot.domain.number_words import runs_in

bodies = st.from_regex(r"[1-9][0-9]{7}", fullmatch=True)


def digits_of(*sources: str) -> Callable[[int], str]:
    """Give one text of digits after the other, each of the length asked for."""
    given_out = iter(sources)

    def random_digits(count: int) -> str:
        digits = next(given_out)
        assert len(digits) == count
        return digits

    return random_digits


def a_number(body: str) -> str:
    """Find the one check digit that a body takes."""
    (number,) = [body + digit for digit in "0123456789" if is_valid(body + digit)]
    return number


@pytest.mark.parametrize("given_out", ["482719300", "100005722", "908172634", "555012342"])
def test_numbers_that_complainants_hold_stay_valid(given_out: str) -> None:
    assert is_valid(given_out)
    assert mint_case_number(digits_of(given_out[:-1])) == given_out


def test_a_number_is_eight_random_digits_and_its_check_digit() -> None:
    number = mint_case_number(digits_of("48271930"))
    assert number[:8] == "48271930"
    assert is_valid(number)


@pytest.mark.parametrize(
    "refused", ["01234987", "11111111", "12345678", "98765432", "87654321", "12121212", "55555556", "34567890"]
)
def test_numbers_that_somebody_would_try_are_minted_again(refused: str) -> None:
    assert mint_case_number(digits_of(refused, "48271930")).startswith("48271930")


def test_a_source_that_is_not_random_is_a_broken_invariant() -> None:
    with pytest.raises(AssertionError, match="only refused ones"):
        mint_case_number(lambda count: "0" * count)
    with pytest.raises(AssertionError, match="only refused ones"):
        mint_pin(lambda count: "0" * count)


@pytest.mark.parametrize("refused", ["0000", "1234", "4321", "7777", "8901"])
def test_pins_that_somebody_would_try_are_minted_again(refused: str) -> None:
    assert mint_pin(digits_of(refused, "0417")) == "0417"


@given(bodies, st.integers(0, 8), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(body: str, place: int, step: int) -> None:
    number = a_number(body)
    wrong = str((int(number[place]) + step) % 10)
    assert not is_valid(number[:place] + wrong + number[place + 1 :])


@given(bodies, st.integers(0, 7))
def test_every_swap_of_two_neighbours_is_found(body: str, place: int) -> None:
    number = a_number(body)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_valid(swapped) is (swapped == number)


@pytest.mark.parametrize("text", ["", "48271930", "4827193001", "48271930x", "012345678", "４８２７１９３００"])
def test_what_is_not_nine_plain_digits_is_no_case_number(text: str) -> None:
    assert not is_valid(text)


def test_people_may_write_it_with_hyphens_and_spaces() -> None:
    number = a_number("48271930")
    for form in (
        written(number),
        f" {number[:3]} {number[3:6]} {number[6:]} ",
        number,
        written(number).replace("-", "–"),
    ):
        assert read_case_number(form) == number
    assert read_case_number("48271930") is None
    assert read_case_number("my case") is None


def test_a_case_number_is_said_and_written_in_threes() -> None:
    assert spoken_groups("482719305") == ("482", "719", "305")
    assert written("482719305") == "482-719-305"


@pytest.mark.parametrize(
    "told",
    [
        "8558",
        "8 5 5 8",
        "85 58",
        "8-5-5-8",
        "8a5b5c8",
        "eight five five eight",
        "eighty-five fifty-eight",
        "eight double five eight",
        "eight uh five 5 and eight",
        "eight thousand five hundred and fifty eight",
    ],
)
def test_a_pin_is_blotted_however_it_is_told(told: str) -> None:
    assert without_pin(f"my code is {told}, and 48558 or 85587 is none", "8558") == (
        f"my code is {BLOT}, and 48558 or 85587 is none"
    )


def test_a_pin_right_behind_another_number_is_blotted_too() -> None:
    assert without_pin("482-719-300 8558 202 555 0142", "8558") == f"482-719-300 {BLOT} 202 555 0142"


@pytest.mark.parametrize("no_pin", ["", BLOT])
def test_a_text_of_a_case_whose_pin_is_gone_stays_as_it_is(no_pin: str) -> None:
    assert without_pin("Case 482-719-300, code ****.", no_pin) == "Case 482-719-300, code ****."


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(case_number).failed == 0


def test_many_pins_are_found_in_one_look_wherever_one_alone_is() -> None:
    random, words = Random(4), ("8558", "85", "58", "five", "eighty-five", "1111", "11", "and", "paid", "x", "oh")
    pins = ("8558", "1111", "5585", "58", "", "none")
    for _ in range(300):
        text = " ".join(random.choices(words, k=12))
        found = places_of_pins(text, pins)
        assert {place for pin in pins for place in places_of_pins(text, (pin,))} == set(found), text
        said = {"".join(each.digits for run in runs_in(text[begin:end]) for each in run) for begin, end in found}
        assert said <= set(pins), text
    assert places_of_pins(text, ("", "none")) == []
    assert without_pin("1 1 1 1 1", "1111") == "**** 1"

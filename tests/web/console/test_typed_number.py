"""Numbers that anybody may type into a form or an address."""

import pytest

from voicebot.web.console.typed_number import whole_number


@pytest.mark.parametrize(("said", "number"), [("0", 0), ("007", 7), ("999999", 999_999)])
def test_digits_are_a_number(said: str, number: int) -> None:
    assert whole_number(said) == number


@pytest.mark.parametrize("said", [None, "", "-1", "1.5", "1 0", "\u0663", "\u00b2", "1000000", "9" * 5000])
def test_whatever_else_is_typed_is_none(said: str | None) -> None:
    assert whole_number(said) is None


def test_a_page_may_take_fewer_digits() -> None:
    assert (whole_number("999", most_digits=3), whole_number("1000", most_digits=3)) == (999, None)

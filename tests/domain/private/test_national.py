"""A number by which a state knows a person is found where it is named and its form is right."""

import pytest

from voicebot.domain.private.national import national_numbers_of
from voicebot.domain.private.spans import read


@pytest.mark.parametrize(
    ("named", "number"),
    [
        ("my social security number is", "536-90-4399"),
        ("social security", "five three six nine oh four three nine nine"),
        ("my social is", "536-90-4399"),
        ("SSN:", "536904399"),
        ("national insurance number", "AB 12 34 56 C"),
        ("NHS number", "943 476 5919"),
        ("tax id", "36 574 261 809"),
        ("identity card", "54362315K"),
    ],
)
def test_a_national_number_is_found(named: str, number: str) -> None:
    text = f"{named} {number} if you need it"
    assert [text[span.begin : span.end] for span in national_numbers_of(read(text))] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "536-90-4399",
        "my case is 482-719-300",
        "social security number, i forgot",
        "NHS number 943 476 5918",
        "my case ID number is 482-719-300",
        "the order ID number 482719300",
    ],
)
def test_without_name_or_right_form_it_stays(text: str) -> None:
    assert list(national_numbers_of(read(text))) == []

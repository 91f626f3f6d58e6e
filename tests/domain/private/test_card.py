"""A payment card's number is found in words and digits, and other long numbers stay readable."""

import pytest

from voicebot.domain.private.card import cards_of, codes_of, names_card
from voicebot.domain.private.spans import read

SPOKEN = "four two four two four two four two four two four two four two four two"


def found(text: str) -> list[str]:
    """Return what is found of cards in a text."""
    return [text[span.begin : span.end] for span in cards_of(read(text))]


@pytest.mark.parametrize(
    "number",
    [
        SPOKEN,
        SPOKEN.replace("four two four two ", "four two uh four two erm ", 1),
        "forty two " * 7 + "forty two",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242424242424242",
        "four two 4242 double four triple two double four two 44",
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "6011111111111117",
        "3530111333300000",
        "30569309025904",
        "6304000000000000",
    ],
)
def test_a_card_s_number_is_found(number: str) -> None:
    is_odd = number.startswith(("four two 4242", "6304"))
    assert found(f"please take it off {'my card' if is_odd else ''} {number} and say so") == [number.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "case 482-719-300, telephone 202 555 0142 and 202 555 0143",
        "call me on +49 1511 2345678",
        "order number 4242424242424242",
        "parcel 4242 4242 4242 4242",
        "the invoice says 4242424242424243",
        "two oh two five five five oh one four two",
        "it ends with four two four two on my card",
        "at 12:30 on 18.11.2026 for 120 dollars",
        "1234567890123456",
        "my card was charged twice, call me on 0044 20 7946 0958",
        "the card is gone, reach me at four one five five five five two six seven one or four one five",
        "my credit card was charged 2199.99 199.99 199.99 199.99",
        "they took it from my debit card on 2025-11-30 and 2025-12-01",
        "on my card you took 100 150 200 250 300",
        "sim card 5944 1100 0000 0000 001",
        "my loyalty card has the number 3081 4700 1234 5678",
        "call me on plus four two one nine oh five one two three four five six",
        "ring me on four two one nine oh five one two three four five six seven",
        "order number four two four two four two four two four two four two four two four three",
        "three hundred two hundred three hundred two hundred three hundred two hundred",
        "it said 4242 4242 4242 4243",
        "nine four two four two four two four two four two four two",
    ],
)
def test_other_numbers_stay_readable(text: str) -> None:
    assert found(text) == []


def test_a_misheard_digit_behind_the_word_card_hides_nothing_less() -> None:
    misheard = SPOKEN.removesuffix("two") + "three"
    assert found(f"the number of my card is {misheard}") == [misheard]
    assert found(f"i call about my card {misheard}") == [misheard]
    assert found(f"it said {misheard}") == [misheard], "so many digits are said of nothing else"


def test_digits_that_follow_are_no_part_of_the_card() -> None:
    assert found(f"{SPOKEN} twelve twenty six") == [SPOKEN]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("cvc 123", ["123"]),
        ("and the c v v is one two three", ["one two three"]),
        ("CVV2: 1234 thanks", ["1234"]),
        ("the security code is one two three", ["one two three"]),
        ("three digits on the back, 123", ["123"]),
        ("cvc and nothing", []),
        ("cvc number that i told your man the other day was 123", []),
        ("cvc 12", []),
        ("cvc, born 03.05.1980", []),
        ("cvc 123. 2000 dollars", ["123"]),
    ],
)
def test_the_code_behind_its_name_is_found(text: str, codes: list[str]) -> None:
    spans = codes_of(read(text), is_card_named=True)
    assert [text[span.begin : span.end] for span in spans] == codes


def test_a_security_code_is_a_card_s_only_beside_one() -> None:
    assert list(codes_of(read("the security code is 123"), is_card_named=False)) == []


def test_a_card_is_spoken_of_also_where_its_number_was_not_said() -> None:
    assert names_card(read("it is about my credit card"))
    assert not names_card(read("it is about my washing machine"))

"""An international account number is found, written in groups or spelled."""

import pytest

from voicebot.domain.private.account import accounts_of
from voicebot.domain.private.spans import read


@pytest.mark.parametrize(
    "number",
    [
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "d e eight nine three seven zero four zero zero four four zero five three two zero one three zero zero zero",
        "GB82 WEST 1234 5698 7654 32",
        "g b eighty two w e s t uh 12345698765432",
    ],
)
def test_an_account_is_found(number: str) -> None:
    text = f"please pay it to {number} today"
    assert [text[span.begin : span.end] for span in accounts_of(read(text))] == [number]


@pytest.mark.parametrize("text", ["DE88370400440532013000", "we are at 89 Mill Lane", "order AB12 3456", "in 12 days"])
def test_what_has_no_right_check_digits_stays(text: str) -> None:
    assert list(accounts_of(read(text))) == []

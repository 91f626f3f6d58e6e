"""A date near a word of birth is found, and other dates stay."""

import pytest

from voicebot.domain.private.birth_date import birth_dates_of, names_birth
from voicebot.domain.private.spans import read


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("i was born on the third of May nineteen eighty", "third of May nineteen eighty"),
        ("born on the third of may", "third of may"),
        ("my date of birth is 03.05.1980", "03.05.1980"),
        ("date of birth: 1980-05-03", "1980-05-03"),
        ("dob 3/5/80", "3/5/80"),
        ("born may 3rd, 1980 in York", "may 3rd, 1980"),
        ("born on the twenty first of june two thousand and one", "twenty first of june two thousand and one"),
        ("born on three five nineteen oh five", "three five nineteen oh five"),
        ("dob zero three zero five nineteen eighty", "zero three zero five nineteen eighty"),
        ("date of birth oh three oh five eighty", "oh three oh five eighty"),
        ("birth date one two zero five one nine eight oh", "one two zero five one nine eight oh"),
        ("born one nine eight oh oh five oh three", "one nine eight oh oh five oh three"),
        ("born one two oh five eight oh", "one two oh five eight oh"),
        ("my birthday is may third", "may third"),
        ("3 May 1980 is my birthday", "3 May 1980"),
        ("third of the fifth eighty is my date of birth", "third of the fifth eighty"),
        ("born on the third of may, my brother is of june", "third of may"),
        ("sept 4 1990 is when she was born", "sept 4 1990"),
    ],
)
def test_a_date_of_birth_is_found(text: str, date: str) -> None:
    assert [text[span.begin : span.end] for span in birth_dates_of(read(text))] == [date]


@pytest.mark.parametrize(
    "text",
    [
        "we bought it on the third of May nineteen eighty",
        "i was born there and all of us waited in your shop till the third of May",
        "born in 1980",
        "born on the 45 of may",
        "her birthday party cost 120 dollars",
        "the birthday present was to come on 12 December 2024",
        "born 1 99 1980",
        "born 1980 05",
    ],
)
def test_other_dates_stay(text: str) -> None:
    assert list(birth_dates_of(read(text))) == []


def test_a_word_of_birth_names_it() -> None:
    assert names_birth("what is your date of birth")
    assert not names_birth("what is your order number")

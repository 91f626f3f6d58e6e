"""What is written down of a complainant: the last value stands, and none is longer than it can be."""

import pytest

from tests.case_fields import a_field_entry
from voicebot.domain.case_field import CUSTOMER_FIELDS, FieldName, all_standing, read_value, said_value, standing
from voicebot.errors import Refused


@pytest.mark.requirement("S0-15")
def test_the_value_kept_last_stands_and_empty_text_takes_a_field_back() -> None:
    entries = [
        a_field_entry(number=3, value="Maria Ruiz"),
        a_field_entry(number=1, value="Mary Ruiz"),
        a_field_entry(number=2, field=FieldName.ORDER_NUMBER, value="AB-17"),
        a_field_entry(number=4, field=FieldName.ADDRESS, value="12 Quay Street"),
        a_field_entry(number=5, field=FieldName.ADDRESS, value=""),
    ]
    stands = {field: entry.value for field, entry in standing(entries).items()}
    assert stands == {FieldName.NAME: "Maria Ruiz", FieldName.ORDER_NUMBER: "AB-17"}
    assert standing(()) == {}


def test_a_value_is_kept_on_one_line_and_within_its_length() -> None:
    assert read_value(FieldName.ADDRESS, " 12 Quay\r\n Street\x00 ") == "12 Quay Street"
    assert read_value(FieldName.CONTRACT_DATE, "  ") == ""
    for field in set(FieldName) - {FieldName.CONTRACT_DATE}:
        longest = CUSTOMER_FIELDS[field].longest
        assert read_value(field, "x" * longest) == "x" * longest
        with pytest.raises(Refused, match=rf"the {field.said} has .* {longest} is the most: shorten") as problem:
            read_value(field, "x" * (longest + 1))
        assert problem.value.code == "field-long"


@pytest.mark.parametrize("typed", ["30.11.2025", "2025-02-29", "1899-12-31", "2100-01-01", "tomorrow", "2" * 400])
def test_a_contract_date_is_a_day_that_a_contract_can_have(typed: str) -> None:
    assert read_value(FieldName.CONTRACT_DATE, " 2024-02-29 ") == "2024-02-29"
    with pytest.raises(Refused, match="such as 2025-11-30") as problem:
        read_value(FieldName.CONTRACT_DATE, typed)
    assert problem.value.code == "field-date"


def test_a_day_is_said_in_words_and_a_value_is_known_by_what_a_page_shows_of_it() -> None:
    assert said_value(FieldName.CONTRACT_DATE, "2025-11-05") == "5 Nov 2025"
    assert said_value(FieldName.CONTRACT_DATE, "") == ""
    hidden = a_field_entry(value="Ma\u202eria")
    assert hidden.is_shown_as("Ma[U+202E]ria")
    assert hidden.is_shown_as(hidden.value)
    assert not hidden.is_shown_as("Maria")


def test_what_stands_in_every_field_is_known_also_in_those_of_a_kind() -> None:
    entries = [a_field_entry(number=1, value="Mary"), a_field_entry(number=2, field="rise", value="18", category="fee")]
    assert {field: entry.value for field, entry in all_standing(iter(entries)).items()} == {
        "name": "Mary",
        "rise": "18",
    }

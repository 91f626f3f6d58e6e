"""The forms in which a telephone number comes."""

import pytest

from voicebot.domain.phone import to_e164
from voicebot.domain.phone_forms import bare_number, is_withheld, is_written


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+14155552671", "+14155552671"),
        (" sip:+14155552671@carrier.example ", "+14155552671"),
        ("SIPS:415-555-2671:secret@carrier.example", "415-555-2671"),
        ("tel:+1(415)555-2671;phone-context=example.com", "+1(415)555-2671"),
        ("tel:+14155552671;ext=5", "tel:+14155552671;ext=5"),
        ("sip:bob@example.org", "sip:bob@example.org"),
        ("client:+14155552671", "client:+14155552671"),
    ],
)
def test_the_number_is_taken_out_of_a_telephone_address(raw: str, number: str) -> None:
    assert bare_number(raw) == number


@pytest.mark.parametrize(
    "raw", ["", " ", "Anonymous", "+266696687", "No Caller ID", "client:bob", "sip:bob@example.org", "tel:anonymous"]
)
def test_who_hides_the_number_has_none(raw: str) -> None:
    assert is_withheld(raw)


@pytest.mark.parametrize("raw", ["+14155552671", "sip:4155552671@example.org", "12", "HARBOUR"])
def test_what_is_shown_is_not_withheld(raw: str) -> None:
    assert not is_withheld(raw)


@pytest.mark.parametrize(("text", "is_one"), [("+1 (415) 555.2671", True), ("call 4155552671", False), ("", False)])
def test_a_number_is_written_with_nothing_beside_it(text: str, is_one: bool) -> None:
    assert is_written(text) is is_one


@pytest.mark.parametrize(
    "raw",
    [
        "sip:bob@example.org",
        "sip:anonymous@anonymous.invalid",
        "sip:1001@pbx.example",
        "sip:911@pbx.example",
        "tel:+14155552671;ext=5",
        "sip:@example.org",
        "sip:+14155552671x5@example.org",
        "client:+14155552671",
        "whatsapp:+14155552671",
        "726451",  # a short code: with a country code before it, it would look like somebody's number
        "72645",
        "00",
        "+",
        "+12x",
    ],
)
def test_what_is_no_whole_number_in_any_form_is_nobody_s(raw: str) -> None:
    assert to_e164(raw, "US") is None

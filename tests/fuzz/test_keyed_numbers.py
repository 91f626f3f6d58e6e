"""No trick of keys or spelling gets a premium, satellite or foreign number past the gate."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from tests.domain.test_phone import HOTLINE, STAFF, a_gate
from voicebot.domain.phone import GateReason, NumberPassed, NumberStopped, check_number, check_staff_number

DANGER = pytest.mark.danger("premium and satellite numbers")


@DANGER
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("00442071838750", GateReason.COUNTRY),  # Europe's way out, keyed in America
        ("011442071838750", GateReason.COUNTRY),
        ("01118092201111", GateReason.COUNTRY),
        ("011881612345678", GateReason.SATELLITE),
        ("+881 612 345 678", GateReason.SATELLITE),
        ("+882 16 123 456 78", GateReason.SATELLITE),
        ("+883 5100 0000 0090", GateReason.SATELLITE),
        ("+979 123 456 789", GateReason.SATELLITE),
        ("+1 900 234 5678", GateReason.KIND),
        ("+1 212 976 1234", GateReason.KIND),  # local premium exchange, a fixed line to its looks
        ("2129761234", GateReason.KIND),
        ("+1 876 555 1234", GateReason.COUNTRY),  # Jamaica
        ("+1 664 491 1234", GateReason.COUNTRY),  # Montserrat
        ("18092201111", GateReason.COUNTRY),
        ("4155552671*5", GateReason.NOT_A_NUMBER),
        ("4155552671,,5", GateReason.NOT_A_NUMBER),
        ("4155552671;ext=5", GateReason.NOT_A_NUMBER),
        ("41555526715", GateReason.NOT_A_NUMBER),
        ("415555267155555", GateReason.NOT_A_NUMBER),
        ("++14155552671", GateReason.NOT_A_NUMBER),
        ("+ +14155552671", GateReason.NOT_A_NUMBER),
        ("call +14155552671 now", GateReason.NOT_A_NUMBER),
        ("1800FLOWERS", GateReason.SHORT),  # a sender by name, not the number under its letters
        ("+1415555FLOW", GateReason.NOT_A_NUMBER),
        ("tel:+14155552671;ext=5", GateReason.WITHHELD),
        ("\u202e+14155552671", GateReason.NOT_A_NUMBER),
        ("+14155552671\x00", GateReason.NOT_A_NUMBER),
    ],
)
def test_no_trick_of_keys_or_spelling_passes(raw: str, reason: GateReason) -> None:
    assert check_number(raw, a_gate()) == NumberStopped(reason=reason)


@DANGER
@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["", "+", "00", "011", "+1", "1", "001", "+44", "+88", "+87", "+979", "+1900", "+1809", "*", "9"]),
    st.text("0123456789", max_size=16),
    st.sampled_from(["", "*5", "#", "x5", ";ext=5", " ", "\u0661"]),
    st.sampled_from([("US", {"US"}), ("GB", {"GB", "IE"}), ("IL", {"IL"}), ("HR", {"HR", "SK", "LT"}), ("RU", {"RU"})]),
)
def test_whatever_is_keyed_only_ordinary_lines_of_our_countries_pass(
    before: str, digits: str, after: str, where: tuple[str, set[str]]
) -> None:
    home_region, countries = where
    gate = a_gate(countries=frozenset(countries), home_region=home_region)
    result = check_number(before + digits + after, gate)
    if isinstance(result, NumberPassed):
        assert result.number not in {HOTLINE, STAFF}
        parsed = phonenumbers.parse(result.number)
        assert phonenumbers.region_code_for_number(parsed) in countries
        assert phonenumbers.number_type(parsed) in {
            PhoneNumberType.FIXED_LINE,
            PhoneNumberType.MOBILE,
            PhoneNumberType.FIXED_LINE_OR_MOBILE,
        }


@DANGER
@pytest.mark.parametrize(
    "kind", ["PREMIUM_RATE", "TOLL_FREE", "SHARED_COST", "PERSONAL_NUMBER", "PAGER", "UAN", "VOIP"]
)
def test_no_country_s_example_of_a_costly_kind_passes_where_the_country_is_allowed(kind: str) -> None:
    tried = 0
    for region in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number_for_type(region, getattr(PhoneNumberType, kind))
        if example is None:
            continue
        tried += 1
        raw = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        result = check_number(raw, a_gate(countries=frozenset({region}), home_region=region))
        assert isinstance(result, NumberStopped), f"{region}: an example of {kind} passes"
    assert tried > 5


@DANGER
def test_no_number_of_no_country_passes_even_where_every_region_is_allowed() -> None:
    everything = frozenset(phonenumbers.SUPPORTED_REGIONS) | {"001"}
    for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS:
        example = phonenumbers.example_number_for_non_geo_entity(code)
        raw = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        assert check_number(raw, a_gate(countries=everything)) == NumberStopped(reason=GateReason.SATELLITE)


@DANGER
@pytest.mark.parametrize("number", ["+881612345678", "+19002345678", "+449012345678", "+12129761234", "911", HOTLINE])
def test_a_colleague_s_phone_may_be_abroad_but_on_no_costly_line(number: str) -> None:
    assert isinstance(check_staff_number("+385911234567", a_gate()), NumberPassed)
    assert isinstance(check_staff_number(number, a_gate()), NumberStopped)

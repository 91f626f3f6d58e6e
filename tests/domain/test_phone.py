"""Telephone numbers: what may be rung, what is said, what may stand in a log."""

import doctest

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from voicebot.domain import phone
from voicebot.domain.phone import (
    TERRITORIES,
    GateReason,
    NumberGate,
    NumberPassed,
    NumberStopped,
    check_number,
    check_staff_number,
    is_e164,
    is_toll_free,
    national_digits,
    redacted,
    region_of,
    spoken_groups,
    takes_texts,
    to_e164,
    to_e164_without_plus,
)
from voicebot.domain.phone_forms import is_withheld
from voicebot.errors import SettingFault

HOTLINE = "+14155559990"
STAFF = "+14155559991"


def a_gate(**changes: object) -> NumberGate:
    facts: dict[str, object] = {
        "countries": frozenset({"US", "CA"}),
        "home_region": "US",
        "own_numbers": frozenset({HOTLINE}),
        "staff_numbers": frozenset({STAFF}),
        **changes,
    }
    return NumberGate(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", ["+14155552671", "4155552671", "14155552671", "(415) 555-2671", " +1 415 555 2671 "])
def test_an_ordinary_number_passes_however_it_is_written(raw: str) -> None:
    assert check_number(raw, a_gate()) == NumberPassed(number="+14155552671", national_digits="4155552671", region="US")


def test_keyed_digits_are_read_in_the_hotline_s_own_region() -> None:
    israeli = a_gate(countries=frozenset({"IL"}), home_region="IL")
    assert check_number("0502345678", israeli) == NumberPassed(
        number="+972502345678", national_digits="0502345678", region="IL"
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", GateReason.WITHHELD),
        ("anonymous", GateReason.WITHHELD),
        ("Restricted", GateReason.WITHHELD),
        ("+266696687", GateReason.WITHHELD),  # anonymous, on the keys
        ("+7378742833", GateReason.WITHHELD),  # restricted
        ("266696687", GateReason.WITHHELD),
        ("+8656696", GateReason.WITHHELD),  # unknown
        ("client:bob", GateReason.WITHHELD),
        ("sip:bob@example.org", GateReason.WITHHELD),
        ("911", GateReason.EMERGENCY),
        ("112", GateReason.EMERGENCY),
        ("411", GateReason.SHORT),
        ("12345", GateReason.SHORT),
        ("*#", GateReason.SHORT),
        ("+999999999999", GateReason.NOT_A_NUMBER),
        ("+14155552671x5", GateReason.NOT_A_NUMBER),
        ("1" * 40, GateReason.NOT_A_NUMBER),
        ("+12020000000", GateReason.NOT_A_NUMBER),
        (HOTLINE, GateReason.OWN),
        (STAFF, GateReason.STAFF),
        ("+442071838750", GateReason.COUNTRY),
        ("+18092201111", GateReason.COUNTRY),  # the Dominican Republic looks like home
        ("+881612345678", GateReason.SATELLITE),  # parses as a mobile
        ("+870773111632", GateReason.SATELLITE),
        ("+12025550142", GateReason.TEST),
        ("+15005550006", GateReason.TEST),
        ("+19002345678", GateReason.KIND),  # premium
        ("+18002345678", GateReason.KIND),  # toll-free
    ],
)
def test_what_must_not_be_rung_is_stopped_with_its_reason(raw: str, reason: GateReason) -> None:
    assert check_number(raw, a_gate()) == NumberStopped(reason=reason)


@pytest.mark.parametrize(
    ("raw", "home", "number"),
    [
        ("sip:+14155552671@carrier.example", "US", "+14155552671"),
        ("sip:14155552671@203.0.113.7:5060;user=phone", "US", "+14155552671"),
        ("sips:4155552671@carrier.example", "US", "+14155552671"),
        ("sip:%2B14155552671@carrier.example", "US", "+14155552671"),
        ("sip:+14155552671;npdi;rn=+14155550000@carrier.example", "US", "+14155552671"),
        ("tel:+1-415-555-2671", "US", "+14155552671"),
        ("tel:4155552671;phone-context=+1", "US", "+14155552671"),
        ("0014155552671", "US", "+14155552671"),
        ("00442071838750", "US", "+442071838750"),
        ("00442071838750", "GB", "+442071838750"),
        ("01144 20 7183 8750", "US", "+442071838750"),
        ("442071838750", "GB", "+442071838750"),
        ("02071838750", "GB", "+442071838750"),
        ("0014155552671", "GB", "+14155552671"),
    ],
)
def test_a_number_passes_in_every_form_in_which_carriers_and_people_write_it(raw: str, home: str, number: str) -> None:
    result = check_number(raw, a_gate(countries=frozenset({"US", "GB"}), home_region=home))
    assert isinstance(result, NumberPassed)
    assert (result.number, to_e164(raw, home), is_withheld(raw)) == (number, number, False)


@pytest.mark.parametrize(
    ("country", "region"), [(each, one) for each, many in TERRITORIES.items() for one in sorted(many)]
)
def test_a_territory_shares_the_code_of_its_country_and_is_rung_like_it(country: str, region: str) -> None:
    codes = {phonenumbers.country_code_for_region(each) for each in (country, region)}
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    written = [phonenumbers.format_number(each, phonenumbers.PhoneNumberFormat.E164) for each in examples if each]
    gate = a_gate(countries=frozenset({country}), home_region=country)
    assert len(codes) == 1
    assert written
    assert [type(check_number(each, gate)) for each in written] == [NumberPassed] * len(written)


@pytest.mark.danger("premium and satellite numbers")
@pytest.mark.parametrize("region", sorted(set(phonenumbers.region_codes_for_country_code(1)) - {"US"}))
def test_other_regions_of_the_american_code_are_not_rung_unless_they_are_named(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    passed = isinstance(check_number(number, a_gate(countries=frozenset({"US"}))), NumberPassed)
    assert passed is (region in TERRITORIES["US"])


@pytest.mark.danger("premium and satellite numbers")
def test_premium_lines_of_a_territory_stay_shut() -> None:
    gate = a_gate(countries=frozenset({"GB"}), home_region="GB")
    for raw in ("+449012345678", "+447012345678", "+44871234567"):
        assert isinstance(check_number(raw, gate), NumberStopped), raw


@pytest.mark.parametrize(
    ("number", "is_texted"),
    [
        ("+442071838750", False),  # London
        ("+441534456789", False),  # Jersey, a fixed line
        ("+447911123456", True),
        ("+14155552671", True),  # nobody can tell in North America
        ("+17872345678", True),
        ("+38512345678", False),  # Zagreb
        ("+385911234567", True),
        ("", False),
    ],
)
def test_a_line_that_its_plan_calls_fixed_takes_no_texts(number: str, is_texted: bool) -> None:
    assert takes_texts(number) is is_texted


def test_a_satellite_is_stopped_even_where_its_region_is_allowed() -> None:
    gate = a_gate(countries=frozenset({"US", "001"}))
    assert check_number("+881612345678", gate) == NumberStopped(reason=GateReason.SATELLITE)


@pytest.mark.parametrize(
    ("number", "is_texted"),
    [
        ("+385911234567", True),  # in no country that callers are rung in
        (STAFF, True),
        (HOTLINE, False),
        ("+449012345678", False),
        ("+881612345678", False),
    ],
)
def test_a_colleague_may_live_anywhere_but_on_a_premium_line(number: str, is_texted: bool) -> None:
    assert isinstance(check_staff_number(number, a_gate()), NumberPassed) is is_texted


def test_a_premium_number_of_an_allowed_country_is_stopped() -> None:
    gate = a_gate(countries=frozenset({"GB"}))
    assert check_number("+449012345678", gate) == NumberStopped(reason=GateReason.KIND)


@pytest.mark.parametrize("raw", ["+12025550142", "+15005550006"])
def test_test_numbers_pass_only_by_a_named_exception(raw: str) -> None:
    gate = a_gate(exceptions=("+120255501", "+15005550006"))
    assert isinstance(check_number(raw, gate), NumberPassed)
    assert check_number("+15005550009", gate) == NumberStopped(reason=GateReason.TEST)


def test_an_exception_never_opens_the_gate_to_our_own_phones() -> None:
    gate = a_gate(exceptions=("+1",))
    assert check_number(HOTLINE, gate) == NumberStopped(reason=GateReason.OWN)
    assert check_number(STAFF, gate) == NumberStopped(reason=GateReason.STAFF)


@given(st.text(max_size=30) | st.text("0123456789+*#-() ", max_size=30))
def test_nothing_that_anybody_sends_breaks_the_gate(raw: str) -> None:
    result = check_number(raw, a_gate())
    if isinstance(result, NumberPassed):
        assert is_e164(result.number)
        assert result.region in {"US", "CA"} | TERRITORIES["US"]


@pytest.mark.parametrize(
    ("raw", "home_region", "number"),
    [
        ("+12025550142", None, "+12025550142"),
        ("2025550142", None, None),
        ("2025550142", "US", "+12025550142"),
        ("+266696687", None, None),
        ("hello", "US", None),
        ("+49" + "1" * 16, None, None),
    ],
)
def test_a_number_is_brought_into_one_form(raw: str, home_region: str | None, number: str | None) -> None:
    assert to_e164(raw, home_region) == number


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("+12025550142", True),
        ("12025550142", False),
        ("+0123456789", False),
        ("+1234567890123456", False),
        ("+1", False),
    ],
)
def test_the_form_of_a_number_is_a_plus_and_seven_to_fifteen_digits(text: str, is_number: bool) -> None:
    assert is_e164(text) is is_number


def test_a_number_is_not_withheld_because_it_is_long() -> None:
    assert not is_withheld("+12025550142")
    assert is_withheld("  PRIVATE ")


@pytest.mark.parametrize(
    ("number", "region"),
    [("+12025550142", "US"), ("+15005550006", "US"), ("+972502345678", "IL"), ("+442071838750", "GB")],
)
def test_the_hotline_s_region_comes_from_its_number(number: str, region: str) -> None:
    assert region_of(number) == region


def test_a_hotline_without_a_number_is_a_fault_that_names_the_setting() -> None:
    with pytest.raises(SettingFault, match="set TWILIO_PHONE_NUMBER") as fault:
        region_of("2025550142")
    assert fault.value.code == "own-number"


def test_national_digits_are_those_dialled_at_home() -> None:
    assert national_digits("+442071838750") == "02071838750"
    assert national_digits("nonsense") == ""


@pytest.mark.parametrize(
    ("digits", "groups"),
    [
        ("2025550142", ("202", "555", "0142")),
        ("0502345678", ("050", "234", "5678")),
        ("02071838750", ("020", "718", "387", "50")),
        ("482719305", ("482", "719", "305")),
        ("7", ("7",)),
        ("", ()),
    ],
)
def test_digits_are_said_in_threes_and_never_end_in_a_lone_one(digits: str, groups: tuple[str, ...]) -> None:
    assert spoken_groups(digits) == groups


def test_a_log_sees_too_little_to_ring() -> None:
    assert redacted("+12025550142") == "+1…42"
    assert redacted("+972502345678") == "+972…78"
    assert redacted("my number is 5") == "…"


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(phone).failed == 0


@pytest.mark.parametrize(
    ("number", "is_free"), [("+18335550100", True), ("+18005550100", True), ("+12025550100", False), ("nothing", False)]
)
def test_toll_free_number_is_known(number: str, is_free: bool) -> None:
    assert is_toll_free(number) == is_free


@pytest.mark.parametrize(
    ("raw", "region", "number"),
    [
        ("+442079460018", "US", "+442079460018"),
        ("442079460018", "US", "+442079460018"),
        ("442079460018", "GB", "+442079460018"),
        ("02079460018", "GB", "+442079460018"),
        ("2025550143", "US", "+12025550143"),
        ("12025550143", "DE", "+12025550143"),
        ("0012025550143", "DE", "+12025550143"),
        ("soon", "US", None),
        ("", "US", None),
        ("12", "US", None),
    ],
)
def test_a_number_that_lost_its_plus_is_read_by_the_plan_it_fits(raw: str, region: str, number: str | None) -> None:
    assert to_e164_without_plus(raw, region) == number

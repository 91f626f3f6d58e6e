"""Telephone numbers. They are read, said and written down safely. The gate stands before anything is sent or rung.

Caller IDs are not always numbers, and keyed numbers are whatever a stranger keys. So nothing is rung or texted that has
not passed `check_number`.

Knows: numbering plans (package `phonenumbers`). Must not know: forms of caller IDs (phone_forms.py), who calls,
settings, the carrier's API.
Source: dangers of a line that calls back, twilio.md 1.1 and 1.12 (November 2026). Numbers kept for fiction are in the
ATIS numbering guidelines for 555 line numbers.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from voicebot.domain.phone_forms import bare_number, is_withheld, is_written
from voicebot.errors import SettingFault

SHORTEST_NUMBER = 7
"""Digits, without country code and prefixes. Shorter ones are short codes and extensions."""

EVERY_COUNTRY = frozenset(phonenumbers.SUPPORTED_REGIONS)

SATELLITE_REGION = "001"
"""The region `phonenumbers` gives to numbers of no country, where +870 and +881 pass as mobile."""

TERRITORIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "US": frozenset({"PR", "GU", "VI", "AS", "MP"}),
        "GB": frozenset({"JE", "GG", "IM"}),
        "AU": frozenset({"CC", "CX"}),
        "FI": frozenset({"AX"}),
        "IT": frozenset({"VA"}),
        "NO": frozenset({"SJ"}),
    }
)
"""Regions that share a country's calling code and its ordinary tariff. Where the country may be rung, so may they.

Not every region of a calling code is one, since +1 809 and +1 876 cost like a premium line (twilio.md 1.12).
"""

_E164 = re.compile(r"^\+[1-9]\d{6,14}$")
# North America keeps 555-0100 to 555-0199 of every area code for stories.
_FICTION = re.compile(r"^\+1\d{3}55501\d\d$")
# The carrier's magic numbers for test credentials.
_CARRIER_TEST = re.compile(r"^\+1500555\d{4}$")
# Local premium lines of North America, which look like any fixed line: exchange 976 of each area code.
_PREMIUM_EXCHANGE = re.compile(r"^\+1\d{3}976\d{4}$")
# How most of the world dials out of its country; some carriers write it instead of a plus.
_DIALLED_ABROAD = "00"
_AT_HAND = 64
"""Only the numbers of the calls at hand are remembered."""
_RINGABLE = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class GateReason(StrEnum):
    """Why a number is not rung and not texted."""

    WITHHELD = "withheld"
    NOT_A_NUMBER = "not_a_number"
    SHORT = "short"
    EMERGENCY = "emergency"
    OWN = "own"
    STAFF = "staff"
    SATELLITE = "satellite"
    COUNTRY = "country"
    TEST = "test"
    """Kept for fiction, or the carrier's own test number."""
    KIND = "kind"
    """Neither a fixed line nor a mobile, but premium, toll-free, shared cost, pager, personal and so on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberPassed:
    """A number that may be rung and texted."""

    number: str
    """E.164."""
    national_digits: str
    """The digits as people of that country dial them at home."""
    region: str
    """ISO 3166 code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberStopped:
    """A number that may not."""

    reason: GateReason


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberGate:
    """What the gate lets through. Made once from settings and policy."""

    countries: frozenset[str]
    """Regions that may be rung."""
    home_region: str
    """Where keyed digits without a country code are read, which is the hotline's own region."""
    own_numbers: frozenset[str] = frozenset()
    """E.164. Ringing one would be a loop."""
    staff_numbers: frozenset[str] = frozenset()
    """E.164. A complaint from a colleague's phone is never rung as a complainant's."""
    exceptions: tuple[str, ...] = ()
    """Prefixes (E.164) let through whatever their kind or country. For tests and the demo only."""


@lru_cache(maxsize=_AT_HAND)
def check_number(raw: str, gate: NumberGate) -> NumberPassed | NumberStopped:
    """Return the number if it may be rung and texted, else why not.

    `raw` is a caller ID as the carrier gives it, or digits keyed by a caller. The region is asked before the
    kind, since satellites and foreign premium numbers pass for ordinary mobiles or fixed lines. The answer is
    remembered for a while, because each message asks about its reader anew.
    """
    if is_withheld(raw):
        return NumberStopped(reason=GateReason.WITHHELD)
    raw = bare_number(raw)
    if phonenumbers.is_emergency_number(_digits(raw), gate.home_region):
        return NumberStopped(reason=GateReason.EMERGENCY)
    if len(_digits(raw)) < SHORTEST_NUMBER:
        return NumberStopped(reason=GateReason.SHORT)
    parsed = _parsed(raw, gate.home_region)
    if parsed is None:
        return NumberStopped(reason=GateReason.NOT_A_NUMBER)
    reason = _stopped_because(parsed, gate)
    if reason is not None:
        return NumberStopped(reason=reason)
    return NumberPassed(number=_e164(parsed), national_digits=_national(parsed), region=_region(parsed))


def _stopped_because(parsed: PhoneNumber, gate: NumberGate) -> GateReason | None:
    number = _e164(parsed)
    if number in gate.own_numbers:
        return GateReason.OWN
    if number in gate.staff_numbers:
        return GateReason.STAFF
    if any(number.startswith(prefix) for prefix in gate.exceptions):
        return None
    if _FICTION.match(number) or _CARRIER_TEST.match(number):
        return GateReason.TEST
    return _country_or_kind(parsed, gate.countries)


def _country_or_kind(parsed: PhoneNumber, countries: Collection[str]) -> GateReason | None:
    region = _region(parsed)
    if region == SATELLITE_REGION:
        return GateReason.SATELLITE
    if not is_allowed_region(region, countries):
        return GateReason.COUNTRY
    if not phonenumbers.is_valid_number(parsed):
        return GateReason.NOT_A_NUMBER
    is_premium = _PREMIUM_EXCHANGE.match(_e164(parsed)) is not None
    return GateReason.KIND if is_premium or phonenumbers.number_type(parsed) not in _RINGABLE else None


def is_allowed_region(region: str, countries: Collection[str]) -> bool:
    """Tell whether numbers of a region may be rung where these countries may, either as one of them, or as a
    territory.
    """
    return region in countries or any(region in TERRITORIES.get(country, ()) for country in countries)


@lru_cache(maxsize=_AT_HAND)
def takes_texts(number: str) -> bool:
    """Tell whether an E.164 number can be texted as far as its numbering plan tells, since a fixed line cannot.

    Where the plan keeps fixed lines and mobiles apart (Britain, not North America), nobody is promised a text there.
    """
    parsed = _parsed(number, None)
    return parsed is not None and phonenumbers.number_type(parsed) != PhoneNumberType.FIXED_LINE


def check_staff_number(number: str, gate: NumberGate) -> NumberPassed | NumberStopped:
    """Return a colleague's number if it may be texted. They may live in any country, yet never on a premium line."""
    return check_number(number, replace(gate, countries=EVERY_COUNTRY, staff_numbers=frozenset()))


def to_e164(raw: str, home_region: str | None = None) -> str | None:
    """Return a number in E.164 form, or None when it is none. It need not be one that may be rung.

    Without `home_region` only numbers with a `+` or the `00` for it can be read.
    """
    if is_withheld(raw):
        return None
    parsed = _parsed(raw, home_region)
    return None if parsed is None else _e164(parsed)


def to_e164_without_plus(raw: str, home_region: str) -> str | None:
    """Return a number in E.164 form that may have lost its plus in a spreadsheet, or None when it is none.

    It is read as dialled at home unless only the other reading is a number of its country's plan.
    """
    at_home = _parsed(raw, home_region)
    abroad = _parsed(f"+{raw}", None) if raw[:1].isdecimal() else None
    readings = [each for each in (at_home, abroad) if each is not None]
    valid = [each for each in readings if phonenumbers.is_valid_number(each)]
    return next((_e164(each) for each in (*valid, *readings)), None)


def is_e164(text: str) -> bool:
    """Tell whether a text has the form of E.164, that is a plus and 7 to 15 digits."""
    return _E164.match(text) is not None


@lru_cache(maxsize=_AT_HAND)
def region_of(number: str) -> str:
    """Return the ISO 3166 region of an E.164 number. For a number of no area, the main region of its code.

    Raises: SettingFault when it is not an E.164 number at all.
    """
    parsed = _parsed(number, None)
    if parsed is None:
        raise SettingFault(
            "finding the hotline's country: its number is not in E.164 form; "
            "set TWILIO_PHONE_NUMBER to one like +12025550123",
            code="own-number",
        )
    return _region(parsed)


def is_toll_free(number: str) -> bool:
    """Tell whether an E.164 number is one that costs its callers nothing."""
    parsed = _parsed(number, None)
    return parsed is not None and phonenumbers.number_type(parsed) == PhoneNumberType.TOLL_FREE


def national_digits(number: str) -> str:
    """Return an E.164 number's digits as people of its country dial them at home, or empty when it is no number."""
    parsed = _parsed(number, None)
    return "" if parsed is None else _national(parsed)


def spoken_groups(digits: str) -> tuple[str, ...]:
    """Return digits in the groups in which they are said, which are threes, the last one of two to four.

    >>> spoken_groups("2025550142")
    ('202', '555', '0142')
    """
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return tuple(groups)


def redacted(number: str) -> str:
    """Return a form that may stand in a log, with enough to compare, too little to ring.

    >>> redacted("+12025550142")
    '+1…42'
    """
    parsed = _parsed(number, None)
    if parsed is None:
        return "…"
    return f"+{parsed.country_code}…{number.strip()[-2:]}"


@lru_cache(maxsize=_AT_HAND)
def _parsed(raw: str, home_region: str | None) -> PhoneNumber | None:
    """Read a number in any form, be it with a plus, dialled from the home region, or with 00 for the plus.

    One call asks about ours and the caller's some twenty-five times.
    """
    written = bare_number(raw).strip()
    parsed = _read(written, home_region)
    is_whole = parsed is not None and (written.startswith("+") or phonenumbers.is_valid_number(parsed))
    if not is_whole and written.startswith(_DIALLED_ABROAD):
        return _read(f"+{written.removeprefix(_DIALLED_ABROAD)}", None)
    # Few digits without a plus are a short code or an extension, to which a country code would give a stranger's form.
    is_short = parsed is not None and not written.startswith("+") and not phonenumbers.is_possible_number(parsed)
    return None if is_short else parsed


def _read(written: str, home_region: str | None) -> PhoneNumber | None:
    if not is_written(written):
        return None
    try:
        parsed = phonenumbers.parse(written, home_region)
    except phonenumbers.NumberParseException:
        return None
    # An extension or a too long number would ring somebody else than the digits say.
    if parsed.extension is not None or not is_e164(_e164(parsed)):
        return None
    return parsed


def _e164(parsed: PhoneNumber) -> str:
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _national(parsed: PhoneNumber) -> str:
    return _digits(str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)))


def _region(parsed: PhoneNumber) -> str:
    return str(
        phonenumbers.region_code_for_number(parsed)
        or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    )


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())

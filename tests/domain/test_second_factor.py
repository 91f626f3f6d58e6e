"""Codes of a telephone and of its loss: what counts, when, and how often."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from voicebot.domain.second_factor import (
    PENDING_FOR,
    RECOVERY_CODES,
    SecondFactor,
    address_of_key,
    digests_of,
    in_groups,
    matching_step,
    new_key,
    new_recovery_codes,
)

RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 18, 15, 0, 10, tzinfo=UTC)
KEY = new_key("a token")
STEP = int(NOW.timestamp()) // 30


def code(steps_away: int = 0) -> str:
    """Return what a telephone shows that is so many half minutes away."""
    return pyotp.TOTP(KEY).at(NOW + timedelta(seconds=30 * steps_away))


@pytest.mark.parametrize(
    ("second", "shown"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(second: int, shown: str) -> None:
    """Source: RFC 6238, appendix B, the last six digits of eight."""
    at = datetime.fromtimestamp(second, UTC)
    assert matching_step(RFC_KEY, shown, at=at, after=0) == second // 30


@pytest.mark.parametrize(("away", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_half_minute_wrong(away: int, counts: bool) -> None:
    assert (matching_step(KEY, code(away), at=NOW, after=0) == STEP + away) is counts


def test_a_code_counts_once_and_so_does_none_before_it() -> None:
    assert matching_step(KEY, code(), at=NOW, after=STEP) is None
    assert matching_step(KEY, code(-1), at=NOW, after=STEP) is None
    assert matching_step(KEY, code(1), at=NOW, after=STEP) == STEP + 1


@pytest.mark.parametrize("written", ["", "12345", "١٢٣٤٥٦", "000000\x00", "x" * 40, "-"])
def test_what_is_no_code_does_not_count(written: str) -> None:
    assert matching_step(KEY, written, at=NOW, after=0) is None


def test_a_code_may_be_written_as_telephones_show_it() -> None:
    assert matching_step(KEY, f" {code()[:3]} {code()[3:]} ", at=NOW, after=0) == STEP


def test_each_recovery_code_counts_once_however_it_is_written() -> None:
    codes = new_recovery_codes("a token")
    factor = SecondFactor(id="a", recovery_digests=digests_of(codes))
    assert (len(set(codes)), factor.codes_left) == (RECOVERY_CODES, RECOVERY_CODES)
    assert {len(each) for each in codes} == {19}
    used = factor.without_code(f" {codes[3].replace('-', ' ').upper()}")
    assert used is not None
    assert used.codes_left == RECOVERY_CODES - 1
    assert used.without_code(codes[3]) is None
    assert used.without_code(codes[4]) is not None
    assert used.without_code("") is None
    assert codes[0] not in factor.recovery_digests


def test_keys_of_two_secrets_differ_and_have_160_bits() -> None:
    assert len({new_key("one"), new_key("two"), KEY}) == 3
    assert len(base64.b32decode(KEY)) == 20


def test_a_key_waits_a_quarter_of_an_hour() -> None:
    begun = SecondFactor(id="a", pending_key="sealed", pending_at=NOW)
    assert begun.is_pending(NOW + PENDING_FOR - timedelta(seconds=1))
    assert not begun.is_pending(NOW + PENDING_FOR)
    assert not replace(begun, pending_key="").is_pending(NOW)


def test_a_telephone_is_told_whose_key_it_is() -> None:
    address = address_of_key(KEY, email="anna@firm.example", company="Harbour Goods")
    assert address == f"otpauth://totp/Harbour%20Goods:anna%40firm.example?secret={KEY}&issuer=Harbour%20Goods"


def test_long_words_are_read_in_groups() -> None:
    assert in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"

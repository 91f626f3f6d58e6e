"""Now is now, and ids and digits do not repeat."""

import re
from datetime import UTC, datetime

from voicebot.adapters.system_clock import SecretIds, SystemClock


def test_now_is_aware_in_utc_and_lies_between_two_looks_at_the_clock() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_ids_are_32_hexadecimal_digits_and_fresh() -> None:
    made = {SecretIds().new_id() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in made)


def test_tokens_fit_a_url_and_hold_at_least_128_bits() -> None:
    made = {SecretIds().new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22,}", one) for one in made)


def test_random_digits_are_as_many_as_asked_and_use_all_ten() -> None:
    digits = SecretIds().random_digits(2000)
    assert len(digits) == 2000
    assert set(digits) == set("0123456789")

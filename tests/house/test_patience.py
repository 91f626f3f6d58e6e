"""Whoever waits gives up before those who wait for them: database, answer, carrier."""

from urllib.parse import parse_qs

from voicebot.telephony.urls import RETRIES
from voicebot.web.resilience.time_limits import ANSWER_PATIENCE_S, DATABASE_PATIENCE_MS, STATEMENT_PATIENCE_MS

CARRIER_IN_ALL_MS = 15_000
"""Twilio's limit for one webhook with its retries (twilio.md 1.1)."""
ON_THE_WAY_MS = 500
"""Left for the network and for this process, at the least."""


def _carriers() -> dict[str, int]:
    return {name: int(values[0]) for name, values in parse_qs(RETRIES).items() if name != "rp"}


def test_an_answer_comes_before_the_carrier_gives_up() -> None:
    assert _carriers()["rt"] >= ANSWER_PATIENCE_S * 1000 + ON_THE_WAY_MS


def test_a_database_is_given_up_in_time_for_another_attempt() -> None:
    assert DATABASE_PATIENCE_MS + ON_THE_WAY_MS <= ANSWER_PATIENCE_S * 1000


def test_no_statement_outlives_the_answer_it_was_for_nor_hides_who_holds_a_lock() -> None:
    assert DATABASE_PATIENCE_MS < STATEMENT_PATIENCE_MS <= ANSWER_PATIENCE_S * 1000


def test_every_try_of_the_carrier_fits_into_its_patience() -> None:
    carrier = _carriers()
    assert (carrier["rc"] + 1) * (carrier["ct"] + carrier["rt"]) <= CARRIER_IN_ALL_MS

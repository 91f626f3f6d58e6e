"""Which of several offered windows is meant by a place, a day or a time of day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import call_facts
from voicebot.flow.offers import offer_meant
from voicebot.flow.session import FlowSession, SpokenWindow

NEW_YORK = "America/New_York"
MONDAY_EVENING = datetime(2026, 11, 24, 2, tzinfo=UTC)
"""Monday, nine in the evening in New York, and Tuesday already by UTC."""


def _window(opens_at: datetime) -> SpokenWindow:
    return SpokenWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2), zone=NEW_YORK)


TUESDAY_NINE = _window(datetime(2026, 11, 24, 14, tzinfo=UTC))
TUESDAY_ONE = _window(datetime(2026, 11, 24, 18, tzinfo=UTC))
WEDNESDAY_SIX = _window(datetime(2026, 11, 25, 23, tzinfo=UTC))
OFFERS = (TUESDAY_NINE, TUESDAY_ONE, WEDNESDAY_SIX)


def _session(window: str, **changes: Any) -> FlowSession:
    session = FlowSession(
        flow="small", flow_digest="x", locale="en", node="ask", facts=call_facts(), slots={"window": window},
        offers=OFFERS, offered_at=MONDAY_EVENING,
    )  # fmt: skip
    return session.model_copy(update=changes)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("first", TUESDAY_NINE),
        ("second", TUESDAY_ONE),
        ("third", WEDNESDAY_SIX),
        ("any", TUESDAY_NINE),
        ("morning", TUESDAY_NINE),
        ("afternoon", TUESDAY_ONE),
        ("evening", WEDNESDAY_SIX),
        ("tomorrow", TUESDAY_NINE),
        ("tomorrow_afternoon", TUESDAY_ONE),
        ("wednesday", WEDNESDAY_SIX),
        ("today", None),
        ("tomorrow_evening", None),
        ("friday", None),
        ("yes", None),
        ("", None),
    ],
)
def test_a_place_a_day_or_a_time_of_day_means_the_first_offer_that_has_it(
    said: str, meant: SpokenWindow | None
) -> None:
    assert offer_meant(_session(said)) == meant


def test_who_chooses_a_place_that_was_not_offered_chooses_none() -> None:
    assert offer_meant(_session("third", offers=OFFERS[:2])) is None
    assert offer_meant(_session("first", offers=(), offered_at=None)) is None


def test_nothing_is_meant_by_a_day_while_nothing_is_offered() -> None:
    assert offer_meant(_session("monday", offers=(), offered_at=None)) is None

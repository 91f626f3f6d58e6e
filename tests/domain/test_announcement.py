"""The notice of the day is said from its first instant up to its last, in the caller's language."""

from datetime import UTC, datetime, timedelta

import pytest

from voicebot.domain.announcement import Announcement, words_at

NOON = datetime(2026, 12, 24, 12, tzinfo=UTC)
CLOSED = Announcement(begins_at=NOON, ends_at=NOON + timedelta(hours=1), words={"en": "Closed.", "lt": "Uždaryta."})
LATER = Announcement(begins_at=NOON, ends_at=NOON + timedelta(hours=2), words={"en": "Still closed."})


@pytest.mark.parametrize(
    ("minutes", "locale", "said"),
    [
        (-1, "en", ""),
        (0, "en", "Closed."),
        (59, "en-GB", "Closed."),
        (0, "lt", "Uždaryta."),
        (0, "he", ""),
        (60, "en", "Still closed."),
        (120, "en", ""),
    ],
)
def test_a_notice_is_said_as_long_as_it_holds(minutes: int, locale: str, said: str) -> None:
    assert words_at((CLOSED, LATER), NOON + timedelta(minutes=minutes), locale) == said

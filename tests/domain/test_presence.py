"""Who has a case open: a look is noted when the last one is a while ago."""

from datetime import timedelta

from tests.builders import MONDAY_TEN
from voicebot.domain.presence import LASTS, NOTED_AGAIN_AFTER, Presence, is_to_be_noted

SEEN = Presence(ticket_id="ticket-1", member_id="owner_1", seen_at=MONDAY_TEN)


def test_a_first_look_is_noted_and_another_one_only_after_a_while() -> None:
    second = timedelta(seconds=1)
    assert is_to_be_noted(None, MONDAY_TEN)
    assert not is_to_be_noted(SEEN, MONDAY_TEN + NOTED_AGAIN_AFTER - second)
    assert is_to_be_noted(SEEN, MONDAY_TEN + NOTED_AGAIN_AFTER)


def test_an_open_page_that_looks_every_20_seconds_is_noted_in_time() -> None:
    assert NOTED_AGAIN_AFTER < timedelta(seconds=20) < LASTS / 2

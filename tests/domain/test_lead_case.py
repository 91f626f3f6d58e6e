"""Many cases on one cause: no chains of leads, an update within a text, and a few people a minute in their hours."""

from datetime import datetime, timedelta

import pytest

from tests.builders import at
from voicebot.domain.business_calendar import DaySpan
from voicebot.domain.lead_case import A_MINUTE, LONGEST_UPDATE, read_update, refuse_following, told_at_pace
from voicebot.domain.ring_hours import RingHours
from voicebot.errors import Refused

HOURS = RingHours(week=((DaySpan(opens_minute=8 * 60, closes_minute=20 * 60),),) * 7)
NEW_YORK, LOS_ANGELES = "+12125550143", "+13105550143"
ZONE = "America/New_York"


def paced(now: datetime, *numbers: str) -> list[timedelta]:
    return [each - now for each in told_at_pace(numbers, now, hours=HOURS, otherwise=ZONE)]


@pytest.mark.requirement("D-06")
def test_words_of_an_update_are_some_and_fit_into_a_text() -> None:
    assert read_update(" The branch\n is open\x00 again. ") == "The branch is open again."
    for typed in (" \n", "x" * (LONGEST_UPDATE + 1)):
        with pytest.raises(Refused, match=f"between 1 and {LONGEST_UPDATE}") as problem:
            read_update(typed)
        assert problem.value.code == "update-words"
    assert len(read_update("x" * LONGEST_UPDATE)) == LONGEST_UPDATE


@pytest.mark.requirement("D-06")
@pytest.mark.parametrize(
    ("pair", "lead_follows", "is_lead", "code"),
    [
        (("a", "a"), False, False, "follow-circle"),
        (("a", "b"), True, False, "follow-chain"),
        (("a", "b"), False, True, "follow-chain"),
    ],
)
def test_a_lead_follows_nobody(pair: tuple[str, str], lead_follows: bool, is_lead: bool, code: str) -> None:
    with pytest.raises(Refused) as problem:
        refuse_following(*pair, lead_follows=lead_follows, is_lead=is_lead)
    assert problem.value.code == code
    refuse_following("a", "b", lead_follows=False, is_lead=False)


@pytest.mark.requirement("D-06")
def test_so_many_a_minute_are_told_and_each_in_the_hours_of_their_zone() -> None:
    noon = at("Wednesday 18 November 2026 12:00:00")
    apart = timedelta(minutes=1) / A_MINUTE
    assert paced(noon, NEW_YORK, NEW_YORK, LOS_ANGELES) == [timedelta(0), apart, 2 * apart]
    early = at("Wednesday 18 November 2026 09:30:00")
    assert paced(early, NEW_YORK, LOS_ANGELES) == [timedelta(0), timedelta(hours=1, minutes=30)]
    never = RingHours(week=((),) * 7)
    assert list(told_at_pace([NEW_YORK], noon, hours=never, otherwise=ZONE)) == [noon]

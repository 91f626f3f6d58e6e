"""A test call is placed on each working morning, once, and judged by what stands when it is over."""

from datetime import time, timedelta

import pytest

from tests.builders import MONDAY_TEN, a_calendar, at
from tests.canaries import a_canary
from voicebot.domain.canary import COMES_WITHIN, CanaryResult, CanaryRules, Heard, due_canary, result_of

pytestmark = pytest.mark.requirement("D-10")

SAID = "My parcel was delivered to the wrong house."


@pytest.mark.parametrize(
    ("now", "canary"),
    [
        ("Tuesday 10 November 2026 07:59:59", ""),
        ("Tuesday 10 November 2026 08:00:00", "2026-11-10"),
        ("Tuesday 10 November 2026 13:30:00", "2026-11-10"),  # the machine came back over lunch
        ("Tuesday 10 November 2026 17:59:59", "2026-11-10"),
        ("Tuesday 10 November 2026 18:00:00", ""),
        ("Wednesday 11 November 2026 10:00:00", ""),  # Veterans Day
        ("Saturday 14 November 2026 10:00:00", ""),
        ("Friday 30 October 2026 08:00:00", "2026-10-30"),  # the last one of summer time
        ("Monday 2 November 2026 07:59:59", ""),
        ("Monday 2 November 2026 08:00:00", "2026-11-02"),
        ("Friday 12 March 2027 08:00:00", "2027-03-12"),
        ("Monday 15 March 2027 07:59:59", ""),
        ("Monday 15 March 2027 08:00:00", "2027-03-15"),  # the first one of summer time
    ],
)
def test_it_is_placed_on_working_days_from_its_hour_to_the_end_of_work(now: str, canary: str) -> None:
    assert due_canary(a_calendar(), CanaryRules(), at(now)) == canary


def test_its_hour_is_policy_and_without_rules_there_is_none() -> None:
    now = at("Tuesday 10 November 2026 08:00:00")
    assert due_canary(a_calendar(), CanaryRules(at=time(9)), now) == ""
    assert due_canary(a_calendar(), None, now) == ""


def heard(transcript: str = SAID, *, number: bool = True, text: bool = True) -> Heard:
    return Heard(said=SAID, transcript=transcript, is_number_told=number, is_text_written=text)


@pytest.mark.parametrize(
    ("found", "result"),
    [
        (None, CanaryResult.NO_CALL),
        (heard(""), CanaryResult.NOTHING_HEARD),
        (heard("huh the a"), CanaryResult.MISHEARD),
        (heard("the the the the the the the the"), CanaryResult.MISHEARD),
        (heard("parcel was delivered the long house"), CanaryResult.PASSED),
        (heard("um my parcel was delivered to the wrong house and so on"), CanaryResult.PASSED),
        (heard(number=False), CanaryResult.NO_NUMBER),
        (heard(text=False), CanaryResult.NO_TEXT),
    ],
)
def test_its_result_is_the_first_thing_that_is_missing(found: Heard | None, result: CanaryResult) -> None:
    assert result_of(found)[0] is result


def test_only_a_call_soon_after_its_order_is_the_test_call_and_only_one() -> None:
    ordered = a_canary().ordered(MONDAY_TEN)
    late, minute = COMES_WITHIN + timedelta(seconds=1), timedelta(minutes=1)
    assert not a_canary().awaits_call(MONDAY_TEN)
    assert [ordered.awaits_call(MONDAY_TEN + span) for span in (-late, -minute, minute, late)] == [
        False,
        True,
        True,
        False,
    ]
    assert not a_canary(ordered_at=MONDAY_TEN, call_id="call-1").awaits_call(MONDAY_TEN)
    assert not ordered.over(CanaryResult.NO_CALL, MONDAY_TEN).awaits_call(MONDAY_TEN)


def test_it_has_failed_unless_it_runs_or_passed() -> None:
    failed = {result for result in CanaryResult if a_canary(result=result).has_failed}
    assert failed == set(CanaryResult) - {CanaryResult.RUNNING, CanaryResult.PASSED}

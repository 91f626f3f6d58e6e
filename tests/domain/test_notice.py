"""When a notice may be told, and when it must be."""

from datetime import datetime, timedelta

import pytest

from tests.builders import MONDAY_TEN
from voicebot.domain.notice import DEFAULT_RULES, NoticeEvent, NoticeRule, notice_times

HOUR, TEN = timedelta(hours=1), timedelta(minutes=10)


@pytest.mark.parametrize(
    ("rule", "works_from", "opens_after", "due_after"),
    [
        (NoticeRule(tell=("owner",), is_at_once=True), MONDAY_TEN + HOUR, 0 * HOUR, 0 * HOUR),
        (NoticeRule(tell=("owner",)), MONDAY_TEN + HOUR, HOUR, HOUR),
        (NoticeRule(tell=("owner",), bundle_for=TEN), MONDAY_TEN + HOUR, HOUR, HOUR + TEN),
        (NoticeRule(tell=("owner",), bundle_for=TEN), MONDAY_TEN - HOUR, 0 * HOUR, TEN),
    ],
)
def test_a_notice_opens_when_its_reader_works_and_is_due_when_it_has_waited_for_others(
    rule: NoticeRule, works_from: datetime, opens_after: timedelta, due_after: timedelta
) -> None:
    times = notice_times(rule, MONDAY_TEN, works_from=works_from)
    assert times == (MONDAY_TEN + opens_after, MONDAY_TEN + due_after)


def test_without_a_file_each_event_is_told_and_a_supervisor_at_once() -> None:
    assert set(DEFAULT_RULES) == set(NoticeEvent)
    assert DEFAULT_RULES[NoticeEvent.SUPERVISOR_WANTED].is_at_once

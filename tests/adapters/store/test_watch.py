"""Lists of the morning and alarms about the watch: each written once, also by two processes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_call, a_drill, a_ticket, a_watch_alarm
from tests.canaries import a_canary
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.canary import AHEAD_AT_MOST, CanaryResult
from voicebot.domain.watch_alarm import MorningRecord

Maker = Callable[[], SqlUnitOfWork]
HOUR = timedelta(hours=1)


@pytest.mark.requirement("D-07")
def test_a_day_has_one_list_and_the_newest_is_known(unit_of_work: Maker) -> None:
    friday = MorningRecord(id="2026-02-27", since_at=MONDAY_TEN, made_at=MONDAY_TEN)
    monday = replace(friday, id="2026-03-02")
    with unit_of_work() as work:
        assert work.watch.newest_list() is None
        assert work.watch.add_list(monday)
        assert work.watch.add_list(friday)
        assert not work.watch.add_list(replace(monday, made_at=MONDAY_TEN + HOUR))
        work.commit()
    with unit_of_work() as work:
        assert (work.watch.newest_list(), work.watch.list_of("2026-02-27")) == (monday, friday)
        assert work.watch.list_of("2026-03-03") is None


def test_of_one_name_one_alarm_goes_on_and_after_its_end_another_may_begin(unit_of_work: Maker) -> None:
    first = a_watch_alarm()
    with unit_of_work() as work:
        assert work.watch.alarm("worker") is None
        assert work.watch.add_alarm(first)
        assert not work.watch.add_alarm(a_watch_alarm(id="alarm-2"))
        assert work.watch.add_alarm(a_watch_alarm(id="alarm-3", name="overdue", began_at=MONDAY_TEN + HOUR))
        work.commit()
    ended = replace(first.told(MONDAY_TEN), ended_at=MONDAY_TEN + HOUR)
    with unit_of_work() as work:
        assert work.watch.alarm("worker") == first
        work.watch.save_alarm(ended)
        assert work.watch.alarm("worker") is None
        assert work.watch.add_alarm(a_watch_alarm(id="alarm-4", began_at=MONDAY_TEN + 2 * HOUR))
        assert [each.id for each in work.watch.alarms_since(MONDAY_TEN)] == ["alarm-1", "alarm-3", "alarm-4"]
        assert [each.id for each in work.watch.alarms_since(MONDAY_TEN + 2 * HOUR)] == ["alarm-3", "alarm-4"]


@pytest.mark.requirement("D-10")
def test_a_month_has_one_drill_and_the_newest_is_known(unit_of_work: Maker) -> None:
    answered = a_drill(answered_at=MONDAY_TEN, answered_by="owner_1")
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        assert work.watch.newest_drill() is None
        assert work.watch.add_drill(a_drill())
        assert not work.watch.add_drill(a_drill(began_at=MONDAY_TEN + HOUR))
        assert work.watch.add_drill(a_drill(id="2026-02"))
        work.watch.save_drill(answered)
        work.commit()
    with unit_of_work() as work:
        assert (work.watch.newest_drill(), work.watch.drill("2026-03")) == (answered, answered)
        assert work.watch.drill("2026-01") is None


@pytest.mark.requirement("D-10")
def test_a_morning_has_one_test_call_and_the_newest_is_known(unit_of_work: Maker) -> None:
    passed = a_canary(result=CanaryResult.PASSED, call_id="call-1", tries=1, ordered_at=MONDAY_TEN, detail="heard")
    asked_for = a_canary(id="2026-03-02T10:05:00", is_daily=False)
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call(is_canary=True))
        assert work.watch.newest_canary(MONDAY_TEN) is None
        assert work.watch.add_canary(a_canary())
        assert not work.watch.add_canary(a_canary(began_at=MONDAY_TEN + HOUR))
        assert work.watch.add_canary(asked_for)
        work.watch.save_canary(passed)
        work.commit()
    with unit_of_work() as work:
        assert work.watch.newest_canary(MONDAY_TEN) == asked_for
        assert work.watch.newest_canary(MONDAY_TEN, is_daily=True) == passed
        assert work.watch.newest_canary(MONDAY_TEN - AHEAD_AT_MOST - HOUR) is None, "the clock was ahead"
        assert work.watch.canary(passed.id) == passed
        call = work.calls.get("call-1")
        assert call is not None
        assert call.is_canary

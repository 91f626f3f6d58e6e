"""Notices: each written once, taken by one at a time, found when due and by the message that tells them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_notice, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.notice import NoticeState

Maker = Callable[[], SqlUnitOfWork]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ticket(unit_of_work: Maker) -> None:
    """One ticket."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.commit()


def test_one_event_of_a_case_is_written_once_for_each_step_and_person(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.notices.add(a_notice())
        assert not work.notices.add(a_notice(id="notice-2", at=MONDAY_TEN + MINUTE))
        assert work.notices.add(a_notice(id="notice-3", step="2"))
        assert work.notices.add(a_notice(id="notice-4", member_id="deputy_1"))
        work.commit()
    with unit_of_work() as work:
        assert [each.id for each in work.notices.of_ticket("ticket-1")] == ["notice-1", "notice-3", "notice-4"]


def test_a_reader_is_found_when_something_is_due_and_gets_all_that_has_opened(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.notices.add(a_notice(due_at=MONDAY_TEN + MINUTE))
        work.notices.add(a_notice(id="notice-2", step="2", due_at=MONDAY_TEN + 5 * MINUTE))
        work.notices.add(a_notice(id="notice-3", step="3", opens_at=MONDAY_TEN + 5 * MINUTE))
        work.notices.add(a_notice(id="notice-4", step="4", state=NoticeState.UNTOLD))
        assert work.notices.readers_due(MONDAY_TEN - MINUTE, 10) == []
        assert work.notices.readers_due(MONDAY_TEN + MINUTE, 10) == ["owner_1"]
        assert [each.id for each in work.notices.open_for("owner_1", MONDAY_TEN)] == ["notice-1", "notice-2"]
        assert work.notices.open_for("deputy_1", MONDAY_TEN) == []


def test_what_a_message_tells_is_found_by_it(unit_of_work: Maker) -> None:
    told = replace(a_notice(), state=NoticeState.TOLD, bundle="notice-1")
    with unit_of_work() as work:
        work.notices.add(a_notice())
        work.notices.save(told)
        assert work.notices.of_bundle("notice-1") == [told]
        assert work.notices.readers_due(MONDAY_TEN, 10) == []

"""Feeds as rows, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MONDAY_TEN, a_calendar_feed
from voicebot.adapters.store import SqlUnitOfWork

Works = Callable[[], SqlUnitOfWork]
FEED = a_calendar_feed()


def test_feed_comes_back_as_it_was_written_and_goes(unit_of_work: Works) -> None:
    later = replace(FEED, etag='"1"', good_at=MONDAY_TEN, read_at=MONDAY_TEN, problem="away")
    with unit_of_work() as work:
        assert work.calendar_feeds.add(FEED)
        work.commit()
    with unit_of_work() as work:
        assert work.calendar_feeds.lock("feed-1") == FEED
        work.calendar_feeds.save(later)
        work.commit()
    with unit_of_work() as work:
        assert work.calendar_feeds.get("feed-1") == later
        work.calendar_feeds.remove("feed-1")
        assert work.calendar_feeds.all() == []
        assert work.calendar_feeds.get("feed-1") is None


def test_the_longest_due_comes_first_and_what_is_not_due_does_not_come(unit_of_work: Works) -> None:
    minute = timedelta(minutes=1)
    with unit_of_work() as work:
        for number, name in enumerate(("cem", "ben", "anna")):
            due_at = MONDAY_TEN - number * minute
            work.calendar_feeds.add(replace(FEED, id=name, staff_id=name, next_fetch_at=due_at))
        assert [feed.id for feed in work.calendar_feeds.due(MONDAY_TEN - minute, 9)] == ["anna", "ben"]
        assert [feed.id for feed in work.calendar_feeds.due(MONDAY_TEN, 1)] == ["anna"]
        assert [feed.id for feed in work.calendar_feeds.all()] == ["anna", "ben", "cem"]


def test_a_person_s_calendar_given_by_many_at_once_is_one(
    unit_of_work: Works, at_once: Callable[..., list[Any]]
) -> None:
    def add(number: int) -> bool:
        with unit_of_work() as work:
            is_new = work.calendar_feeds.add(replace(FEED, id=str(number)))
            work.commit()
            return is_new

    assert sorted(at_once(add)) == [False] * 7 + [True]

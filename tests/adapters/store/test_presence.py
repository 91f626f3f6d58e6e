"""Who has which case open, on both databases: the last look of each, and nothing of long ago."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from tests.builders import MONDAY_TEN, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.adapters.store.tables import presences
from voicebot.domain.presence import Presence

Maker = Callable[[], SqlUnitOfWork]
MINUTE = timedelta(minutes=1)


def look(unit_of_work: Maker, ticket_id: str, member_id: str, at: datetime = MONDAY_TEN) -> Presence:
    presence = Presence(ticket_id=ticket_id, member_id=member_id, seen_at=at)
    with unit_of_work() as work:
        work.presences.put(presence)
        work.commit()
    return presence


def cases(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for name in ("one", "two"):
            work.tickets.add(a_ticket(id=name, case_number=name))
        work.commit()


def test_the_last_look_of_each_counts_and_whoever_came_first_stands_first(unit_of_work: Maker) -> None:
    cases(unit_of_work)
    look(unit_of_work, "one", "dan")
    olive = look(unit_of_work, "one", "olive", MONDAY_TEN + MINUTE)
    dan = look(unit_of_work, "one", "dan", MONDAY_TEN + 2 * MINUTE)
    other = look(unit_of_work, "two", "dan", MONDAY_TEN + 3 * MINUTE)
    with unit_of_work() as work:
        assert work.presences.of_tickets(["one"], MONDAY_TEN) == [olive, dan]
        assert work.presences.of_tickets(["one", "two"], MONDAY_TEN + MINUTE) == [dan, other]
        assert work.presences.of_tickets([], MONDAY_TEN) == []


def test_looks_of_long_ago_are_forgotten_when_their_member_opens_a_case(unit_of_work: Maker, engine: Engine) -> None:
    cases(unit_of_work)
    look(unit_of_work, "one", "dan")
    look(unit_of_work, "one", "olive")
    look(unit_of_work, "two", "dan", MONDAY_TEN + 61 * MINUTE)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(presences)) == 2


def test_two_tabs_of_one_member_at_once_are_one_presence(unit_of_work: Maker, at_once: Callable[..., Any]) -> None:
    cases(unit_of_work)
    at_once(lambda _: look(unit_of_work, "one", "dan"), times=4)
    with unit_of_work() as work:
        assert len(work.presences.of_tickets(["one"], MONDAY_TEN - MINUTE)) == 1

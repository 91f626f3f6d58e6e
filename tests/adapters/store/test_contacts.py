"""Who rang and wrote lately, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from tests.builders import at
from tests.fakes import FakeJobs
from tests.statements import statements_of
from voicebot.adapters.store import open_store
from voicebot.adapters.store.tables.contacts import contacts
from voicebot.domain.budget import Budget, Contact, Party, Scope, Use
from voicebot.service.ports import Arrival, UnitOfWorkFactory

TEN = at("Wednesday 18 November 2026 10:00:00")
CALLER, NEIGHBOUR, STRANGER = "+12025550143", "+12025550144", "+12125550001"
NUMBER, BLOCK, ALL = (
    Party(Scope.NUMBER, Budget(), CALLER),
    Party(Scope.PREFIX, Budget(), "1202555"),
    Party(Scope.ALL, Budget()),
)
LONG_AGO = TEN - timedelta(hours=9)


@pytest.fixture
def store(engine: Engine) -> UnitOfWorkFactory:
    return open_store(engine, FakeJobs().on)


def an_arrival(sid: str, sender: str = CALLER, *, before: timedelta = timedelta(0)) -> Arrival:
    return Arrival(kind=Contact.CALL, sid=sid, sender=sender, block=sender.strip("+")[:7], at=TEN - before)


def test_each_party_is_counted_at_once_in_the_hour_in_the_day_and_by_talk(store: UnitOfWorkFactory) -> None:
    with store() as work:
        work.contacts.let_in(an_arrival("CA1", before=timedelta(minutes=59)))
        work.contacts.let_in(an_arrival("CA1"))
        work.contacts.let_in(an_arrival("CA2", NEIGHBOUR, before=timedelta(hours=2)))
        work.contacts.let_in(an_arrival("CA3", STRANGER, before=timedelta(hours=24)))
        work.contacts.let_in(an_arrival("CA4", STRANGER, before=timedelta(hours=23, minutes=59)))
        work.contacts.end("CA2", TEN - timedelta(hours=1))
        work.contacts.end("CA2", TEN)
        work.contacts.end("unknown", TEN)
        uses = work.contacts.uses(an_arrival("CA5"), (NUMBER, BLOCK, ALL), live_since=LONG_AGO)
        texts = work.contacts.uses(replace(an_arrival("SM1"), kind=Contact.TEXT), (ALL,), live_since=LONG_AGO)
    hour = timedelta(hours=1)
    assert uses == [
        Use(at_once=1, an_hour=1, a_day=1),
        Use(at_once=1, an_hour=1, a_day=2, talk_a_day=hour),
        Use(at_once=1, an_hour=1, a_day=3, talk_a_day=hour),
    ]
    assert texts == [Use()]


def test_what_came_before_two_days_is_forgotten(store: UnitOfWorkFactory, engine: Engine) -> None:
    with store() as work:
        work.contacts.let_in(an_arrival("CA1", before=timedelta(days=2, seconds=1)))
        work.contacts.let_in(an_arrival("CA2", before=timedelta(days=2)))
        work.contacts.let_in(an_arrival("CA3"))
        uses = [work.contacts.uses(an_arrival(sid), (ALL,), live_since=LONG_AGO) for sid in ("CA1", "CA2", "CA3")]
        assert [each is None for each in uses] == [False, True, True], "only what is remembered was let in before"
        work.commit()
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(contacts)) == 2


def test_the_old_are_looked_for_once_a_minute_not_with_each(store: UnitOfWorkFactory, engine: Engine) -> None:
    with statements_of(engine) as sent, store() as work:
        for sid, ago in (("CA1", 61), ("CA2", 31), ("CA3", 1), ("CA4", 0)):
            work.contacts.let_in(an_arrival(sid, before=timedelta(seconds=ago)))
    assert sum(statement.startswith("DELETE") for statement in sent) == 2


def test_the_newest_of_a_party_is_found(store: UnitOfWorkFactory) -> None:
    with store() as work:
        assert work.contacts.newest_of(Contact.CALL, ALL) is None
        work.contacts.let_in(an_arrival("CA1", before=timedelta(minutes=2)))
        work.contacts.let_in(an_arrival("CA2", NEIGHBOUR, before=timedelta(minutes=1)))
        work.contacts.let_in(an_arrival("CA3", STRANGER))
        assert [work.contacts.newest_of(Contact.CALL, party) for party in (NUMBER, BLOCK, ALL)] == ["CA1", "CA2", "CA3"]


def test_refusals_are_one_row_for_each_sender_day_and_limit(store: UnitOfWorkFactory) -> None:
    with store() as work:
        refuse = work.contacts.refuse
        assert refuse(an_arrival("CA1"), "number:at_once")
        assert not refuse(an_arrival("CA2"), "number:at_once")
        assert refuse(an_arrival("CA3"), "all:a_day")
        assert refuse(an_arrival("CA4", NEIGHBOUR), "number:at_once")
        found = work.contacts.refused(TEN, 9)
        assert sorted((row.sender, row.limit, row.times) for row in found) == [
            (CALLER, "all:a_day", 1),
            (CALLER, "number:at_once", 2),
            (NEIGHBOUR, "number:at_once", 1),
        ]
        assert work.contacts.was_refused(Contact.CALL, CALLER, begins_at=TEN, ends_at=TEN)
        assert not work.contacts.was_refused(Contact.CALL, STRANGER, begins_at=TEN, ends_at=TEN)
        assert not work.contacts.was_refused(
            Contact.CALL, CALLER, begins_at=TEN + timedelta(seconds=1), ends_at=TEN + timedelta(days=1)
        )
        assert refuse(an_arrival("CA9", before=timedelta(days=-8)), "number:at_once")
        assert len(work.contacts.refused(LONG_AGO, 9)) == 1

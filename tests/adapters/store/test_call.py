"""Calls, turns and consents survive the unit of work that wrote them, and none of them is doubled."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from tests.builders import MONDAY_TEN, a_call, a_ticket, a_turn
from voicebot.adapters.store import SqlUnitOfWork, tables
from voicebot.domain.call import CallEnd, CallStatus, Turn, Way
from voicebot.domain.consent import Consent, ConsentAnswer
from voicebot.service.ports import CallQuery, Stretch

Maker = Callable[[], SqlUnitOfWork]
AtOnce = Callable[..., list[Any]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def live_call(unit_of_work: Maker) -> None:
    """One ticket with one live call."""
    with unit_of_work() as work:
        work.calls.add(a_call())
        work.tickets.add(a_ticket())
        work.commit()


def test_call_comes_back_as_it_was_written(unit_of_work: Maker) -> None:
    call = a_call(
        status=CallStatus.ENDED,
        end=CallEnd.CALLER_HUNG_UP,
        ended_at=MONDAY_TEN + MINUTE,
        way=Way.RECORD,
        caller_number=None,
        stream_token="token",
        stream_losses=2,
        turn_number=7,
    )
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(call)
        work.commit()
    with unit_of_work() as work:
        assert work.calls.get("call-1") == call
        assert work.calls.lock("call-1") == call
        assert work.calls.by_carrier_id(call.carrier_call_id) == call
        assert work.calls.of_ticket("ticket-1") == [call]
        assert work.calls.by_carrier_id("CA-unknown") is None


@pytest.mark.usefixtures("live_call")
def test_a_call_of_the_carrier_has_one_row(unit_of_work: Maker) -> None:
    with unit_of_work() as work, pytest.raises(IntegrityError):
        work.calls.add(a_call(id="call-2"))


@pytest.mark.usefixtures("live_call")
def test_second_event_for_a_turn_is_refused(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.calls.add_turn(a_turn())
        work.commit()
    with unit_of_work() as work, pytest.raises(IntegrityError):
        work.calls.add_turn(a_turn(event='{"kind": "no_input"}'))
    with unit_of_work() as work:
        assert work.calls.turns("call-1") == [a_turn()]


@pytest.mark.usefixtures("live_call")
def test_turns_come_back_in_order(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for number in (1, 0, 2):
            work.calls.add_turn(a_turn(number=number))
        work.commit()
    with unit_of_work() as work:
        assert [turn.number for turn in work.calls.turns("call-1")] == [0, 1, 2]
        assert work.calls.turn("call-1", 2) == a_turn(number=2)
        assert work.calls.turn("call-1", 3) is None


@pytest.mark.usefixtures("live_call")
def test_consents_keep_the_order_in_which_they_were_given(unit_of_work: Maker) -> None:
    heard = Consent(call_id="call-1", answer=ConsentAnswer.RECORDED, wording_version="abc", locale="en", at=MONDAY_TEN)
    refused = replace(heard, answer=ConsentAnswer.REFUSED)
    with unit_of_work() as work:
        work.calls.add_consent(heard)
        work.calls.add_consent(refused)
        work.commit()
    with unit_of_work() as work:
        assert work.calls.consents("call-1") == [heard, refused]


def test_only_live_calls_long_silent_are_found(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call(id="fresh", carrier_call_id="1", last_heard_at=MONDAY_TEN + 9 * MINUTE))
        work.calls.add(a_call(id="silent", carrier_call_id="2", last_heard_at=MONDAY_TEN + MINUTE))
        work.calls.add(a_call(id="never heard", carrier_call_id="3", last_heard_at=None))
        work.calls.add(a_call(id="over", carrier_call_id="4", status=CallStatus.ENDED))
        work.commit()
    with unit_of_work() as work:
        silent = work.calls.live_since_silence(MONDAY_TEN + 5 * MINUTE)
        assert [call.id for call in silent] == ["never heard", "silent"]


@pytest.mark.requirement("S0-11")
def test_eight_deliveries_of_one_webhook_make_one_ticket(unit_of_work: Maker, at_once: AtOnce) -> None:
    def answer(delivery: int) -> str:
        with unit_of_work() as work:
            known = work.calls.by_carrier_id("CA1")
            if known is not None:
                return known.ticket_id
            ticket = a_ticket(id=f"ticket-{delivery}", case_number=str(delivery))
            work.tickets.add(ticket)
            work.calls.add(a_call(id=f"call-{delivery}", carrier_call_id="CA1", ticket_id=ticket.id))
            work.commit()
            return ticket.id

    assert len(set(at_once(answer))) == 1
    with unit_of_work() as work:
        assert len(work.tickets.all()) == 1


@pytest.mark.requirement("S0-11")
@pytest.mark.usefixtures("live_call")
def test_first_event_for_a_turn_wins_among_eight(unit_of_work: Maker, at_once: AtOnce) -> None:
    def take_turn(rival: int) -> str:
        with unit_of_work() as work:
            call = work.calls.lock("call-1")
            assert call is not None
            stored = work.calls.turn("call-1", 1)
            if stored is not None:
                return stored.event
            work.calls.add_turn(a_turn(number=1, event=f"event of {rival}"))
            work.calls.save(replace(call, turn_number=call.turn_number + 1))
            work.commit()
            return f"event of {rival}"

    assert len(set(at_once(take_turn))) == 1
    with unit_of_work() as work:
        call = work.calls.get("call-1")
        assert call is not None
        assert call.turn_number == 1


PHRASES = '["' + '","'.join(f"phrase {number}" for number in range(100)) + '"]'
QUESTION = f'{{"kind":"listen","grammar":{PHRASES}}}'


def a_told_turn(number: int) -> Turn:
    """Build a turn that puts a question with very many phrases."""
    session = f'{{"flow":"complaint","node":"node {number}","listen":{QUESTION}}}'
    return a_turn(number=number, session=session, instructions=f"[{QUESTION}]")


@pytest.mark.usefixtures("live_call")
def test_turns_are_stored_as_differences_and_come_back_whole(unit_of_work: Maker, engine: Engine) -> None:
    turns = [a_told_turn(number) for number in range(4)]
    for turn in turns:
        with unit_of_work() as work:
            work.calls.add_turn(turn)
            work.commit()
    with unit_of_work() as work:
        assert work.calls.turns("call-1") == turns
        assert [work.calls.turn("call-1", number) for number in range(5)] == [*turns, None]
    with engine.connect() as connection:
        rows = connection.execute(select(tables.turns.c.session, tables.turns.c.instructions)).all()
        phrases = connection.scalars(select(tables.definitions.c.body)).all()
    assert sum(len(session) + len(told) for session, told in rows) < 1000
    assert phrases == [PHRASES]


@pytest.mark.usefixtures("live_call")
def test_phrases_of_a_turn_that_was_given_up_are_stored_with_the_next_one(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.calls.add_turn(a_told_turn(0))
    with unit_of_work() as work:
        work.calls.add_turn(a_told_turn(0))
        work.commit()
    with unit_of_work() as work:
        assert work.calls.turn("call-1", 0) == a_told_turn(0)
        work.calls.add_turn(a_told_turn(1))
        assert work.calls.turns("call-1") == [a_told_turn(0), a_told_turn(1)]


@pytest.mark.usefixtures("live_call")
def test_a_call_from_before_goes_on_from_its_last_turn(unit_of_work: Maker, engine: Engine) -> None:
    before = [a_told_turn(0), a_told_turn(1)]
    with engine.begin() as connection:
        connection.execute(tables.turns.insert(), [asdict(turn) for turn in before])
    with unit_of_work() as work:
        work.calls.add_turn(a_told_turn(2))
        work.commit()
    with unit_of_work() as work:
        assert work.calls.turns("call-1") == [*before, a_told_turn(2)]


def test_calls_are_read_on_by_when_they_began(unit_of_work: Maker, live_call: None) -> None:
    with unit_of_work() as work:
        work.calls.add(a_call(id="call-2", carrier_call_id="CA2", started_at=MONDAY_TEN + MINUTE))
        work.calls.add(a_call(id="call-3", carrier_call_id="CA3", started_at=MONDAY_TEN + MINUTE, is_canary=True))
        work.calls.add(a_call(id="call-4", carrier_call_id="CA4", started_at=MONDAY_TEN, status=CallStatus.ENDED))
        work.commit()
    with unit_of_work() as work:
        first = work.calls.page(CallQuery(stretch=Stretch(limit=2)))
        assert [(call.id, case) for call, case in first] == [("call-1", "482913756"), ("call-4", "482913756")]
        rest = work.calls.page(CallQuery(stretch=Stretch(limit=2, after=(MONDAY_TEN, "call-4"))))
        assert [call.id for call, _case in rest] == ["call-2"]
        ended = work.calls.page(CallQuery(stretch=Stretch(limit=2), status=CallStatus.ENDED))
        assert [call.id for call, _case in ended] == ["call-4"]

"""Calls to staff as rows, on both databases: one callback of a case at a time, and what is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.builders import a_call, a_ticket
from tests.domain.test_staff_call import AT, a_staff_call
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.call import CallStatus
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState, TalkRecording, end_of_call

Maker = Callable[[], SqlUnitOfWork]
AtOnce = Callable[..., list[Any]]
MINUTE = timedelta(minutes=1)
NUMBER = "+12025550143"


def waiting(call_id: str, **changes: object) -> StaffCall:
    return a_staff_call(
        **({"id": call_id, "purpose": call_id, "state": StaffCallState.WAITING, "dial_status": ""} | changes)
    )


@pytest.fixture(autouse=True)
def ticket(unit_of_work: Maker) -> None:
    """One ticket."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.commit()


def add(unit_of_work: Maker, *calls: StaffCall) -> list[bool]:
    """Write calls; tell of each whether it was written."""
    with unit_of_work() as work:
        added = [work.staff_calls.add(call) for call in calls]
        work.commit()
        return added


def test_call_comes_back_as_it_was_written(unit_of_work: Maker) -> None:
    call = a_staff_call(carrier_call_id="CA1", agreed=True, keyed="1", talk_s=61, dialled_at=AT, ended_at=AT)
    add(unit_of_work, call)
    with unit_of_work() as work:
        assert work.staff_calls.get(call.id) == call
        assert list(work.staff_calls.of_ticket(call.ticket_id)) == [call]


def test_a_case_has_one_callback_at_a_time_and_calls_of_the_ladder_beside_it(unit_of_work: Maker) -> None:
    ladder = waiting("ladder", kind=StaffCallKind.LADDER)
    assert add(unit_of_work, waiting("a"), waiting("b"), ladder) == [True, False, True]
    with unit_of_work() as work:
        work.staff_calls.save(end_of_call(waiting("a"), "busy", AT))
        work.commit()
    assert add(unit_of_work, waiting("c"), waiting("a")) == [True, False]


def test_of_two_who_order_at_once_one_rings(unit_of_work: Maker, at_once: AtOnce) -> None:
    added = at_once(lambda number: add(unit_of_work, waiting(f"call-{number}"))[0])
    assert sorted(added) == [False] * 7 + [True]


def test_due_are_waiting_calls_whose_time_has_come(unit_of_work: Maker) -> None:
    later = waiting("later", kind=StaffCallKind.LADDER, not_before=AT + MINUTE)
    dialled = waiting("dialled", kind=StaffCallKind.LADDER, state=StaffCallState.DIALLING)
    add(unit_of_work, waiting("now"), later, dialled)
    with unit_of_work() as work:
        assert [call.id for call in work.staff_calls.due(AT, 9)] == ["now"]
        assert [call.id for call in work.staff_calls.due(AT + MINUTE, 9)] == ["now", "later"]


def test_stuck_are_calls_left_while_dialled_and_silent_ones(unit_of_work: Maker) -> None:
    states = [StaffCallState.DIALLING, StaffCallState.RINGING, StaffCallState.ASKING, StaffCallState.ENDED]
    ladder = [waiting(state.value, kind=StaffCallKind.LADDER, state=state) for state in states]
    add(unit_of_work, *ladder)
    with unit_of_work() as work:
        calls = work.staff_calls
        left = calls.stuck(dialled_before=AT, silent_before=AT - MINUTE, limit=9)
        every = calls.stuck(dialled_before=AT, silent_before=AT, limit=9)
    assert [call.id for call in left] == ["dialling"]
    assert {call.id for call in every} == {"dialling", "ringing", "asking"}


def test_calls_to_a_member_are_found_and_the_last_dial_is_known(unit_of_work: Maker) -> None:
    dialled = waiting("a", kind=StaffCallKind.LADDER, dialled_at=AT, purpose="drill:m:missed:owner_1")
    add(unit_of_work, dialled, waiting("b", dialled_at=AT - MINUTE))
    with unit_of_work() as work:
        assert work.staff_calls.hold_pace() == AT
        found = partial(work.staff_calls.dialled, kind=StaffCallKind.LADDER)
        assert found(["owner_1", "owner_2"], since=AT - MINUTE, until=AT) == [AT]
        assert found(["owner_1"], since=AT, until=AT + MINUTE) == []
        assert found(["owner_1"], since=AT - MINUTE, until=AT - timedelta(seconds=1)) == []
        assert found(["owner_2"], since=AT - MINUTE, until=AT) == []
        assert found(["owner_1"], since=AT - MINUTE, until=AT, besides="drill") == []
        assert found(["owner_1"], since=AT - MINUTE, until=AT, besides="step") == [AT]


def test_a_number_that_wants_no_calls_is_remembered(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.staff_calls.blocked_at(NUMBER) is None
        work.staff_calls.block(NUMBER, AT)
        work.staff_calls.block(NUMBER, AT + MINUTE)
        work.commit()
    with unit_of_work() as work:
        assert work.staff_calls.blocked_at(NUMBER) == AT + MINUTE


def test_calls_of_a_number_are_found_by_its_cases(unit_of_work: Maker) -> None:
    add(unit_of_work, waiting("a"))
    with unit_of_work() as work:
        tickets = work.staff_calls.tickets_of_number(NUMBER)
        assert list(tickets) == ["ticket-1"]
        assert [call.id for call in work.staff_calls.under_way(tickets)] == ["a"]


def test_who_rings_us_now_is_on_the_line(unit_of_work: Maker) -> None:
    call = a_call(caller_number=NUMBER)
    with unit_of_work() as work:
        work.calls.add(call)
        work.commit()
    with unit_of_work() as work:
        assert work.staff_calls.is_on_the_line(NUMBER)
        work.calls.save(replace(call, status=CallStatus.ENDED))
        assert not work.staff_calls.is_on_the_line(NUMBER)


def test_calls_whose_recording_was_ordered_are_found_until_it_begins(unit_of_work: Maker) -> None:
    kinds = [waiting(f"c{each}", kind=StaffCallKind.LADDER, recording=each) for each in TalkRecording]
    add(unit_of_work, *(replace(call, carrier_call_id=call.id) for call in kinds))
    with unit_of_work() as work:
        assert list(work.staff_calls.to_record(9)) == ["cwanted"]
        known = work.staff_calls.by_carrier_id("cbegun")
        assert (known and known.recording, work.staff_calls.by_carrier_id("c9")) == (TalkRecording.BEGUN, None)

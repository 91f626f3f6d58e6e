"""What shows that the complainant was spoken with, and what came of a call when nothing does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff_call import (
    STATE_RANKS,
    StaffCall,
    StaffCallKind,
    StaffCallState,
    asks_for_person,
    caller_of,
    end_of_call,
    evidence_of_talk,
    move_call,
    outcome_of,
    put_call_back,
    waiting_of,
)
from voicebot.errors import Refused

AT = datetime(2026, 11, 18, 15, tzinfo=UTC)
HUMAN_TALK = timedelta(seconds=20)


def a_staff_call(**changes: object) -> StaffCall:
    """Return a call whose complainant's leg is over."""
    call = StaffCall(
        id="call-1",
        purpose="callback:1",
        kind=StaffCallKind.CALLBACK,
        ticket_id="ticket-1",
        promise_id="promise-1",
        member_id="owner_1",
        ordered_by="owner_1",
        ordered_at=AT,
        state=StaffCallState.ASKING,
        state_at=AT,
        not_before=AT,
        dial_status="completed",
    )
    return replace(call, **changes)  # type: ignore[arg-type]


def test_whose_call_a_member_is_rung_for_stands_in_its_purpose() -> None:
    rang_in = a_staff_call(kind=StaffCallKind.RANG_IN, purpose="rang_in:call-7")
    assert (caller_of(rang_in), caller_of(a_staff_call())) == ("call-7", "")


TALKED = {"was_bridged": True, "talk_s": 60}


@pytest.mark.requirement("S2-21")
@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ({"was_bridged": True, "keyed": "1"}, CallOutcome.REACHED),
        ({"was_bridged": True, "agreed": True}, CallOutcome.REACHED),
        (TALKED | {"answered_by": "human"}, CallOutcome.REACHED),
        ({"was_bridged": True, "talk_s": 20, "answered_by": "human"}, CallOutcome.REACHED),
        ({"was_bridged": True, "talk_s": 19, "answered_by": "human"}, CallOutcome.NO_ANSWER),
        (TALKED, CallOutcome.NO_ANSWER),
        (TALKED | {"answered_by": "machine_start"}, CallOutcome.VOICEMAIL),
        (TALKED | {"answered_by": "unknown"}, CallOutcome.NO_ANSWER),
        (TALKED | {"answered_by": "machine_start", "keyed": "1"}, CallOutcome.REACHED),
        (TALKED | {"answered_by": "human", "keyed": "2"}, CallOutcome.VOICEMAIL),
        (TALKED | {"agreed": True, "keyed": "3"}, CallOutcome.SOMEBODY_ELSE),
        (TALKED | {"agreed": True, "keyed": "4"}, CallOutcome.NO_ANSWER),
        ({"was_bridged": False, "keyed": "1"}, CallOutcome.NO_ANSWER),
        ({"was_bridged": False, "agreed": True}, CallOutcome.NO_ANSWER),
        ({"refused": True}, CallOutcome.SOMEBODY_ELSE),
        ({"answered_by": "machine_end_beep"}, CallOutcome.VOICEMAIL),
        ({"dial_status": "busy"}, CallOutcome.BUSY),
        ({"dial_status": "no-answer"}, CallOutcome.NO_ANSWER),
        ({"dial_status": "failed"}, CallOutcome.FAILED),
        ({"dial_status": ""}, None),
    ],
)
def test_only_a_bridge_with_a_sign_of_a_person_is_a_talk(what: dict[str, object], outcome: CallOutcome | None) -> None:
    call = a_staff_call(**what)
    assert outcome_of(call, human_talk=HUMAN_TALK) is outcome
    assert bool(evidence_of_talk(call, human_talk=HUMAN_TALK)) is (outcome is CallOutcome.REACHED)


@pytest.mark.parametrize("state", StaffCallState)
@pytest.mark.parametrize("new", StaffCallState)
def test_a_call_moves_to_later_states_only(state: StaffCallState, new: StaffCallState) -> None:
    call = a_staff_call(state=state)
    moved = move_call(call, new, AT + HUMAN_TALK)
    is_later = STATE_RANKS[new] > STATE_RANKS[state]
    assert moved == (replace(call, state=new, state_at=AT + HUMAN_TALK) if is_later else call)


@pytest.mark.parametrize("state", StaffCallState)
def test_only_a_call_that_is_being_dialled_waits_again(state: StaffCallState) -> None:
    call = a_staff_call(state=state)
    if state is StaffCallState.DIALLING:
        assert put_call_back(call, AT, not_before=AT).state is StaffCallState.WAITING
        return
    with pytest.raises(Refused):
        put_call_back(call, AT, not_before=AT)


def test_a_call_ends_once() -> None:
    ended = end_of_call(a_staff_call(), CallOutcome.BUSY, AT)
    assert (ended.state, ended.result, ended.ended_at) == (StaffCallState.ENDED, "busy", AT)
    assert end_of_call(ended, CallOutcome.REACHED, AT + HUMAN_TALK) == ended


def test_who_rang_in_asked_for_the_talk_so_the_bridge_alone_shows_it() -> None:
    call = a_staff_call(kind=StaffCallKind.RANG_IN, was_bridged=True)
    assert (
        evidence_of_talk(call, human_talk=HUMAN_TALK)
        == "they rang in, asked for it with a key or a yes, and were connected"
    )
    assert call.created_at == call.ordered_at


@pytest.mark.requirement("S4-03")
@pytest.mark.parametrize(
    ("kind", "result", "waited"),
    [
        (StaffCallKind.CALLBACK, CallOutcome.REACHED, 12),
        (StaffCallKind.CALLBACK, CallOutcome.VOICEMAIL, 0),
        (StaffCallKind.CALLBACK, CallOutcome.SOMEBODY_ELSE, 0),
        (StaffCallKind.RANG_IN, CallOutcome.NO_ANSWER, 12),
    ],
)
def test_only_the_complainant_waits_never_a_machine_or_somebody_else(
    kind: StaffCallKind, result: CallOutcome, waited: int
) -> None:
    assert waiting_of(a_staff_call(kind=kind, result=result, waited_s=12)) == waited


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": StaffCallKind.RANG_IN, "purpose": "rang_in:call-7:2"}, True),
        ({"kind": StaffCallKind.RANG_IN, "purpose": "rang_in:call-7"}, False),
        ({"purpose": "callback:1:2"}, False),
    ],
)
def test_who_is_rung_for_a_caller_who_asked_for_a_person_is_known_by_the_purpose(
    changes: dict[str, object], expected: bool
) -> None:
    assert asks_for_person(a_staff_call(**changes)) is expected

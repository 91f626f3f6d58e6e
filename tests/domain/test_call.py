"""A call's states: everything is legal while it lives and refused once it has ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_call
from voicebot.domain.call import (
    CALL_TRANSITIONS,
    Call,
    CallEnd,
    CallStatus,
    Way,
    end,
    expect_stream,
    fail_hearing,
    lose_stream,
    open_stream,
    take_turn,
)
from voicebot.errors import Refused

LATER = MONDAY_TEN + timedelta(minutes=1)

EVENTS: dict[str, Callable[[Call], Call]] = {
    "end": lambda call: end(call, CallEnd.CALLER_HUNG_UP, LATER),
    "lose_stream": lambda call: lose_stream(call, LATER),
    "fail_hearing": lambda call: fail_hearing(call, LATER),
    "expect_stream": lambda call: expect_stream(call, "fresh token"),
    "open_stream": lambda call: open_stream(call, LATER),
    "take_turn": lambda call: take_turn(call, call.turn_number + 1, LATER),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_nothing_happens_to_a_call_that_has_ended(event: Callable[[Call], Call]) -> None:
    ended = end(a_call(stream_token="token"), CallEnd.COMPLETED, MONDAY_TEN)
    before = repr(ended)
    with pytest.raises(Refused, match="has ended") as refusal:
        event(ended)
    assert refusal.value.code == "call-transition"
    assert repr(ended) == before


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_everything_may_happen_to_a_live_call_that_expects_its_stream(event: Callable[[Call], Call]) -> None:
    assert event(a_call(stream_token="token")) != a_call(stream_token="token")


def test_the_table_names_every_status() -> None:
    assert set(CALL_TRANSITIONS) == set(CallStatus)


def test_an_ended_call_opens_no_stream_any_more() -> None:
    ended = end(a_call(stream_token="token"), CallEnd.CALLER_HUNG_UP, LATER)
    assert (ended.status, ended.end, ended.ended_at, ended.stream_token) == (
        CallStatus.ENDED,
        CallEnd.CALLER_HUNG_UP,
        LATER,
        None,
    )


def test_the_first_lost_stream_is_opened_again_and_the_second_makes_the_call_go_on_recorded() -> None:
    once = lose_stream(a_call(stream_token="token"), LATER)
    assert (once.way, once.stream_losses, once.stream_token) == (Way.STREAM, 1, None)
    twice = lose_stream(once, LATER)
    assert (twice.way, twice.stream_losses, twice.last_heard_at) == (Way.RECORD, 2, LATER)


def test_a_recogniser_that_fails_makes_the_call_go_on_recorded() -> None:
    assert fail_hearing(a_call(stream_token="token"), LATER) == a_call(way=Way.RECORD, last_heard_at=LATER)


def test_a_recorded_call_expects_no_stream() -> None:
    with pytest.raises(Refused, match="not heard by a stream"):
        expect_stream(a_call(way=Way.RECORD), "token")


def test_a_token_opens_one_stream() -> None:
    waiting = expect_stream(a_call(), "token")
    assert waiting.stream_token == "token"
    live = open_stream(waiting, LATER)
    assert (live.stream_token, live.last_heard_at) == (None, LATER)
    with pytest.raises(Refused, match="expects no stream"):
        open_stream(live, LATER)


def test_turns_are_numbered_without_gaps() -> None:
    assert take_turn(a_call(), 1, LATER) == a_call(turn_number=1, last_heard_at=LATER)
    with pytest.raises(AssertionError, match="without gaps"):
        take_turn(a_call(), 2, LATER)

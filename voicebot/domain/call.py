"""A telephone call we answered, its turns, and the table of its legal states.

Source of the carrier's state names: Twilio, Call resource (`CallStatus`), read November 2026.
Knows: states and instants. Must not know: webhooks, streams, the flow's nodes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from voicebot.errors import Refused


class CallStatus(StrEnum):
    """Where a call stands, in our words."""

    LIVE = "live"
    ENDED = "ended"


class CallEnd(StrEnum):
    """Why a call ended."""

    COMPLETED = "completed"
    """The flow said goodbye and hung up."""
    CALLER_HUNG_UP = "caller_hung_up"
    CARRIER = "carrier"
    """The carrier reported failed, busy, no-answer or canceled."""
    LOST = "lost"
    """Nothing was heard of it any more; a sweep ended it."""


class Way(StrEnum):
    """The ways in which a `Listen` can be put to a caller; telephony renders, the flow does not know."""

    STREAM = "stream"
    """Clips and recognition over one media stream."""
    RECORD = "record"
    """Outside a stream: keys by `<Gather>`, speech by `<Record>`, transcribed afterwards by the worker."""


CALL_TRANSITIONS: dict[CallStatus, frozenset[CallStatus]] = {
    CallStatus.LIVE: frozenset({CallStatus.ENDED}),
    CallStatus.ENDED: frozenset(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One telephone connection. `caller_number` is None when withheld or not a number at all."""

    id: str
    carrier_call_id: str
    ticket_id: str
    caller_number: str | None
    called_number: str
    status: CallStatus
    way: Way
    locale: str
    flow_name: str
    flow_digest: str
    policy_digest: str
    started_at: datetime
    ended_at: datetime | None = None
    end: CallEnd | None = None
    stream_token: str | None = None
    """One-time token that the next media socket must present; None once used."""
    stream_losses: int = 0
    """Streams that closed without our doing; the second makes the call go on by `Way.RECORD`."""
    turn_number: int = 0
    """Number of the last stored turn; 0 is the answer to the call itself."""
    last_heard_at: datetime | None = None
    """Last sign of life (webhook or turn); a sweep ends a live call that shows none for long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One caller event and our instructions up to the next wait, as stored: JSON texts of `flow/` models."""

    call_id: str
    number: int
    event: str
    session: str
    instructions: str
    at: datetime


STREAM_LOSSES_BORNE = 1
"""A lost stream is opened again once; after the next one the call goes on by `Way.RECORD`."""


def end(call: Call, reason: CallEnd, at: datetime) -> Call:
    """Return the call ended; its token opens no stream any more.

    Raises: Refused when it has ended already: the first end stands.
    """
    if CallStatus.ENDED not in CALL_TRANSITIONS[call.status]:
        raise Refused("the call has ended already", code="call-transition")
    return replace(call, status=CallStatus.ENDED, end=reason, ended_at=at, stream_token=None)


def lose_stream(call: Call, at: datetime) -> Call:
    """Return the call after its stream closed without our doing: the loss counted, the way changed if need be.

    Raises: Refused when the call has ended.
    """
    _check_live(call)
    losses = call.stream_losses + 1
    way = call.way if losses <= STREAM_LOSSES_BORNE else Way.RECORD
    return replace(call, stream_losses=losses, way=way, stream_token=None, last_heard_at=at)


def fail_hearing(call: Call, at: datetime) -> Call:
    """Return the call that goes on by `Way.RECORD`, since nothing on our side can listen.

    Raises: Refused when the call has ended.
    """
    _check_live(call)
    return replace(call, way=Way.RECORD, stream_token=None, last_heard_at=at)


def expect_stream(call: Call, token: str) -> Call:
    """Return the call that waits for a media socket with this one-time token; an earlier token is void.

    Raises: Refused when the call has ended or is not heard by a stream.
    """
    _check_live(call)
    if call.way is not Way.STREAM:
        raise Refused("the call is not heard by a stream", code="call-transition")
    return replace(call, stream_token=token)


def open_stream(call: Call, at: datetime) -> Call:
    """Return the call whose token was presented, and so is used up. Comparing it in constant time is the caller's part.

    Raises: Refused when no stream is expected.
    """
    _check_live(call)
    if call.stream_token is None:
        raise Refused("the call expects no stream", code="call-transition")
    return replace(call, stream_token=None, last_heard_at=at)


def take_turn(call: Call, number: int, at: datetime) -> Call:
    """Return the call with its next turn stored and a sign of life; turns are numbered without gaps.

    Raises: Refused when the call has ended.
    """
    _check_live(call)
    assert number == call.turn_number + 1, "turns are numbered without gaps"
    return replace(call, turn_number=number, last_heard_at=at)


def _check_live(call: Call) -> None:
    if call.status is not CallStatus.LIVE:
        raise Refused("the call has ended", code="call-transition")

"""A telephone call we answered, its turns, and the table of its legal states.

Source of the carrier's state names: Twilio, Call resource (`CallStatus`), read November 2026.
Knows: states and instants. Must not know: webhooks, streams, the flow's nodes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from voicebot.errors import Refused

SURVEY_FLOW = "callback_survey"
"""The flow that asks whether a matter is settled, from the folder of that name in `flows/`.

Such a call is ours and did not come in.
"""


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
    """Nothing was heard of it any more, so a sweep ended it."""


class Way(StrEnum):
    """The ways in which a `Listen` can be put to a caller. Telephony renders them, and the flow knows none."""

    STREAM = "stream"
    """Clips and recognition over one media stream."""
    RECORD = "record"
    """Outside a stream. Keys come by `<Gather>`, and speech by `<Record>`, transcribed afterwards by the worker."""


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
    """One-time token that the next media socket must present. None once used."""
    stream_losses: int = 0
    """Streams that closed without our doing. The second makes the call go on by `Way.RECORD`."""
    turn_number: int = 0
    """Number of the last stored turn, where 0 is the answer to the call itself."""
    last_heard_at: datetime | None = None
    """Last sign of life (webhook or turn); a sweep ends a live call that shows none for long."""
    is_canary: bool = False
    """Whether it is the hotline's own test call: nobody waits for an answer to it, and no figure counts it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One caller event and our instructions up to the next wait, as stored, as JSON texts of `flow/` models."""

    call_id: str
    number: int
    event: str
    session: str
    instructions: str
    at: datetime
    took_ms: int | None = None
    """Milliseconds from taking the event to writing this row. None on rows from before it was measured."""


def end_call(call: Call, end: CallEnd, at: datetime) -> Call:
    """Return the call ended, so that its token opens no stream.

    Raises: Refused when it has ended already, because the first end stands.
    """
    if CallStatus.ENDED not in CALL_TRANSITIONS[call.status]:
        raise Refused("the call has ended already", code="call-transition")
    return replace(call, status=CallStatus.ENDED, end=end, ended_at=at, stream_token=None)

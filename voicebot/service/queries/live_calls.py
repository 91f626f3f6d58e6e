"""Calls that are not over, as one looks at them while they last.

Knows: calls, where each stands. Must not know: sockets, terminals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.domain.about import may_see
from voicebot.domain.call import Call
from voicebot.domain.case_number import written
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.queries.turn_timeline import session_of


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveCall:
    """One call that is not over."""

    case: str
    call_id: str
    started_at: datetime
    last_heard_at: datetime | None
    way: str
    node: str
    """Where the flow stands, empty when that was erased."""
    stream_losses: int


def list_live_calls(hotline: Hotline) -> tuple[LiveCall, ...]:
    """Return every call that is not over, the one that began first first."""
    with hotline.look() as work:
        ahead = context_of(hotline, work).now + timedelta(days=1)
        found = tuple(_live_call(work, call) for call in calls_shown(work, ahead))
    return tuple(sorted(found, key=lambda call: call.started_at))


def calls_shown(work: UnitOfWork, before: datetime) -> Sequence[Call]:
    """Return the calls that go on, as far as the reader may see their cases."""
    calls = work.calls.live_since_silence(before)
    return [call for call in calls if may_see(ticket_of(work, call.ticket_id), work.reader)]


def _live_call(work: UnitOfWork, call: Call) -> LiveCall:
    turn = work.calls.turn(call.id, call.turn_number)
    session = None if turn is None else session_of(turn)
    return LiveCall(
        case=written(ticket_of(work, call.ticket_id).case_number),
        call_id=call.id,
        started_at=call.started_at,
        last_heard_at=call.last_heard_at,
        way=call.way,
        node="" if session is None else session.node,
        stream_losses=call.stream_losses,
    )

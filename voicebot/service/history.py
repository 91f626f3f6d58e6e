"""What happened, written down: a line of a case's history, an event of a call.

Knows: cases, calls, the unit of work. Must not know: why something happened, how staff read it.
"""

from datetime import datetime

from voicebot.domain.call import Call
from voicebot.domain.call_event import CallEvent, Part
from voicebot.service.ports import UnitOfWork


def mark_call(work: UnitOfWork, call: Call, at: datetime, *, what: str, part: Part, detail: str = "") -> None:
    """Write an event of a call in the transaction under way."""
    event = CallEvent(ticket_id=call.ticket_id, call_id=call.id, at=at, part=part, what=what, detail=detail)
    work.events.add(event)

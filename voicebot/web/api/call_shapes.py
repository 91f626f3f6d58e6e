"""What a call looks like to other programs.

Knows: calls. Must not know: routes, tables.
"""

from datetime import datetime

from pydantic import Field

from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.web.api.operations import Shape

END_DIGITS = 4


class CallShape(Shape):
    """A call that came in."""

    id: str
    case: str = Field(description="Number of its case.")
    status: CallStatus
    language: str
    started_at: datetime
    ended_at: datetime | None
    end: CallEnd | None = Field(description="How it ended.")
    way: Way = Field(description="By which way it was heard last.")
    number_end: str = Field(description="The last four digits of who rang, empty where they were withheld.")


class CallsPage(Shape):
    """A stretch of the list of calls."""

    items: list[CallShape]
    next: str | None = Field(description="Send it as `cursor` to read on. None at the end.")


def call_shape(call: Call, case: str) -> CallShape:
    """Return a call of this case."""
    return CallShape(
        id=call.id,
        case=case,
        status=call.status,
        language=call.locale,
        started_at=call.started_at,
        ended_at=call.ended_at,
        end=call.end,
        way=call.way,
        number_end=(call.caller_number or "")[-END_DIGITS:],
    )

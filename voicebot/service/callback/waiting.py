"""How long a complainant waits on the line until somebody talks with them, by the instants of the carrier's questions.

Who rings in waits while the owner's telephone rings. Whom we ring waits from picking up until both are connected.
Knows: calls to staff, the call of who rang in. Must not know: keys, what came of the talk.
Source: complaints.md S4-03 (time on hold is a part of the complainant's effort).
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.staff_call import StaffCall, StaffCallKind, caller_of, waiting_of
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context


def measure(context: Context, call: StaffCall) -> StaffCall:
    """Return the call with how long they waited until now; the same call where that is known, or nobody waited."""
    since = call.dialled_at if call.kind is StaffCallKind.RANG_IN else call.answered_at
    if call.waited_s or since is None:
        return call
    return replace(call, waited_s=max(0, round((_until(context, call) - since).total_seconds())))


def note_wait(context: Context, call: StaffCall) -> None:
    """Write on the case how long the complainant waited, once a call is over."""
    if seconds := waiting_of(call):
        note_case(
            context.work, call.ticket_id, Verb.COMPLAINANT_WAITED, at=context.now, actor="system", after=f"{seconds} s"
        )


def _until(context: Context, call: StaffCall) -> datetime:
    """Return the instant until which they waited: who hangs up waits no longer, however late we hear of it."""
    caller = context.work.calls.get(caller_of(call)) if call.kind is StaffCallKind.RANG_IN else None
    return context.now if caller is None or caller.ended_at is None else min(context.now, caller.ended_at)

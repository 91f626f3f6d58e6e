"""Calls that never reached us, made cases afterwards. Our line was down, but the carrier's list remembers them.

Nobody who rang is lost (complaints.md S0-11). Such a call gets case, owner, promise and one text that says whose fault
it was, by the same rules and the same number gate as any other. Somebody who rang ten times in one outage has one case
with ten calls. So has somebody whose case is open with a call still owed (ticket/joining.py).
Knows: calls as the carrier lists them. Must not know: how they were listed.
"""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from voicebot.domain.call import CallEnd, CallStatus, Way, end_call
from voicebot.domain.ticket import Ticket
from voicebot.flow.engine import start_session
from voicebot.flow.events import FaultOccurred
from voicebot.flow.instructions import HangUp
from voicebot.service.call.aftermath import follow_up_missed_call, is_on_the_line
from voicebot.service.call.budget import is_turned_away
from voicebot.service.call.canary_call import is_from_canary
from voicebot.service.call.incoming import IncomingCall, facts_of, open_call
from voicebot.service.call.stored_turn import store_turn
from voicebot.service.call_context import CallContext
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.number_gate import caller_number, number_of
from voicebot.service.ports import ListedCall
from voicebot.service.ticket.joining import case_of_wordless_call

COMPLETED = "completed"
"""The carrier's word for a call that somebody, or some machine, answered."""


class MissedCallResult(StrEnum):
    """What became of a listed call."""

    KNOWN = "known"
    """It is here, and has ended here."""
    LIVE = "live"
    """It is here and goes on here, though the carrier says that it is over."""
    OPENED = "opened"
    """A case was opened for it."""
    TURNED_AWAY = "turned_away"
    """We refused it, because its sender was over a budget (budget.py)."""
    JOINED = "joined"
    """It was added to an open case of the same number."""


def take_up_missed_call(hotline: Hotline, listed: ListedCall) -> MissedCallResult:
    """Give a call that is over at the carrier its case, unless it has one. It gets one only, whoever else asks now."""
    if not listed.is_over:
        raise AssertionError("live calls are left alone")
    with hotline.unit_of_work() as work:
        known = work.calls.by_carrier_id(listed.carrier_call_id)
        if known is not None:
            return MissedCallResult.KNOWN if known.status is CallStatus.ENDED else MissedCallResult.LIVE
        if is_from_canary(hotline.rules, listed.caller):
            return MissedCallResult.KNOWN  # our own test call, of which the alarm about it tells
        context = context_of(hotline, work)
        if is_turned_away(context, listed):
            return MissedCallResult.TURNED_AWAY
        ticket = case_of_wordless_call(work, number_of(hotline.rules, listed.caller), to_ring=_to_ring(hotline, listed))
        _open_ended(context, listed, ticket)
        work.commit()
        return MissedCallResult.OPENED if ticket is None else MissedCallResult.JOINED


def end_of(listed: ListedCall) -> CallEnd:
    """Return why a call ended of which nobody told us in time."""
    return CallEnd.CALLER_HUNG_UP if listed.status == COMPLETED else CallEnd.CARRIER


def _to_ring(hotline: Hotline, listed: ListedCall) -> str | None:
    """Return the number that a case of this call would be promised a call to."""
    return caller_number(hotline.rules, listed.caller, hotline.flows.current_policy())


def _open_ended(context: Context, listed: ListedCall, ticket: Ticket | None) -> None:
    incoming = IncomingCall(
        carrier_call_id=listed.carrier_call_id, caller=listed.caller, called=context.hotline.rules.own_number
    )
    in_call = open_call(context, incoming, way=Way.RECORD, ticket=ticket)
    in_call.note(Verb.CALL_MISSED, actor="carrier", after=_told(listed))
    session = start_session(in_call.flow, in_call.call.locale, facts_of(in_call)).model_copy(update={"is_over": True})
    store_turn(in_call, FaultOccurred(), session=session, instructions=(HangUp(),))
    _end(in_call, listed)
    context.work.contacts.end(listed.carrier_call_id, context.now)
    # Who rang again and is on the line is not told that we did not answer: that call leaves the one text at its end.
    if not is_on_the_line(context.work, in_call.call.ticket_id):
        follow_up_missed_call(in_call)


def _end(context: CallContext, listed: ListedCall) -> None:
    end = CallEnd.LOST if listed.status == COMPLETED else CallEnd.CARRIER
    ended_at = listed.started_at + timedelta(seconds=listed.seconds)
    context.work.calls.save(replace(end_call(context.call, end, ended_at), started_at=listed.started_at))


def _told(listed: ListedCall) -> str:
    """Say for the owner what the carrier's list tells."""
    return f"rang at {listed.started_at.isoformat()}, {listed.status} after {listed.seconds} s, never reached us"

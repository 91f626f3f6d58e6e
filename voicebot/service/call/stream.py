"""The media stream of a call. It is opened once by its token, and taken up again when it was lost.

Knows: streams, losses, waits. Must not know: sockets, frames.
"""

import hmac
from dataclasses import replace

from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.domain.call_event import Part
from voicebot.flow.events import CallResumed
from voicebot.flow.instructions import HangUp
from voicebot.flow.session import FlowSession
from voicebot.service.answer.keep import has_spooled_voice
from voicebot.service.call.ending import finish_call
from voicebot.service.call.engine_loop import take_event
from voicebot.service.call.listening_places import seat_of
from voicebot.service.call.stored_turn import CallAnswer, stored_answer, stored_session
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.history import mark_call
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.log_context import name_case
from voicebot.service.lookup import lock_call, ticket_of

STREAM_LOSSES_BORNE = 1
"""Streams that may break before the call goes on without one."""


def open_stream(hotline: Hotline, call_id: str, token: str, carrier_call_id: str) -> CallAnswer | None:
    """Let a media socket take up the call, whose token works once. None when path, token and call disagree."""
    with hotline.unit_of_work() as work:
        call = work.calls.lock(call_id)
        if call is None or not _may_open(call, token, carrier_call_id):
            return None
        now = context_of(hotline, work).now
        call = replace(call, stream_token=None, way=Way.STREAM, last_heard_at=now)
        work.calls.save(call)
        work.folders.heard(call.id, hotline.spool.folder_id)
        name_case(ticket_of(work, call.ticket_id))
        mark_call(work, call, now, what="stream_opened", part=Part.CARRIER)
        answer = stored_answer(work, call)
        work.commit()
        return answer


def resume_call(hotline: Hotline, call_id: str, *, is_repeat: bool = False) -> CallAnswer:
    """Go on after a stream is gone, on a new one, or without one after the second loss or in a full house.

    The last question is asked again, and a goodbye that broke off is said again. One that was heard is not. A repeat of
    a request whose answer was lost gets that answer, because no second stream was lost.
    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = lock_call(work, call_id)
        if is_repeat and call.status is CallStatus.LIVE:
            return stored_answer(work, call)
        context = call_context_of(context_of(hotline, work), call)
        answer = _resume(context, stored_session(work, call))
        work.commit()
        return answer


def _may_open(call: Call, token: str, carrier_call_id: str) -> bool:
    return (
        call.status is CallStatus.LIVE
        and call.stream_token is not None
        and hmac.compare_digest(call.stream_token.encode(), token.encode())
        and call.carrier_call_id == carrier_call_id
    )


def _resume(context: CallContext, session: FlowSession) -> CallAnswer:
    if context.call.status is CallStatus.ENDED:
        return CallAnswer(call=context.call, turn_number=context.call.turn_number, wait=HangUp())
    heard = replace(
        context.call, last_heard_at=context.now
    )  # for a process that waits for this fetch (web/carrier/resume_watch.py)
    if session.is_over:
        return stored_answer(context.work, finish_call(replace(context, call=heard), CallEnd.COMPLETED))
    if context.call.way is Way.RECORD:
        context.work.calls.save(heard)
        return stored_answer(context.work, heard)
    # Always a turn of its own, though the lost stream may have asked again: else its late news would answer this wait.
    needs_turn = context.call.stream_token is None
    context = replace(context, call=_after_loss(context))
    context.work.calls.save(context.call)
    context.mark(
        "stream_lost", part=Part.WEB, detail=f"loss {context.call.stream_losses}, goes on by {context.call.way}"
    )
    if not needs_turn:
        return stored_answer(context.work, context.call)
    has_spoken = has_spooled_voice(context.hotline, context.call.id, context.call.turn_number)
    return take_event(context, session, CallResumed(has_spoken=has_spoken))


def _after_loss(context: CallContext) -> Call:
    """Count the loss and choose the way.

    An unused token stays valid even when the way becomes RECORD. If this fetch was only a repeat, the socket of the
    first one may still connect, and `open_stream` then takes the call back to the stream.
    """
    hotline, call = context.hotline, context.call
    losses = call.stream_losses + 1
    seat = seat_of(hotline, call.caller_number, call.id)
    is_streaming = losses <= STREAM_LOSSES_BORNE and hotline.recognisers.has_room(seat)
    way = Way.STREAM if is_streaming else Way.RECORD
    token = call.stream_token or (hotline.ids.new_token() if is_streaming else None)
    return replace(call, stream_losses=losses, way=way, stream_token=token, last_heard_at=context.now)

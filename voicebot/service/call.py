"""The life of a call after its birth: take its turns, resume it elsewhere, end it; each one transaction.

Whatever is delivered twice gets the answer that was stored first; whatever comes after the end changes
nothing but may still bring words that were said (architecture.md 1).
Knows: calls, turns, ways of hearing. Must not know: TwiML, sockets, what the flow says.
"""

import hmac
from dataclasses import replace

from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.domain.call_event import Part
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import (
    CallerHungUp,
    CallResumed,
    FaultOccurred,
    FlowEvent,
    HearingFailed,
)
from voicebot.flow.instructions import HangUp
from voicebot.flow.session import FlowSession
from voicebot.service.answer.keep import has_spooled_voice, keep_utterance
from voicebot.service.call_birth import IncomingCall, answer_call
from voicebot.service.call_end import finish_call
from voicebot.service.farewell import answer_late_words
from voicebot.service.history import mark_call
from voicebot.service.hotline import Hotline
from voicebot.service.listening_places import seat_of
from voicebot.service.log_context import name_case
from voicebot.service.lookup import lock_call, ticket_of
from voicebot.service.scene import CallScene, scene_of
from voicebot.service.turn import CallAnswer, stored_answer, stored_session, take_event

__all__ = [
    "CallAnswer",
    "IncomingCall",
    "answer_call",
    "apologise",
    "end_call",
    "fail_hearing",
    "open_stream",
    "resume_call",
    "take_call_turn",
]

STREAM_LOSSES_BORNE = 1
"""Streams that may break before the call goes on without one."""


def take_call_turn(hotline: Hotline, call_id: str, turn_number: int, event: FlowEvent) -> CallAnswer:
    """Take the event that answers wait `turn_number`; taken before, the stored answer is returned again.

    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = lock_call(work, call_id)
        answer = _take_or_repeat(scene_of(hotline, work, call), turn_number, event)
        work.commit()
        return answer


def open_stream(hotline: Hotline, call_id: str, token: str, carrier_call_id: str) -> CallAnswer | None:
    """Let a media socket take up the call: the token works once; None when path, token and call disagree."""
    with hotline.unit_of_work() as work:
        call = work.calls.lock(call_id)
        if call is None or not _may_open(call, token, carrier_call_id):
            return None
        call = replace(call, stream_token=None, way=Way.STREAM, last_heard_at=hotline.clock.now())
        work.calls.save(call)
        work.folders.heard(call.id, hotline.spool.folder_id)
        name_case(ticket_of(work, call.ticket_id))
        mark_call(work, call, hotline.clock.now(), what="stream_opened", part=Part.CARRIER)
        answer = stored_answer(work, call)
        work.commit()
        return answer


def resume_call(hotline: Hotline, call_id: str, *, is_repeat: bool = False) -> CallAnswer:
    """Go on after a stream is gone: a new one, or without one after the second loss or in a full house.

    The last question is asked again, and a goodbye that broke off is said again; one that was heard is not.
    A repeat of a request whose answer was lost gets that answer: no second stream was lost.
    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = lock_call(work, call_id)
        if is_repeat and call.status is CallStatus.LIVE:
            return stored_answer(work, call)
        scene = scene_of(hotline, work, call)
        answer = _resume(scene, stored_session(work, call))
        work.commit()
        return answer


def fail_hearing(hotline: Hotline, call_id: str, turn_number: int, utterance: Utterance | None) -> CallAnswer:
    """Go on by `<Record>` because our hearing failed; what was said so far is kept.

    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = replace(lock_call(work, call_id), way=Way.RECORD, stream_token=None)
        work.calls.save(call)
        answer = _take_or_repeat(scene_of(hotline, work, call), turn_number, HearingFailed(utterance=utterance))
        work.commit()
        return answer


def apologise(hotline: Hotline, call_id: str, turn_number: int | None = None) -> CallAnswer:
    """Say the flow's apology after a fault of ours; the case stands, and the call ends as after any goodbye.

    `turn_number` is the turn that failed, else the present one: where another try has taken it, its answer stands.
    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = lock_call(work, call_id)
        failed = call.turn_number if turn_number is None else min(turn_number, call.turn_number)
        answer = _take_or_repeat(scene_of(hotline, work, call), failed, FaultOccurred())
        work.commit()
        return answer


def end_call(hotline: Hotline, carrier_call_id: str, end: CallEnd) -> None:
    """End a call, whoever says so: stream stop, status callback, sweep. Unknown and ended calls: nothing."""
    with hotline.unit_of_work() as work:
        known = work.calls.by_carrier_id(carrier_call_id)
        call = None if known is None else work.calls.lock(known.id)
        if call is None or call.status is CallStatus.ENDED:
            return
        _hang_up(scene_of(hotline, work, call), CallerHungUp(), end)
        work.commit()


# --- turns -------------------------------------------------------------------------------------------------


def _take_or_repeat(scene: CallScene, turn_number: int, event: FlowEvent) -> CallAnswer:
    call, work = scene.call, scene.work
    if turn_number < call.turn_number:
        scene.mark("turn_repeated", part=Part.CARRIER, detail=f"turn {turn_number}, {event.kind}")
        _keep_late_words(scene, turn_number, event)
        return stored_answer(work, call, turn_number + 1)
    if call.status is CallStatus.ENDED or turn_number > call.turn_number:
        _keep_late_words(scene, turn_number, event)
        return stored_answer(work, call)
    session = stored_session(work, call)
    if isinstance(event, CallerHungUp) or session.is_over:
        return _hang_up(scene, event, CallEnd.CALLER_HUNG_UP)
    return _finish_if_said(scene, take_event(scene, session, event))


def _finish_if_said(scene: CallScene, answer: CallAnswer) -> CallAnswer:
    """End the call where the goodbye is rendered as a whole; a stream tells when it has been played."""
    if isinstance(answer.wait, HangUp) and answer.call.way is Way.RECORD:
        call = finish_call(replace(scene, call=answer.call), CallEnd.COMPLETED)
        return replace(answer, call=call)
    return answer


def _hang_up(scene: CallScene, event: FlowEvent, end: CallEnd) -> CallAnswer:
    session = stored_session(scene.work, scene.call)
    if session.is_over:
        call = finish_call(scene, end if end is CallEnd.CARRIER else CallEnd.COMPLETED)
        return stored_answer(scene.work, call)
    answer = take_event(scene, session, event)
    call = finish_call(replace(scene, call=answer.call), end)
    return replace(answer, call=call)


def _keep_late_words(scene: CallScene, turn_number: int, event: FlowEvent) -> None:
    """Keep words that come after their turn was closed by an event without them, for example a callback."""
    turn = scene.work.calls.turn(scene.call.id, turn_number)
    if turn is not None:
        keep_utterance(scene, FlowSession.model_validate_json(turn.session), event, turn_number=turn_number)
        answer_late_words(scene)


# --- streams -----------------------------------------------------------------------------------------------


def _may_open(call: Call, token: str, carrier_call_id: str) -> bool:
    return (
        call.status is CallStatus.LIVE
        and call.stream_token is not None
        and hmac.compare_digest(call.stream_token.encode(), token.encode())
        and call.carrier_call_id == carrier_call_id
    )


def _resume(scene: CallScene, session: FlowSession) -> CallAnswer:
    if scene.call.status is CallStatus.ENDED:
        return CallAnswer(call=scene.call, turn_number=scene.call.turn_number, wait=HangUp())
    heard = replace(scene.call, last_heard_at=scene.now)  # for a process that waits for this fetch (web/resumes.py)
    if session.is_over:
        return stored_answer(scene.work, finish_call(replace(scene, call=heard), CallEnd.COMPLETED))
    if scene.call.way is Way.RECORD:
        scene.work.calls.save(heard)
        return stored_answer(scene.work, heard)
    # Always a turn of its own, though the lost stream may have asked again: else its late news would answer this wait.
    needs_turn = scene.call.stream_token is None
    scene = replace(scene, call=_after_loss(scene))
    scene.work.calls.save(scene.call)
    scene.mark("stream_lost", part=Part.WEB, detail=f"loss {scene.call.stream_losses}, goes on by {scene.call.way}")
    if not needs_turn:
        return stored_answer(scene.work, scene.call)
    has_spoken = has_spooled_voice(scene.hotline, scene.call.id, scene.call.turn_number)
    return take_event(scene, session, CallResumed(has_spoken=has_spoken))


def _after_loss(scene: CallScene) -> Call:
    """Count the loss and choose the way.

    An unused token stays valid even when the way becomes RECORD: if this fetch was only a repeat, the socket
    of the first one may still connect, and `open_stream` then takes the call back to the stream.
    """
    hotline, call = scene.hotline, scene.call
    losses = call.stream_losses + 1
    seat = seat_of(hotline, call.caller_number, call.id)
    is_streaming = losses <= STREAM_LOSSES_BORNE and hotline.recognisers.has_room(seat)
    way = Way.STREAM if is_streaming else Way.RECORD
    token = call.stream_token or (hotline.ids.new_token() if is_streaming else None)
    return replace(call, stream_losses=losses, way=way, stream_token=token, last_heard_at=scene.now)

"""A call that runs. It takes events, hears badly and ends. Each is one transaction.

Whatever is delivered twice gets the answer that was stored first. Whatever comes after the end changes
nothing but may still bring words that were said (architecture.md 1).
Knows: calls, turns, ways of hearing. Must not know: TwiML, sockets, what the flow says.
"""

from dataclasses import replace

from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.call_event import Part
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import (
    CallerHungUp,
    FaultOccurred,
    FlowEvent,
    HearingFailed,
)
from voicebot.flow.instructions import HangUp
from voicebot.flow.session import read_session
from voicebot.service.answer.keep import keep_utterance
from voicebot.service.call.aftermath import answer_late_words
from voicebot.service.call.ending import finish_call
from voicebot.service.call.engine_loop import take_event
from voicebot.service.call.stored_turn import CallAnswer, stored_answer, stored_session
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import lock_call


def take_call_turn(hotline: Hotline, call_id: str, turn_number: int, event: FlowEvent) -> CallAnswer:
    """Take the event that answers wait `turn_number`. If it was taken before, the stored answer is returned again.

    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = lock_call(work, call_id)
        answer = _take_or_repeat(call_context_of(context_of(hotline, work), call), turn_number, event)
        work.commit()
        return answer


def fail_hearing(hotline: Hotline, call_id: str, turn_number: int, utterance: Utterance | None) -> CallAnswer:
    """Go on by `<Record>` because our hearing failed. What was said so far is kept.

    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = replace(lock_call(work, call_id), way=Way.RECORD, stream_token=None)
        work.calls.save(call)
        context = call_context_of(context_of(hotline, work), call)
        answer = _take_or_repeat(context, turn_number, HearingFailed(utterance=utterance))
        work.commit()
        return answer


def apologise(hotline: Hotline, call_id: str, turn_number: int | None = None) -> CallAnswer:
    """Say the flow's apology after a fault of ours. The case stands, and the call ends as after any goodbye.

    `turn_number` is the turn that failed, else the present one. Where another try has taken it, its answer stands.
    Raises: CarrierFault when there is no such call.
    """
    with hotline.unit_of_work() as work:
        call = lock_call(work, call_id)
        failed = call.turn_number if turn_number is None else min(turn_number, call.turn_number)
        answer = _take_or_repeat(call_context_of(context_of(hotline, work), call), failed, FaultOccurred())
        work.commit()
        return answer


def end_call(hotline: Hotline, carrier_call_id: str, end: CallEnd) -> None:
    """End a call, whoever says so.

    It may be a stream's stop, a status callback or a sweep. An unknown or ended call changes nothing.
    """
    with hotline.unit_of_work() as work:
        known = work.calls.by_carrier_id(carrier_call_id)
        call = None if known is None else work.calls.lock(known.id)
        if call is None or call.status is CallStatus.ENDED:
            return
        _hang_up(call_context_of(context_of(hotline, work), call), CallerHungUp(), end)
        work.commit()


# --- turns -------------------------------------------------------------------------------------------------


def _take_or_repeat(context: CallContext, turn_number: int, event: FlowEvent) -> CallAnswer:
    call, work = context.call, context.work
    if turn_number < call.turn_number:
        context.mark("turn_repeated", part=Part.CARRIER, detail=f"turn {turn_number}, {event.kind}")
        _keep_late_words(context, turn_number, event)
        return stored_answer(work, call, turn_number + 1)
    if call.status is CallStatus.ENDED or turn_number > call.turn_number:
        _keep_late_words(context, turn_number, event)
        return stored_answer(work, call)
    session = stored_session(work, call)
    if isinstance(event, CallerHungUp) or session.is_over:
        return _hang_up(context, event, CallEnd.CALLER_HUNG_UP)
    return _finish_if_said(context, take_event(context, session, event))


def _finish_if_said(context: CallContext, answer: CallAnswer) -> CallAnswer:
    """End the call where the goodbye is rendered as a whole. A stream tells when it has been played."""
    if isinstance(answer.wait, HangUp) and answer.call.way is Way.RECORD:
        call = finish_call(replace(context, call=answer.call), CallEnd.COMPLETED)
        return replace(answer, call=call)
    return answer


def _hang_up(context: CallContext, event: FlowEvent, end: CallEnd) -> CallAnswer:
    session = stored_session(context.work, context.call)
    if session.is_over:
        call = finish_call(context, end if end is CallEnd.CARRIER else CallEnd.COMPLETED)
        return stored_answer(context.work, call)
    answer = take_event(context, session, event)
    call = finish_call(replace(context, call=answer.call), end)
    return replace(answer, call=call)


def _keep_late_words(context: CallContext, turn_number: int, event: FlowEvent) -> None:
    """Keep words that come after their turn was closed by an event without them, for example a callback."""
    turn = context.work.calls.turn(context.call.id, turn_number)
    if turn is not None:
        keep_utterance(context, read_session(turn.session), event, turn_number=turn_number)
        answer_late_words(context)


# --- streams -----------------------------------------------------------------------------------------------

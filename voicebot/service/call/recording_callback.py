"""What the carrier tells of its recordings. Each is put to its answer, and none is lost.

A recording becomes one answer, known by its sid, however often and by whomever it is told of. Nothing is asked of the
carrier here, because whoever takes the note must not wait. A job fetches or deletes.
Knows: calls, turns, answers. Must not know: webhooks, how a recording is fetched.
"""

import structlog

from voicebot.domain.call import Call, CallEnd, Turn
from voicebot.domain.call_event import Part
from voicebot.domain.utterance import Utterance
from voicebot.errors import Unavailable
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.flow.session import read_session
from voicebot.service.answer.audio import give_up
from voicebot.service.answer.keep import is_taken, keep_message, keep_utterance, recorded_id
from voicebot.service.call.aftermath import answer_late_words
from voicebot.service.call.incoming import IncomingCall, answer_call
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.job_names import DELETE_RECORDING, FETCH_RECORDING
from voicebot.service.lookup import find_call
from voicebot.telephony.twiml import is_recorded

log = structlog.get_logger(__name__)


def note_stray_recording(
    hotline: Hotline,
    carrier_call_id: str,
    *,
    recording_sid: str,
    is_available: bool,
    length_s: float,
    may_open: bool = True,
) -> None:
    """Note a recording that the carrier's fixed words made. It belongs to the last wait of its call.

    A call that never reached us gets its case from the recording, and ends. `length_s` is in seconds. Such a case
    has no number to ring, for a recording callback does not tell who called. The report that the call is over does,
    and comes a little later. Raises: Unavailable while such a call must not be opened (`may_open` False).
    """
    call = find_call(hotline, carrier_call_id)
    if call is None and is_available and length_s > 0 and not may_open:
        raise Unavailable("noting a recording: nothing was reported of its call yet")
    if call is None and not (is_available and length_s > 0):
        if is_available:
            _delete_later(hotline, recording_sid)
        return
    call = call or _open_ended(hotline, carrier_call_id)
    note_recording(
        hotline, call.id, call.turn_number, recording_sid=recording_sid, is_available=is_available, length_s=length_s
    )


def _open_ended(hotline: Hotline, carrier_call_id: str) -> Call:
    """Open the case of a call that is over already. A recording callback does not say who called."""
    log.error("recording_without_call")
    answer_call(hotline, IncomingCall(carrier_call_id=carrier_call_id, caller="", called=hotline.rules.own_number))
    end_call(hotline, carrier_call_id, CallEnd.LOST)
    call = find_call(hotline, carrier_call_id)
    assert call is not None, "calls are never deleted"
    return call


def note_recording(
    hotline: Hotline, call_id: str, turn_number: int, *, recording_sid: str, is_available: bool, length_s: float
) -> None:
    """Take note of a recording callback and let it be fetched. What never reached us as a turn is kept from it.

    `length_s` is what the carrier says in seconds. An absent recording settles its answer as lost.
    """
    utterance = Utterance(recording_sid=recording_sid, duration_s=length_s)
    with hotline.unit_of_work() as work:
        call = work.calls.lock(call_id)
        turn = None if call is None else work.calls.turn(call_id, turn_number)
        if call is None or turn is None:
            return
        context = call_context_of(context_of(hotline, work), call)
        told = f"turn {turn_number}, {length_s:.1f} s" if is_available else f"turn {turn_number}, there is none"
        context.mark("recording_told", part=Part.CARRIER, detail=told)
        if is_available:
            _take(context, turn, utterance, recording_sid=recording_sid)
        work.commit()
    if not is_available:
        _settle_as_lost(hotline, recording_sid)


def _take(context: CallContext, turn: Turn, utterance: Utterance, *, recording_sid: str) -> None:
    """Let it be fetched for its answer, old or new. One that becomes none is owed to nobody, and is deleted there."""
    tickets, jobs, answer_id = context.work.tickets, context.work.jobs, recorded_id(recording_sid)
    if tickets.answer(answer_id) is not None:
        jobs.enqueue(FETCH_RECORDING, answer_id)
        return
    if utterance.duration_s > 0:
        _keep_recorded(context, turn, utterance)
        answer_late_words(context)
    if tickets.answer(answer_id) is None:
        jobs.enqueue(DELETE_RECORDING, recording_sid)


def _keep_recorded(context: CallContext, turn: Turn, utterance: Utterance) -> None:
    """Keep it as the turn's answer, or as a message where no `<Record>` was put or another voice came first."""
    session = read_session(turn.session)
    if is_taken(context, turn.number):
        keep_message(context, utterance, turn_number=turn.number)
    elif session.listen is not None and is_recorded(session.listen) and not session.is_over:
        event = UtteranceHeard(utterance=utterance, finished_by=FinishedBy.SILENCE)
        keep_utterance(context, session, event, turn_number=turn.number)
    else:
        keep_message(context, utterance, turn_number=turn.number)


def _delete_later(hotline: Hotline, recording_sid: str) -> None:
    with hotline.unit_of_work() as work:
        work.jobs.enqueue(DELETE_RECORDING, recording_sid)
        work.commit()


def _settle_as_lost(hotline: Hotline, recording_sid: str) -> None:
    with hotline.unit_of_work() as work:
        answer = work.tickets.answer(recorded_id(recording_sid))
    if answer is not None:
        give_up(hotline, answer.id, why="the carrier has no recording")

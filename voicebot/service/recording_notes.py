"""What the carrier tells of its recordings: whose answer each one is, and that none is lost.

A recording becomes one answer, known by its sid, however often and by whomever it is told of.
Knows: calls, turns, answers. Must not know: webhooks, how a recording is fetched.
"""

import structlog

from voicebot.domain.call import Call, CallEnd, Turn
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.flow.session import FlowSession
from voicebot.service.answer import keep_message, keep_utterance, recorded_id
from voicebot.service.call import IncomingCall, answer_call, end_call
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_call
from voicebot.service.recordings import fetch_recording, give_up
from voicebot.service.scene import CallScene
from voicebot.service.turn import scene_of

log = structlog.get_logger(__name__)


def note_stray_recording(
    hotline: Hotline, carrier_call_id: str, *, recording_sid: str, is_available: bool, length_s: float
) -> None:
    """Note a recording that the carrier's fixed words made: it belongs to the last wait of its call.

    A call that never reached us gets its case from the recording, and ends; `length_s` is in seconds.
    """
    call = find_call(hotline, carrier_call_id)
    if call is None and not (is_available and length_s > 0):
        _act_on_recording(hotline, None, recording_sid=recording_sid, is_available=is_available)
        return
    call = call or _open_ended(hotline, carrier_call_id)
    note_recording(
        hotline, call.id, call.turn_number, recording_sid=recording_sid, is_available=is_available, length_s=length_s
    )


def _open_ended(hotline: Hotline, carrier_call_id: str) -> Call:
    """Open the case of a call that is over already; a recording callback does not say who called."""
    log.error("recording_without_call")
    answer_call(hotline, IncomingCall(carrier_call_id=carrier_call_id, caller="", called=hotline.rules.own_number))
    end_call(hotline, carrier_call_id, CallEnd.LOST)
    call = find_call(hotline, carrier_call_id)
    assert call is not None, "calls are never deleted"
    return call


def note_recording(
    hotline: Hotline, call_id: str, turn_number: int, *, recording_sid: str, is_available: bool, length_s: float
) -> None:
    """Take note of a recording callback: fetch now; an answer that never reached us as a turn is kept from it.

    `length_s` is what the carrier says in seconds. An absent recording settles its answer as lost.
    """
    utterance = Utterance(recording_sid=recording_sid, duration_s=length_s)
    with hotline.unit_of_work() as work:
        call = work.calls.lock(call_id)
        turn = None if call is None else work.calls.turn(call_id, turn_number)
        if call is None or turn is None:
            return
        if is_available and length_s > 0:
            _keep_recorded(scene_of(hotline, work, call), turn, utterance)
        answer = work.tickets.answer(recorded_id(recording_sid))
        work.commit()
    _act_on_recording(hotline, answer, recording_sid=recording_sid, is_available=is_available)


def _keep_recorded(scene: CallScene, turn: Turn, utterance: Utterance) -> None:
    """Keep it as the turn's answer; as a message where nothing was asked, or another answer came first."""
    session = FlowSession.model_validate_json(turn.session)
    if scene.work.tickets.answer_of_turn(turn.call_id, turn.number) is not None:
        keep_message(scene, utterance, turn_number=turn.number)
    elif session.listen is not None and session.listen.store_audio and not session.is_over:
        event = UtteranceHeard(utterance=utterance, finished_by=FinishedBy.SILENCE)
        keep_utterance(scene, session, event, turn_number=turn.number)
    else:
        keep_message(scene, utterance, turn_number=turn.number)


def _act_on_recording(hotline: Hotline, answer: Answer | None, *, recording_sid: str, is_available: bool) -> None:
    if answer is None:
        if is_available:
            hotline.carrier.delete_recording(recording_sid)
    elif is_available:
        fetch_recording(hotline, answer.id)
    else:
        give_up(hotline, answer.id, why="the carrier has no recording")

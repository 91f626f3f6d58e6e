"""The talk of a call back, recorded: the notice that both hear, the beginning, the end.

The policy says whether (`callbacks.record_talks`), and the call keeps what it said when the member pressed their key:
a policy that is changed meanwhile records nobody who was not told. The carrier says the notice to its end before it
takes any key, so whoever answers the announcement has heard it. Only then is the recording ordered, by a job, and it
ends when the complainant's leg is over, before the member is asked what came of it.
Who is to begin it asks the carrier first whether it records already. So a worker that was killed after the carrier's
answer begins no second recording, and one that was killed before it loses none. Nothing here can end the call.
A talk with a complainant who rang in is never recorded: nobody there was told.
Knows: the call, its consent, the carrier's recordings. Must not know: TwiML, how a voice is stored.
Source: twilio.md 1.11 (a Dial records before consent), 1.12 (tell before, keep evidence, respect refusal).
"""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import structlog

from voicebot.domain.staff_call import HUMAN, StaffCall, StaffCallState, TalkRecording
from voicebot.domain.ticket import Answer, AnswerState, Ticket
from voicebot.errors import Unavailable
from voicebot.flow.call_words import REFUSE_RECORDING_KEY, CallWords
from voicebot.service.answer.audio import RECORDING_LOST_AFTER
from voicebot.service.answer.keep import TALK_SLOT, destroy, recorded_id
from voicebot.service.callback.words import is_recorded, say
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.job_names import DELETE_RECORDING, END_TALK, FETCH_RECORDING, RECORD_TALK
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import CallRefused

log = structlog.get_logger(__name__)

ONLY_ANSWER = 0
"""A call of ours has one answer at most: its talk."""
_ERASURES = (Verb.AUDIO_ERASED, Verb.ERASED_ON_REQUEST, Verb.ERASURE_WAITS_FOR_FOLDERS)
REPORTED_WITHIN = timedelta(minutes=2)
"""How long after a talk its recording may be reported. Then it is asked for unreported."""


def tell_member(context: Context, call: StaffCall) -> StaffCall:
    """Return the call as one whose talk is announced as recorded, if the policy wants that now."""
    is_wanted = call.recording is TalkRecording.NONE and is_recorded(context, ticket_of(context.work, call.ticket_id))
    return replace(call, recording=TalkRecording.TOLD) if is_wanted else call


def take_consent(context: Context, call: StaffCall, ticket: Ticket, key: str) -> StaffCall:
    """Note what the complainant did at the notice, once, and order the recording unless they refused."""
    if call.recording is not TalkRecording.TOLD:
        return call
    is_refused = key == REFUSE_RECORDING_KEY
    answered = replace(call, recording=TalkRecording.REFUSED if is_refused else TalkRecording.WANTED)
    what, wording = "refused" if is_refused else "recorded", _wording(context, ticket)
    after = f"{what}, before a talk ({ticket.locale}, wording {wording})"
    note_case(context.work, ticket.id, Verb.CONSENT_LOGGED, at=context.now, actor="caller", after=after)
    if not is_refused:
        context.work.jobs.enqueue(RECORD_TALK, call.id)
    return answered


def talks_to_record(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of calls whose recording was ordered and has not begun."""
    return tuple(context.work.staff_calls.to_record(limit))


def record_talk(hotline: Hotline, call_id: str) -> None:
    """Begin the recording of a talk, or take up the one that the carrier has. Whoever comes second does nothing.

    What cannot be begun before the talk is over is given up, and the case says so.
    """
    with hotline.unit_of_work() as work:
        call = work.staff_calls.get(call_id)
    if call is None or call.recording is not TalkRecording.WANTED or call.carrier_call_id is None:
        return
    try:
        found = hotline.calls.recordings_of(call.carrier_call_id)
        if not found and call.state is StaffCallState.TAKEN:
            found = (hotline.calls.record(call.carrier_call_id, call_id),)
    except CallRefused as refusal:
        _give_up(hotline, call_id, f"the carrier refused to record (error {refusal.code})")
    except Unavailable:
        log.warning("talk_not_recorded_yet", call=call_id)
        _give_up(hotline, call_id, "the carrier could not be asked for days", over_for=RECORDING_LOST_AFTER)
    else:
        _take_up(hotline, call_id, found)


def end_talk(context: Context, call: StaffCall) -> None:
    """Let the recording end, in the transaction in which the talk is known to be over."""
    if call.recording in (TalkRecording.WANTED, TalkRecording.BEGUN):
        context.work.jobs.enqueue(END_TALK, call.id)


def stop_recording(hotline: Hotline, call_id: str) -> None:
    """End a recording at the carrier. One that is not ended there ends with the member's leg."""
    record_talk(hotline, call_id)
    with hotline.unit_of_work() as work:
        call, answer = work.staff_calls.get(call_id), work.tickets.answer_of_turn(call_id, ONLY_ANSWER)
    if call is None or call.carrier_call_id is None or answer is None or answer.recording_sid is None:
        return
    try:
        hotline.calls.stop_recording(call.carrier_call_id, answer.recording_sid)
    except Unavailable:
        log.warning("recording_not_stopped", call=call_id)
    _expect_report(hotline, call_id)


def drop_machine(context: Context, call: StaffCall) -> StaffCall:
    """Keep no recording of a machine, because nobody heard the notice.

    The member's word alone destroys nothing: a key at the notice speaks against it, a human that was detected, a hold.
    """
    work = context.work
    is_begun = call.recording in (TalkRecording.WANTED, TalkRecording.BEGUN, TalkRecording.FAILED)
    is_held = any(hold.ticket_id == call.ticket_id for hold in work.retention.holds())
    if not is_begun or call.agreed or call.answered_by == HUMAN or is_held:
        return call
    answer = work.tickets.answer_of_turn(call.id, ONLY_ANSWER)
    if answer is not None:
        destroy(context, answer)
    _note_lost(context, call.ticket_id, "a machine picked up, and nobody heard the notice")
    return replace(call, recording=TalkRecording.MACHINE)


def _expect_report(hotline: Hotline, call_id: str) -> None:
    """Let the recording of a talk that is over be asked for soon, if nothing is told of it."""
    with hotline.unit_of_work() as work:
        work.staff_calls.lock(call_id)
        answer = work.tickets.answer_of_turn(call_id, ONLY_ANSWER)
        soon = context_of(hotline, work).now + REPORTED_WITHIN
        if answer is not None and answer.state is AnswerState.AWAITING_RECORDING and answer.not_before is not None:
            work.tickets.save_answer(replace(answer, not_before=min(answer.not_before, soon)))
        work.commit()


def note_talk_recorded(hotline: Hotline, call_id: str, *, recording_sid: str, is_available: bool) -> None:
    """Take note of what the carrier tells of a recording, and let it be fetched. One that nobody wanted is deleted."""
    with hotline.unit_of_work() as work:
        context, call = context_of(hotline, work), work.staff_calls.lock(call_id)
        if call is not None:
            _keep(context, call, recording_sid)
        answer = None if call is None else work.tickets.answer(recorded_id(recording_sid))
        if answer is None:
            if is_available:
                work.jobs.enqueue(DELETE_RECORDING, recording_sid)
        elif is_available:
            work.tickets.save_answer(replace(answer, not_before=None))
            work.jobs.enqueue(FETCH_RECORDING, answer.id)
        elif answer.state is AnswerState.AWAITING_RECORDING:
            work.tickets.save_answer(replace(answer, state=AnswerState.LOST))
            _note_lost(context, answer.ticket_id, "the carrier has no recording")
        work.commit()


def _take_up(hotline: Hotline, call_id: str, found: tuple[str, ...]) -> None:
    """Keep the recording that was begun. Where the talk is over and there is none, there will be none."""
    if not found:
        _give_up(hotline, call_id, "the talk was over before the recording could begin")
        return
    with hotline.unit_of_work() as work:
        context, call = context_of(hotline, work), work.staff_calls.lock(call_id)
        assert call is not None, "calls are never deleted"
        kept = _keep(context, call, found[0])
        for second in found[1:]:
            work.jobs.enqueue(DELETE_RECORDING, second)
        if kept.state is not StaffCallState.TAKEN:
            end_talk(context, kept)
        work.commit()


def _keep(context: Context, call: StaffCall, sid: str) -> StaffCall:
    """Keep a recording as the one answer of this call, if it is wanted and the first."""
    work = context.work
    is_wanted = call.recording in (TalkRecording.WANTED, TalkRecording.FAILED) and not _is_erased(context, call)
    if not is_wanted or work.tickets.answer_of_turn(call.id, ONLY_ANSWER) is not None:
        return call
    work.tickets.add_answer(_answer(context, call, sid))
    begun = replace(call, recording=TalkRecording.BEGUN)
    work.staff_calls.save(begun)
    return begun


def _is_erased(context: Context, call: StaffCall) -> bool:
    """Tell whether the voices of the case went after this call. Then none comes in behind them."""
    lines = context.work.tickets.history(call.ticket_id)
    return any(line.verb in _ERASURES and line.at >= call.ordered_at for line in lines)


def _answer(context: Context, call: StaffCall, sid: str) -> Answer:
    longest = context.policy.callbacks.longest_talk
    return Answer(
        id=recorded_id(sid),
        ticket_id=ticket_of(context.work, call.ticket_id).id,
        call_id=call.id,
        turn_number=ONLY_ANSWER,
        slot=TALK_SLOT,
        at=context.now,
        text="",
        words_json="[]",
        duration_s=0.0,
        audio_key=None,
        state=AnswerState.AWAITING_RECORDING,
        recording_sid=sid,
        not_before=context.now + longest + REPORTED_WITHIN,
    )


def _give_up(hotline: Hotline, call_id: str, why: str, *, over_for: timedelta | None = None) -> None:
    """Give a recording up that has not begun, with `over_for` only where the call is over for longer."""
    with hotline.unit_of_work() as work:
        context, call = context_of(hotline, work), work.staff_calls.lock(call_id)
        if call is None or call.recording is not TalkRecording.WANTED:
            return
        if over_for is not None and (call.ended_at is None or context.now - call.ended_at <= over_for):
            return
        work.staff_calls.save(replace(call, recording=TalkRecording.FAILED))
        _note_lost(context, call.ticket_id, why)
        work.commit()


def _note_lost(context: Context, ticket_id: str, why: str) -> None:
    note_case(context.work, ticket_id, Verb.AUDIO_LOST, at=context.now, actor="worker", after=f"{TALK_SLOT}: {why}")


def _wording(context: Context, ticket: Ticket) -> str:
    """Return the digest by which the words that were said can be told apart later."""
    keys = (CallWords.ANNOUNCE_RECORDED, CallWords.ANNOUNCE_RECORDED_KEYS)
    return sha256(" ".join(say(context.hotline, ticket, key) for key in keys).encode()).hexdigest()[:8]

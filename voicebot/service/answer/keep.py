"""What a caller said, kept as answers on the ticket. The answers are stored with the turn and destroyed at the caller's
request.

An answer changes only under the lock of its call, so that a late job never brings back what was destroyed.
Knows: answers, spool and audio store. Must not know: recognisers, how frames came here.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from uuid import NAMESPACE_URL, uuid5

from voicebot.domain.consent import ConsentAnswer, may_record, standing_answer
from voicebot.domain.ticket import Answer, AnswerState, Ticket
from voicebot.domain.utterance import WORDS, Utterance
from voicebot.flow.events import FlowEvent, HearingFailed
from voicebot.flow.session import FlowSession
from voicebot.service.answer.shown import shown_text
from voicebot.service.call_context import CallContext
from voicebot.service.hotline import Context, Hotline
from voicebot.service.job_names import FETCH_RECORDING, STORE_AUDIO
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.speech.audio import RATE_HZ, decode_mulaw
from voicebot.speech.energy_gate import EnergyGate

_LISTENED_TO_BYTES = 60 * RATE_HZ
"""Who says nothing for a minute has been asked again long before."""
_SOME_VOICE_S = 0.5
"""A cough has 0.4."""

STORY_SLOT = "story"
DEMAND_SLOT = "remedy"
MESSAGE_SLOT = "message"
"""Slot of what was recorded by fixed words, with our flow out of order."""
BESIDE_TURNS = 1_000_000
"""Messages without a turn of their own are numbered from here on, above any turn that a call can reach."""
TALK_SLOT = "talk_recording"
"""Slot of the talk of a call of ours, recorded. It is voice without words, and no part of the story."""
TEXT_SLOT = "sms"
"""Slot of what a complainant wrote in a text message."""


def keep_utterance(
    context: CallContext, session: FlowSession, event: FlowEvent, *, turn_number: int | None = None
) -> None:
    """Keep what the event carries as the answer to the wait of `session`, if that wait may store it.

    Once per turn, so a second event for a turn that has its answer adds nothing.
    """
    utterance = getattr(event, "utterance", None)
    if not isinstance(utterance, Utterance) or is_empty(utterance):
        return
    number = context.call.turn_number if turn_number is None else turn_number
    if not (_is_wanted(session) and may_record(context.work.calls.consents(context.call.id))):
        _drop(context.hotline, utterance)
        return
    is_whole = not isinstance(event, HearingFailed)
    _add_once(context, slot_of(session), number=number, utterance=utterance, is_whole=is_whole)


def keep_message(context: CallContext, utterance: Utterance, *, turn_number: int) -> None:
    """Keep what somebody recorded after fixed words asked them to, with our flow out of order.

    Asked to leave a message and told of it by a tone, they agree by speaking. Who refused before has refused.
    A message to a turn that has its answer, or is about to get it, stands beside the turns.
    """
    if standing_answer(context.work.calls.consents(context.call.id)) is not ConsentAnswer.REFUSED:
        number = _free_number(context, turn_number)
        _add_once(context, MESSAGE_SLOT, number=number, utterance=utterance, is_whole=True)


def recorded_id(recording_sid: str) -> str:
    """Return the id of the answer that a recording becomes.

    It is the same one, whoever tells of it, and however often.
    """
    return uuid5(NAMESPACE_URL, recording_sid).hex


def is_empty(utterance: Utterance) -> bool:
    """Tell whether there is neither voice nor a word in it."""
    return not (utterance.text or utterance.spool_name or utterance.recording_sid)


def has_written(work: UnitOfWork, ticket_id: str) -> bool:
    """Tell whether the complainant has told something by text."""
    return any(answer.slot == TEXT_SLOT for answer in work.tickets.answers(ticket_id))


def slot_of(session: FlowSession) -> str:
    """Name what was being asked. It is the slot, or the node where an answer fills none."""
    listen = session.listen
    return session.node if listen is None else listen.slot or listen.node


def destroy_answers(context: CallContext) -> None:
    """Destroy voice and words that this call has stored. The rows stay and say so, the case stays.

    What another machine heard of the call it erases itself (folders.py). Files go before the transaction ends, so a
    crash in between leaves rows without files, but never files without rows.
    """
    for answer in context.work.tickets.answers(context.call.ticket_id):
        if answer.call_id == context.call.id and answer.state is not AnswerState.DESTROYED:
            destroy(context, answer)
    context.work.folders.ask_erasure(context.call.id, context.now, but=context.hotline.spool.folder_id)
    retell(context.work, context.call.ticket_id)


def spool_name(call_id: str, turn_number: int) -> str:
    """Return the name of the spool file of one wait."""
    return f"{call_id}-{turn_number}.ulaw"


def turn_of_spool(name: str) -> int:
    """Return the turn of a spool file of ours."""
    return int(name.rpartition("-")[2].removesuffix(".ulaw"))


def spooled_names(hotline: Hotline, call_id: str) -> tuple[str, ...]:
    """Return the spool files of a call that lie on this machine."""
    return tuple(name for name in hotline.spool.names() if name.rpartition("-")[0] == call_id)


def audio_key_of(answer: Answer) -> str:
    """Return where an answer's voice is kept in the audio store."""
    return f"{answer.ticket_id}/{answer.call_id}/{answer.turn_number}-{answer.slot}.wav"


def retell(work: UnitOfWork, ticket_id: str) -> Ticket:
    """Write problem and demand of the ticket anew from its answers as they are shown, so that repeats add nothing."""
    entries = work.reviews.of_ticket(ticket_id)
    answers = [replace(answer, text=shown_text(answer, entries)) for answer in work.tickets.answers(ticket_id)]
    ticket = replace(
        ticket_of(work, ticket_id),
        problem=_joined(answers, STORY_SLOT, MESSAGE_SLOT, TEXT_SLOT),
        demand=_joined(answers, DEMAND_SLOT),
    )
    work.tickets.save(ticket)
    return ticket


def _joined(answers: Sequence[Answer], *slots: str) -> str:
    return "\n".join(answer.text for answer in answers if answer.slot in slots and answer.text)


def _is_wanted(session: FlowSession) -> bool:
    return session.listen is not None and session.listen.store_audio


def _add_once(context: CallContext, slot: str, *, number: int, utterance: Utterance, is_whole: bool) -> None:
    """Add the answer unless turn or recording have one. Words of a hearing that failed are left to the worker."""
    sid, tickets = utterance.recording_sid, context.work.tickets
    is_known = sid is not None and tickets.answer(recorded_id(sid)) is not None
    if is_known or tickets.answer_of_turn(context.call.id, number) is not None:
        return
    answer = Answer(
        id=recorded_id(sid) if sid else context.hotline.ids.new_id(),
        ticket_id=context.call.ticket_id,
        call_id=context.call.id,
        turn_number=number,
        slot=slot,
        at=context.now,
        text=utterance.text if is_whole else "",
        words_json=WORDS.dump_json(utterance.words if is_whole else ()).decode(),
        duration_s=utterance.duration_s,
        audio_key=None,
        state=_first_state(utterance),
        recording_sid=utterance.recording_sid,
        spool_name=utterance.spool_name,
        spool_folder=context.hotline.spool.folder_id if utterance.spool_name else None,
    )
    context.work.tickets.add_answer(answer)
    enqueue_next(context.work, answer)
    retell(context.work, context.call.ticket_id)


def is_taken(context: CallContext, turn_number: int) -> bool:
    """Tell whether a turn has its answer, or a voice in the spool that a sweep makes its answer
    (call/orphaned_audio.py).
    """
    if context.work.tickets.answer_of_turn(context.call.id, turn_number) is not None:
        return True
    return spool_name(context.call.id, turn_number) in context.hotline.spool.names()


def has_spooled_voice(hotline: Hotline, call_id: str, turn_number: int) -> bool:
    """Tell whether the spool of a wait that broke off holds sound enough for a voice. A spool also keeps silence."""
    name = spool_name(call_id, turn_number)
    if name not in hotline.spool.names():
        return False
    gate = EnergyGate()
    gate.feed(decode_mulaw(hotline.spool.read(name)[:_LISTENED_TO_BYTES]))
    return gate.sound_s >= _SOME_VOICE_S


def _free_number(context: CallContext, turn_number: int) -> int:
    """Return a number that no answer has, nor can get from a voice that another machine may hold."""
    beside = count(BESIDE_TURNS)
    is_elsewhere = bool(context.work.folders.holders(context.call.id, but=context.hotline.spool.folder_id))
    number = next(beside) if is_elsewhere and turn_number < BESIDE_TURNS else turn_number
    while is_taken(context, number):
        number = next(beside)
    return number


def enqueue_next(work: UnitOfWork, answer: Answer) -> None:
    """Enqueue the job that carries an answer further, in the transaction that made it necessary."""
    if answer.state is AnswerState.SPOOLED:
        work.jobs.enqueue(STORE_AUDIO, answer.id)
    elif answer.state is AnswerState.AWAITING_RECORDING:
        work.jobs.enqueue(FETCH_RECORDING, answer.id)


def _first_state(utterance: Utterance) -> AnswerState:
    if utterance.recording_sid:
        return AnswerState.AWAITING_RECORDING
    return AnswerState.SPOOLED if utterance.spool_name else AnswerState.DONE


def _drop(hotline: Hotline, utterance: Utterance) -> None:
    """Leave nothing of words that may not be kept."""
    if utterance.spool_name:
        hotline.spool.delete(utterance.spool_name)


def destroy(context: Context, answer: Answer) -> None:
    """Destroy the voice and the words of an answer, here and at the carrier, and what staff made of these words.

    Its row stays and says so.
    """
    if answer.spool_name:
        context.hotline.spool.delete(answer.spool_name)
    context.hotline.audio.delete(answer.audio_key or audio_key_of(answer))
    gone = replace(
        answer,
        text="",
        words_json="[]",
        second_words_json="[]",
        duration_s=0.0,
        audio_key=None,
        spool_name=None,
        state=AnswerState.DESTROYED,
    )
    context.work.tickets.save_answer(gone)
    context.work.reviews.blank(answer.id)
    if gone.recording_sid:
        context.work.jobs.enqueue(FETCH_RECORDING, gone.id)

"""What the carrier asks while a call of ours lasts, one transaction each, and what it is answered.

Every question may come twice. The second answer is the same. A call that is over, or another than the one that was
ordered, is told so and ends.
Knows: keys, states. Must not know: TwiML, HTTP.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from voicebot.domain.adjustment import is_told_nothing_unasked
from voicebot.domain.staff_call import ResultKey, StaffCall, StaffCallKind, StaffCallState, TalkRecording, move_call
from voicebot.domain.ticket import Ticket
from voicebot.errors import CarrierFault, Refused
from voicebot.flow.call_words import CallWords
from voicebot.service.callback.barrier import complainant_barrier
from voicebot.service.callback.dial import end_unmade, end_within, meet
from voicebot.service.callback.pass_on import pass_on, words_of_passing
from voicebot.service.callback.settle import note_refusal, settle
from voicebot.service.callback.talk import end_talk, take_consent, tell_member
from voicebot.service.callback.waiting import measure
from voicebot.service.callback.words import TRIAL, is_drill, say, say_trial, whisper
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.drill import answer_drill
from voicebot.service.lookup import ticket_of
from voicebot.service.number_gate import adjusted, number_to_ring
from voicebot.service.outbox.purpose import subject_of
from voicebot.service.ticket.actions import acknowledge

CONNECT_KEY, TAKE_KEY, PASS_KEY, REFUSE_KEY = "1", "1", "3", "9"
LADDER_CONNECT_KEY = "2"
_NOT_CONNECTED = {
    "busy": CallWords.BUSY,
    "failed": CallWords.FAILED,
    "canceled": CallWords.FAILED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """Say something and wait for a key."""

    words: str
    locale: str
    before: str = ""
    """Said first, and to its end: no key is taken meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tell:
    """Say something and end this leg."""

    words: str
    locale: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Connect:
    """Say something and ring the complainant."""

    words: str
    locale: str
    number: str
    ring_for: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class LetThrough:
    """Connect this leg."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HangUpLeg:
    """End this leg without a word."""


def greet(hotline: Hotline, call_id: str, carrier_call_id: str) -> Ask | Tell | HangUpLeg:
    """Tell the member who picked up what it is about. A second call of one order is ended."""
    if call_id == TRIAL:
        words, locale = say_trial(hotline)
        return Tell(words=words, locale=locale)
    call = meet(hotline, call_id, carrier_call_id)
    if call is None:
        return HangUpLeg()
    with hotline.unit_of_work() as work:
        ticket = ticket_of(work, call.ticket_id)
        if call.state is StaffCallState.ENDED:
            return Tell(words=say(hotline, ticket, CallWords.OVER), locale=ticket.locale)
        return Ask(words=whisper(context_of(hotline, work), call), locale=ticket.locale)


def accept(hotline: Hotline, call_id: str, key: str) -> Connect | LetThrough | Tell:
    """Take the member's key at the whisper. Raises: CarrierFault when the call was never ordered here."""
    call, ticket = _known(hotline, call_id)
    if call.kind is StaffCallKind.RANG_IN:
        return _let_in(hotline, call, ticket, key)
    if is_drill(call):
        return _answer_drill(hotline, call, ticket, key)
    if call.kind is StaffCallKind.LADDER and key != LADDER_CONNECT_KEY:
        return _answer_ladder(hotline, call, ticket, key)
    if call.kind is StaffCallKind.CALLBACK and key != CONNECT_KEY:
        end_unmade(hotline, call_id, "they did not press 1")
        return Tell(words=say(hotline, ticket, CallWords.DECLINED), locale=ticket.locale)
    return _connect(hotline, call, ticket)


def _let_in(hotline: Hotline, call: StaffCall, ticket: Ticket, key: str) -> LetThrough | Tell:
    """Connect the member with who waits on the line. Without the key the caller is told that nobody could pick up."""
    if key != CONNECT_KEY:
        return Tell(words=say(hotline, ticket, CallWords.DECLINED), locale=ticket.locale)
    with hotline.unit_of_work() as work:
        held = work.staff_calls.lock(call.id)
        if held is None or held.state is StaffCallState.ENDED:
            return Tell(words=say(hotline, ticket, CallWords.OVER), locale=ticket.locale)
        context = context_of(hotline, work)
        work.staff_calls.save(move_call(measure(context, held), StaffCallState.TAKEN, context.now))
        work.commit()
        return LetThrough()


def _answer_drill(hotline: Hotline, call: StaffCall, ticket: Ticket, key: str) -> Tell:
    if key != TAKE_KEY:
        end_unmade(hotline, call.id, "they pressed no key")
        return Tell(words=say(hotline, ticket, CallWords.DRILL_GOES_ON), locale=ticket.locale)
    try:
        answer_drill(hotline, subject_of(call), member_id=call.member_id)
    except Refused as refusal:
        end_unmade(hotline, call.id, str(refusal))
        return Tell(words=say(hotline, ticket, CallWords.OVER), locale=ticket.locale)
    end_unmade(hotline, call.id, "they answered the drill")
    return Tell(words=say(hotline, ticket, CallWords.DRILL_ANSWERED), locale=ticket.locale)


def _answer_ladder(hotline: Hotline, call: StaffCall, ticket: Ticket, key: str) -> Tell:
    if key == TAKE_KEY:
        try:
            acknowledge(hotline, ticket.case_number, actor=call.member_id)
        except Refused as problem:
            end_unmade(hotline, call.id, f"they wanted to take it: {problem}")
        else:
            end_unmade(hotline, call.id, "they take it")
        return Tell(words=say(hotline, ticket, CallWords.TAKEN), locale=ticket.locale)
    if key == PASS_KEY:
        passed = pass_on(hotline, call.id)
        with hotline.unit_of_work() as work:
            words, name = words_of_passing(context_of(hotline, work), passed)
        return Tell(words=say(hotline, ticket, words, name=name), locale=ticket.locale)
    end_unmade(hotline, call.id, "they pressed no key")
    return Tell(words=say(hotline, ticket, CallWords.GOES_ON), locale=ticket.locale)


def _connect(hotline: Hotline, call: StaffCall, ticket: Ticket) -> Connect | Tell:
    policy = hotline.flows.current_policy()
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        barrier = complainant_barrier(context, ticket, own_call=call.id)
        number = number_to_ring(work, hotline.rules, ticket=ticket, policy=policy)
        held = work.staff_calls.lock(call.id)
        if barrier is None and number is not None and held is not None and held.state is not StaffCallState.ENDED:
            taken = tell_member(context, move_call(held, StaffCallState.TAKEN, context.now))
            work.staff_calls.save(taken)
            work.commit()
            return Connect(
                words=_words_of_connecting(hotline, taken, ticket),
                locale=ticket.locale,
                number=number,
                ring_for=policy.callbacks.ring_for,
                longest=policy.callbacks.longest_talk,
            )
    if barrier is not None:
        end_unmade(hotline, call.id, barrier.why)
    return Tell(words=say(hotline, ticket, CallWords.OVER), locale=ticket.locale)


def _words_of_connecting(hotline: Hotline, call: StaffCall, ticket: Ticket) -> str:
    """Return what the member hears before the complainant's phone rings. No key cuts it short."""
    words = say(hotline, ticket, CallWords.CONNECTING)
    is_told = call.recording is TalkRecording.TOLD
    return f"{words} {say(hotline, ticket, CallWords.STAFF_RECORDED)}" if is_told else words


def announce(hotline: Hotline, call_id: str) -> Ask:
    """Tell the complainant who calls and why, and let them say that nobody asked for it.

    Raises: CarrierFault when the call was never ordered here.
    """
    call, ticket = _known(hotline, call_id)
    _note_picked_up(hotline, call_id)
    if _is_told_nothing(hotline, ticket):
        return Ask(words=say(hotline, ticket, CallWords.ANNOUNCE_NOTHING), locale=ticket.locale)
    who = say(hotline, ticket, CallWords.ANNOUNCE)
    if call.recording is TalkRecording.NONE:
        return Ask(words=f"{who} {say(hotline, ticket, CallWords.ANNOUNCE_KEYS)}", locale=ticket.locale)
    return Ask(
        before=f"{who} {say(hotline, ticket, CallWords.ANNOUNCE_RECORDED)}",
        words=say(hotline, ticket, CallWords.ANNOUNCE_RECORDED_KEYS),
        locale=ticket.locale,
    )


def _is_told_nothing(hotline: Hotline, ticket: Ticket) -> bool:
    """Tell whether it was agreed that no message is left, so that a machine may hear neither company nor case."""
    with hotline.unit_of_work() as work:
        return is_told_nothing_unasked(adjusted(work, ticket.complainant_number))


def _note_picked_up(hotline: Hotline, call_id: str) -> None:
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is not None and call.answered_at is None:
            work.staff_calls.save(replace(call, answered_at=context_of(hotline, work).now))
            work.commit()


def agree(hotline: Hotline, call_id: str, key: str) -> LetThrough | Tell | HangUpLeg:
    """Take the complainant's key. Whoever stays on the line is connected, a machine that is known for one is not.

    Where no message may be left, only a key shows that it is none.
    """
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is None or call.state is not StaffCallState.TAKEN:
            return HangUpLeg()
        ticket = ticket_of(work, call.ticket_id)
        context = context_of(hotline, work)
        if key == REFUSE_KEY:
            note_refusal(context, call, ticket)
            work.commit()
            return Tell(words=say(hotline, ticket, CallWords.ANNOUNCE_GOODBYE), locale=ticket.locale)
        is_unsure = is_told_nothing_unasked(adjusted(work, ticket.complainant_number))
        if not key and (is_unsure or call.answered_by.startswith(("machine", "fax"))):
            return HangUpLeg()
        known = replace(measure(context, call), agreed=call.agreed or bool(key))
        work.staff_calls.save(take_consent(context, known, ticket, key))
        work.commit()
        return LetThrough()


def detect(hotline: Hotline, call_id: str, answered_by: str) -> None:
    """Note machine detection's word. It may come after everything else."""
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is not None and not call.answered_by:
            work.staff_calls.save(replace(call, answered_by=answered_by))
            work.commit()


def close_dial(hotline: Hotline, call_id: str, *, status: str, is_bridged: bool, seconds: int) -> Ask | Tell:
    """Note how the complainant's leg ended. Ask the member what came of a talk, tell them of any other end.

    Raises: CarrierFault when the call was never ordered here.
    """
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is None:
            raise CarrierFault("closing a call that was never ordered here")
        ticket = ticket_of(work, call.ticket_id)
        if call.state is not StaffCallState.ENDED:
            context = context_of(hotline, work)
            call = _dialled(context, call, status=status, is_bridged=is_bridged, seconds=seconds)
            if not is_bridged:
                settle(context, call)
            work.commit()
        if is_bridged:
            return Ask(words=say(hotline, ticket, CallWords.ASK_RESULT), locale=ticket.locale)
        return Tell(words=say(hotline, ticket, _why_not_connected(call)), locale=ticket.locale)


def _dialled(context: Context, call: StaffCall, *, status: str, is_bridged: bool, seconds: int) -> StaffCall:
    known = replace(
        move_call(call, StaffCallState.ASKING, context.now),
        dial_status=status,
        was_bridged=is_bridged,
        talk_s=seconds,
    )
    context.work.staff_calls.save(known)
    end_talk(context, known)
    return known


def _why_not_connected(call: StaffCall) -> CallWords:
    if call.refused:
        return CallWords.REFUSED
    if call.answered_by.startswith(("machine", "fax")):
        return CallWords.MACHINE
    return _NOT_CONNECTED.get(call.dial_status, CallWords.NO_ANSWER)


def take_result(hotline: Hotline, call_id: str, key: str, *, is_last: bool) -> Ask | Tell:
    """Take what the member keys when the talk is over. A key that means nothing is asked for once more.

    Raises: CarrierFault when the call was never ordered here.
    """
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is None:
            raise CarrierFault("closing a call that was never ordered here")
        ticket = ticket_of(work, call.ticket_id)
        is_known = key in set(ResultKey)
        if not is_known and not is_last:
            return Ask(words=say(hotline, ticket, CallWords.ASK_RESULT), locale=ticket.locale)
        if call.state is StaffCallState.ASKING:
            settle(context_of(hotline, work), replace(call, keyed=key if is_known else ""))
            work.commit()
        return Tell(words=say(hotline, ticket, CallWords.THANKS), locale=ticket.locale)


def end(hotline: Hotline, call_id: str, *, status: str) -> None:
    """Note that the member's leg is over, whatever was said before. What is known by then is the outcome."""
    with hotline.unit_of_work() as work:
        call = work.staff_calls.lock(call_id)
        if call is None or call.state is StaffCallState.ENDED:
            return
        context = context_of(hotline, work)
        end_talk(context, call)
        if call.dial_status:
            settle(context, call)
        else:
            end_within(context, call, _why_unmade(call, status))
        work.commit()


def _why_unmade(call: StaffCall, status: str) -> str:
    if call.state is StaffCallState.TAKEN:
        return "the carrier did not say what came of it: log the call, or call again"
    return f"their telephone: {status}"


def _known(hotline: Hotline, call_id: str) -> tuple[StaffCall, Ticket]:
    with hotline.unit_of_work() as work:
        call = work.staff_calls.get(call_id)
        if call is None:
            raise CarrierFault("going on with a call that was never ordered here")
        return call, ticket_of(work, call.ticket_id)

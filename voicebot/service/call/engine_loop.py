"""One turn of a call. The engine is asked until it waits, and its effects are carried out on the way.

Knows: the engine, the call's row, what a stored turn is. Must not know: who sent the event (web, media, sweep).
"""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from voicebot.domain.call import Call, Way
from voicebot.domain.case_number import BLOT
from voicebot.flow.engine import take_turn
from voicebot.flow.events import (
    CallerHungUp,
    FaultOccurred,
    FlowEvent,
    KeysPressed,
    OwnerNotReached,
    OwnerSpoke,
    TimeUp,
)
from voicebot.flow.instructions import ConnectOwner, HangUp, Instruction, JoinCase, Listen, OpenCase
from voicebot.flow.session import FlowSession
from voicebot.service.answer.keep import keep_utterance
from voicebot.service.call.effects import apply_effect
from voicebot.service.call.listening_places import seat_of
from voicebot.service.call.repeat_call import join_case, of_its_case
from voicebot.service.call.stored_turn import CallAnswer, store_turn
from voicebot.service.call_context import CallContext
from voicebot.service.callback.rang_in import ring_owner, ring_person
from voicebot.service.ticket.joining import owing_case

MOST_ENGINE_STEPS = 30
"""More effects in one turn than any flow has. A flow that circles without waiting is a fault, not a hang."""

LONGEST_TURN = timedelta(minutes=5)
"""More than a turn lasts, from one answer to the next.

It allows for the longest story, its question and the warnings.
"""


def take_event(context: CallContext, session: FlowSession, event: FlowEvent) -> CallAnswer:
    """Take one event of a running call. This keeps what was said, asks the engine and stores the next turn.

    A call that has lasted as long as any may is told to end instead of what it asked. What was said is kept.
    """
    keep_utterance(context, session, event)
    session = of_its_case(context, session)
    event = TimeUp() if _is_time_up(context, event) else event
    context, next_session, instructions = _ask_engine(context, session, event)
    call = replace(context.call, turn_number=context.call.turn_number + 1, last_heard_at=context.now)
    if isinstance(instructions[-1], ConnectOwner):
        call = replace(call, way=Way.RECORD, stream_token=None)  # the stream is left: another verb rings
    elif isinstance(event, OwnerNotReached):
        call = _heard_live(context, call)
    told = _without_secret(session, event)
    return store_turn(
        replace(context, call=call), told, session=next_session, instructions=_without_codes(instructions)
    )


def _without_secret(session: FlowSession, event: FlowEvent) -> FlowEvent:
    """Return the event without the digits of a code that was asked for."""
    is_secret = session.listen is not None and session.listen.is_secret
    if not is_secret or not isinstance(event, KeysPressed):
        return event
    return event.model_copy(update={"keys": "*" * len(event.keys), "numbers_after": ()})


def _without_codes(instructions: tuple[Instruction, ...]) -> tuple[Instruction, ...]:
    """Return what was asked for without the codes that it was asked with."""
    return tuple(
        told.model_copy(update={"code": BLOT if told.code else ""}) if isinstance(told, OpenCase) else told
        for told in instructions
    )


def _heard_live(context: CallContext, call: Call) -> Call:
    """Return the call on a stream again, which it left to be connected, where somebody can listen."""
    hotline = context.hotline
    if not hotline.recognisers.has_room(seat_of(hotline, call.caller_number, call.id)):
        return call
    return replace(call, way=Way.STREAM, stream_token=hotline.ids.new_token())


def take_first_event(context: CallContext, session: FlowSession, event: FlowEvent) -> CallAnswer:
    """Take the answer to the call itself, which is turn 0."""
    context, next_session, instructions = _ask_engine(context, session, event)
    return store_turn(context, event, session=next_session, instructions=instructions)


def _is_time_up(context: CallContext, event: FlowEvent) -> bool:
    if isinstance(event, CallerHungUp | FaultOccurred | OwnerSpoke):
        return False
    longest = context.policy.limits.longest_call
    return context.now - context.call.started_at >= longest and _lasted(context) >= longest


def _lasted(context: CallContext) -> timedelta:
    """Return how long the call has lasted, turn by turn. A clock that was set counts as one long turn, not as hours."""
    times = [turn.at for turn in context.work.calls.turns(context.call.id)]
    gaps = (later - earlier for earlier, later in pairwise((*times, context.now)))
    return sum((min(max(gap, timedelta(0)), LONGEST_TURN) for gap in gaps), timedelta(0))


def _ask_engine(
    context: CallContext, session: FlowSession, event: FlowEvent
) -> tuple[CallContext, FlowSession, tuple[Instruction, ...]]:
    """Return the call as it stands then, too, because what it says may have joined another case."""
    done: list[Instruction] = []
    question: FlowEvent | None = event
    steps = 0
    while question is not None:
        steps += 1
        if steps > MOST_ENGINE_STEPS:
            raise AssertionError(f"flow {context.flow.name} circles at {session.node} without waiting for the caller")
        result = take_turn(context.flow, session, question, context.now)
        session = result.session
        context, question = _carry_out_all(context, result.instructions, done)
    return context, session, tuple(done)


def _carry_out_all(
    context: CallContext, instructions: tuple[Instruction, ...], done: list[Instruction]
) -> tuple[CallContext, FlowEvent | None]:
    """Carry out effects in order up to the wait. Return the call as it stands then, and what answers the last one.

    The engine ends each list with a wait, or with an effect that is answered. No effect before the last is.
    """
    *effects, last = instructions
    for effect in effects:
        if isinstance(effect, Listen | ConnectOwner | HangUp | JoinCase):
            raise AssertionError("what waits or joins ends its list")
        done.append(effect)
        apply_effect(context, effect)
    done.append(last)
    if isinstance(last, Listen | HangUp):
        return context, None
    if isinstance(last, ConnectOwner):
        if last.whom == "person":
            return context, ring_person(context)
        return context, ring_owner(context, owing_case(context, context.ticket()))
    if isinstance(last, JoinCase):
        return join_case(context, last.case_id, is_claimed=last.is_claimed, is_proven=last.is_proven)
    answer = apply_effect(context, last)
    assert answer is not None, "an effect that ends its list is answered"
    return context, answer

"""Turns as they are stored. They hold the session after each, and what the caller was told.

Knows: the call's row, what a stored turn is. Must not know: the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from voicebot.domain.call import Call, Turn
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import (
    FLOW_EVENT,
    CallerHungUp,
    CallResumed,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    UtteranceHeard,
)
from voicebot.flow.instructions import INSTRUCTIONS, ConnectOwner, HangUp, Instruction, Listen, Wait
from voicebot.flow.session import FlowSession, read_session
from voicebot.service.call_context import CallContext
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class CallAnswer:
    """What the caller is to hear now, and the number under which the answer to it comes back."""

    call: Call
    turn_number: int
    wait: Wait


def stored_answer(work: UnitOfWork, call: Call, number: int | None = None) -> CallAnswer:
    """Return what the turn `number` (default is the last one) told the caller, as it was stored."""
    wanted = call.turn_number if number is None else number
    turn = work.calls.turn(call.id, wanted)
    assert turn is not None, f"call {call.id} has no turn {wanted}"
    return CallAnswer(call=call, turn_number=wanted, wait=wait_of(turn))


def wait_of(turn: Turn) -> Wait:
    """Return the wait that ended a stored turn."""
    return _wait_in(INSTRUCTIONS.validate_json(turn.instructions))


def _wait_in(instructions: Sequence[Instruction]) -> Wait:
    last = instructions[-1] if instructions else HangUp()
    return last if isinstance(last, Listen | ConnectOwner | HangUp) else HangUp()


def stored_session(work: UnitOfWork, call: Call) -> FlowSession:
    """Return where the caller stands, as the last turn stored it."""
    turn = work.calls.turn(call.id, call.turn_number)
    assert turn is not None, f"call {call.id} has no turn {call.turn_number}"
    return read_session(turn.session)


def store_turn(
    context: CallContext, event: FlowEvent, *, session: FlowSession, instructions: tuple[Instruction, ...]
) -> CallAnswer:
    """Write the turn and the call's row. Nothing is said to the caller before this is committed."""
    turn = Turn(
        call_id=context.call.id,
        number=context.call.turn_number,
        event=FLOW_EVENT.dump_json(_without_words(event)).decode(),
        session=session.model_dump_json(),
        instructions=INSTRUCTIONS.dump_json(instructions).decode(),
        at=context.now,
        took_ms=_ms_since(context),
    )
    context.work.calls.add_turn(turn)
    context.work.calls.save(context.call)
    return CallAnswer(call=context.call, turn_number=turn.number, wait=_wait_in(instructions))


def _ms_since(context: CallContext) -> int:
    return round((context.hotline.clock.now() - context.now) / timedelta(milliseconds=1))


def _without_words(event: FlowEvent) -> FlowEvent:
    """Leave out what was said, because words are kept as answers only, where consent allows it and refusal destroys
    them.
    """
    match event:
        case UtteranceHeard():
            return event.model_copy(update={"utterance": Utterance(duration_s=event.utterance.duration_s)})
        case KeysPressed() | CallerHungUp() | HearingFailed() | CallResumed():
            return event.model_copy(update={"utterance": None})
        case _:
            return event


def wait_at(hotline: Hotline, call_id: str, turn_number: int) -> CallAnswer | None:
    """Return what turn `turn_number` told the caller, or None when there is no such call or turn."""
    with hotline.unit_of_work() as work:
        call = work.calls.get(call_id)
        if call is None or work.calls.turn(call_id, turn_number) is None:
            return None
        return stored_answer(work, call, turn_number)

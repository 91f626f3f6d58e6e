"""One turn of a call: the engine asked until it waits, its effects carried out on the way.

Knows: the engine, the call's row, what a stored turn is. Must not know: who sent the event (web, media, sweep).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from voicebot.domain.call import Call, Turn
from voicebot.domain.utterance import Utterance
from voicebot.flow.engine import take_turn
from voicebot.flow.events import (
    FLOW_EVENT,
    CallerHungUp,
    CallResumed,
    FaultOccurred,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    TimeUp,
    UtteranceHeard,
)
from voicebot.flow.instructions import INSTRUCTIONS, HangUp, Instruction, Listen, Wait
from voicebot.flow.session import FlowSession
from voicebot.service.answer.keep import keep_utterance
from voicebot.service.effects import carry_out
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.service.scene import CallScene

MOST_ENGINE_STEPS = 30
"""More effects in one turn than any flow has: a flow that circles without waiting is a fault, not a hang."""

LONGEST_TURN = timedelta(minutes=5)
"""More than a turn lasts, from one answer to the next: the longest story, its question and the warnings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CallAnswer:
    """What the caller is to hear now, and the number under which the answer to it comes back."""

    call: Call
    turn_number: int
    wait: Wait


def stored_answer(work: UnitOfWork, call: Call, number: int | None = None) -> CallAnswer:
    """Return what the turn `number` (default: the last one) told the caller, as it was stored."""
    wanted = call.turn_number if number is None else number
    turn = work.calls.turn(call.id, wanted)
    assert turn is not None, f"call {call.id} has no turn {wanted}"
    return CallAnswer(call=call, turn_number=wanted, wait=wait_of(turn))


def wait_of(turn: Turn) -> Wait:
    """Return the wait that ended a stored turn."""
    instructions = INSTRUCTIONS.validate_json(turn.instructions)
    last = instructions[-1] if instructions else HangUp()
    return last if isinstance(last, Listen | HangUp) else HangUp()


def stored_session(work: UnitOfWork, call: Call) -> FlowSession:
    """Return where the caller stands, as the last turn stored it."""
    turn = work.calls.turn(call.id, call.turn_number)
    assert turn is not None, f"call {call.id} has no turn {call.turn_number}"
    return FlowSession.model_validate_json(turn.session)


def take_event(scene: CallScene, session: FlowSession, event: FlowEvent) -> CallAnswer:
    """Take one event of a running call: keep what was said, ask the engine, store the next turn.

    A call that has lasted as long as any may is told to end instead of what it asked; what was said is kept.
    """
    keep_utterance(scene, session, event)
    event = TimeUp() if _is_time_up(scene, event) else event
    next_session, instructions = _ask_engine(scene, session, event)
    call = replace(scene.call, turn_number=scene.call.turn_number + 1, last_heard_at=scene.now)
    return store_turn(replace(scene, call=call), event, session=next_session, instructions=instructions)


def take_first_event(scene: CallScene, session: FlowSession, event: FlowEvent) -> CallAnswer:
    """Take the answer to the call itself: turn 0."""
    next_session, instructions = _ask_engine(scene, session, event)
    return store_turn(scene, event, session=next_session, instructions=instructions)


def store_turn(
    scene: CallScene, event: FlowEvent, *, session: FlowSession, instructions: tuple[Instruction, ...]
) -> CallAnswer:
    """Write the turn and the call's row; nothing is said to the caller before this is committed."""
    turn = Turn(
        call_id=scene.call.id,
        number=scene.call.turn_number,
        event=FLOW_EVENT.dump_json(_without_words(event)).decode(),
        session=session.model_dump_json(),
        instructions=INSTRUCTIONS.dump_json(instructions).decode(),
        at=scene.now,
        took_ms=_ms_since(scene),
    )
    scene.work.calls.add_turn(turn)
    scene.work.calls.save(scene.call)
    return CallAnswer(call=scene.call, turn_number=turn.number, wait=wait_of(turn))


def _ms_since(scene: CallScene) -> int:
    return round((scene.hotline.clock.now() - scene.now) / timedelta(milliseconds=1))


def _is_time_up(scene: CallScene, event: FlowEvent) -> bool:
    if isinstance(event, CallerHungUp | FaultOccurred):
        return False
    longest = scene.policy.limits.longest_call
    return scene.now - scene.call.started_at >= longest and _lasted(scene) >= longest


def _lasted(scene: CallScene) -> timedelta:
    """Return how long the call has lasted, turn by turn: a clock that was set counts as one long turn, not as hours."""
    times = [turn.at for turn in scene.work.calls.turns(scene.call.id)]
    gaps = (later - earlier for earlier, later in pairwise((*times, scene.now)))
    return sum((min(max(gap, timedelta(0)), LONGEST_TURN) for gap in gaps), timedelta(0))


def _without_words(event: FlowEvent) -> FlowEvent:
    """Leave out what was said: words are kept as answers only, where consent allows it and refusal destroys them."""
    match event:
        case UtteranceHeard():
            return event.model_copy(update={"utterance": Utterance(duration_s=event.utterance.duration_s)})
        case KeysPressed() | CallerHungUp() | HearingFailed() | CallResumed():
            return event.model_copy(update={"utterance": None})
        case _:
            return event


def _ask_engine(
    scene: CallScene, session: FlowSession, event: FlowEvent
) -> tuple[FlowSession, tuple[Instruction, ...]]:
    done: list[Instruction] = []
    question: FlowEvent | None = event
    for _ in range(MOST_ENGINE_STEPS):
        if question is None:
            break
        result = take_turn(scene.flow, session, question, scene.now)
        session = result.session
        question = _carry_out_all(scene, result.instructions, done)
    else:
        raise AssertionError(f"flow {scene.flow.name} circles at {session.node} without waiting for the caller")
    return session, tuple(done)


def _carry_out_all(
    scene: CallScene, instructions: tuple[Instruction, ...], done: list[Instruction]
) -> FlowEvent | None:
    """Carry out effects in order up to the wait; return the event that answers one, to be fed back at once."""
    for instruction in instructions:
        done.append(instruction)
        if isinstance(instruction, Listen | HangUp):
            return None
        answer = carry_out(scene, instruction)
        if answer is not None:
            return answer
    raise AssertionError("the engine ends each list of instructions with a wait or with an effect that is answered")


def wait_at(hotline: Hotline, call_id: str, turn_number: int) -> CallAnswer | None:
    """Return what turn `turn_number` told the caller; None when there is no such call or turn."""
    with hotline.unit_of_work() as work:
        call = work.calls.get(call_id)
        if call is None or work.calls.turn(call_id, turn_number) is None:
            return None
        return stored_answer(work, call, turn_number)

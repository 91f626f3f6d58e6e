"""A stored turn in words for those who look into a call. It tells what came, what was said back and how long it took.

Prompts by their keys, keys by their number, speech by its seconds. They are never what a caller said or dialled. A
single key is a choice of the menu and is shown. Digits that were collected are only counted.
Knows: stored turns, answers. Must not know: who reads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from voicebot.domain.call import Turn
from voicebot.domain.call_event import Part
from voicebot.domain.doubt import Doubt
from voicebot.domain.ticket import Answer
from voicebot.flow.events import (
    FLOW_EVENT,
    CallerHungUp,
    CallResumed,
    FaultOccurred,
    FlowEvent,
    HearingFailed,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import INSTRUCTIONS, ConnectOwner, HangUp, Listen, Wait
from voicebot.flow.session import FlowSession, read_session
from voicebot.service.answer.doubt import marked_words


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeLine:
    """One line of a call's life."""

    at: datetime
    part: Part
    what: str
    detail: str = ""


_WAITS = Listen | ConnectOwner | HangUp


def turn_lines(turn: Turn, *, asked: FlowSession | None, answer: Answer | None) -> Iterator[tuple[int, LifeLine]]:
    """Yield what came and what was said back, each with its rank among lines of the same instant.

    `asked` is where the caller stood before. `answer` is what they said then, if it was kept.
    """
    try:
        event = FLOW_EVENT.validate_json(turn.event)
        waits = [each for each in INSTRUCTIONS.validate_json(turn.instructions) if isinstance(each, _WAITS)]
    except ValidationError:
        yield 1, LifeLine(at=turn.at, part=Part.FLOW, what="turn", detail=f"{turn.number}: its contents were erased")
        return
    yield 1, _came(turn, event, asked=asked, answer=answer)
    for wait in waits:
        yield 9, _said(turn, wait)


def session_of(turn: Turn) -> FlowSession | None:
    """Return where the caller stood after the turn, or None when that was erased."""
    try:
        return read_session(turn.session)
    except ValidationError:
        return None


def _came(turn: Turn, event: FlowEvent, *, asked: FlowSession | None, answer: Answer | None) -> LifeLine:
    heard = _heard(event, asked, answer)
    place = "" if asked is None else f"at {asked.node}"
    took = "" if turn.took_ms is None else f"stored in {turn.took_ms} ms"
    detail = ", ".join(part for part in (place, heard, took) if part)
    return LifeLine(at=turn.at, part=_part_of(event), what=event.kind, detail=detail)


def _said(turn: Turn, wait: Wait) -> LifeLine:
    keys = ", ".join(prompt.key for prompt in wait.prompts) or "nothing"
    then = "then hangs up" if isinstance(wait, HangUp) else f"then waits at {wait.node}"
    return LifeLine(at=turn.at, part=Part.FLOW, what="says", detail=f"{keys}; {then}")


def _part_of(event: FlowEvent) -> Part:
    match event:
        case UtteranceHeard() | KeysPressed() | NoInput() | CallerHungUp():
            return Part.CALLER
        case CallResumed():
            return Part.CARRIER
        case _:
            return Part.WEB


def _heard(event: FlowEvent, asked: FlowSession | None, answer: Answer | None) -> str:
    """Return how much was said or keyed."""
    match event:
        case UtteranceHeard():
            return f"{_speech(event.utterance.duration_s, answer)}, ended by {event.finished_by}"
        case KeysPressed():
            return _keys(event.keys, asked) + (f", after {_speech(0.0, answer)}" if answer else "")
        case PromptsPlayed():
            return "to their end" if event.uncut else "cut short"
        case CallerHungUp() | HearingFailed() | CallResumed():
            return f"after {_speech(0.0, answer)}" if answer else ""
        case FaultOccurred():
            return "the spoken apology"
        case _:
            return ""


def _speech(seconds: float, answer: Answer | None) -> str:
    """Return seconds of speech, how many words it had, and how many of them the recogniser was unsure of."""
    long = answer.duration_s if answer is not None and answer.duration_s else seconds
    words = marked_words(answer, "") if answer is not None else ()
    unsure = sum(doubt is Doubt.UNSURE for _, doubt in words)
    heard = f", {len(words)} words, {unsure} unsure" if words else ""
    return f"{long:.1f} s of speech{heard}"


def _keys(keys: str, asked: FlowSession | None) -> str:
    is_choice = asked is not None and asked.listen is not None and asked.listen.collect is None and len(keys) == 1
    return f"key {keys}" if is_choice else f"{len(keys)} keys"

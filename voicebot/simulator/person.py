"""A scripted person in one call. They hear prompts, speak, press keys and hang up, in line time.

Knows: the script. Must not know: verbs, sockets, clocks, since every method is told the line's second.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from voicebot.simulator.caller import Action, Caller, HangUp, Press, Reaction, Rest, Speak, TroubleStream
from voicebot.simulator.sound import SILENCE, SILENT_TICK, TICK_BYTES

_HAIR_S = 1e-6
"""Sums of hundredths miss one another by less, and a tick must not be lost to that."""

Tell = Callable[[str, str], None]
"""Receives (what, detail) of the things a person does, such as `speaks`, `spoke`, `presses`."""


@dataclass(slots=True)
class Moment:
    """What the caller's side sends in one tick of 20 ms."""

    audio: bytes = SILENT_TICK
    keys: str = ""
    hangs_up: bool = False
    stream_trouble: TroubleStream | None = None


class Lives(Protocol):
    """Whoever is at the other end of a line, be it a person, or another leg."""

    def hears_start(self, key: str, at_s: float) -> None:
        """Notice that a prompt began at that second."""
        ...

    def hears_end(self, key: str, at_s: float) -> None:
        """Notice that a prompt was heard to its end."""
        ...

    def hears_cut(self, at_s: float) -> None:
        """Notice that a prompt stopped before its end."""
        ...

    def step(self, at_s: float, *, may_speak: bool) -> Moment:
        """Return what comes from there in the 20 ms that begin at this second of the call."""
        ...


@dataclass(slots=True)
class _Lane:
    """One reaction being carried out, action by action."""

    due_s: float
    actions: Iterator[Action]
    now_doing: Action | None = None
    position: int = 0
    """Bytes spoken, or keys pressed, of `now_doing`."""


@dataclass(slots=True)
class Person:
    """Lives through a script, but not for two calls."""

    script: Caller
    tell: Tell
    lanes: list[_Lane] = field(default_factory=list)
    hearings: Counter[str] = field(default_factory=Counter)
    quiet_since_s: float = 0.0
    _speaker: _Lane | None = None
    _timed_done: int = 0
    _is_hearing: bool = False

    def hears_start(self, key: str, at_s: float) -> None:
        """Notice that a prompt began at that second (which may lie in the past)."""
        self.hearings[key] += 1
        self._is_hearing = True
        for reaction in self._matching(key, is_after=False):
            self.lanes.append(_Lane(at_s + (reaction.offset_s or 0.0), iter(reaction.actions)))

    def hears_end(self, key: str, at_s: float) -> None:
        """Notice that a prompt was heard to its end."""
        self._is_hearing = False
        self.quiet_since_s = at_s
        for reaction in self._matching(key, is_after=True):
            self.lanes.append(_Lane(at_s + self.script.reaction_s, iter(reaction.actions)))

    def hears_cut(self, at_s: float) -> None:
        """Notice that a prompt stopped before its end."""
        self._is_hearing = False
        self.quiet_since_s = at_s

    def step(self, at_s: float, *, may_speak: bool) -> Moment:
        """Return what the person does in the 20 ms that begin at this second of the call."""
        self._take_up_timed(at_s)
        self._take_up_otherwise(at_s)
        moment = Moment()
        for lane in list(self.lanes):
            if lane.due_s <= at_s + _HAIR_S and not self._carry_on(lane, moment, at_s=at_s, may_speak=may_speak):
                self.lanes.remove(lane)
        if self.lanes:
            self.quiet_since_s = at_s
        return moment

    def _matching(self, key: str, *, is_after: bool) -> list[Reaction]:
        nth = self.hearings[key]
        mine = [line for line in self.script.reactions if line.key == key and (line.offset_s is None) == is_after]
        exact = [line for line in mine if line.nth == nth]
        return exact or [line for line in mine if line.nth is None]

    def _take_up_timed(self, at_s: float) -> None:
        timed = sorted(self.script.timed, key=lambda line: line.at_s)
        for line in timed[self._timed_done :]:
            if line.at_s > at_s:
                return
            self._timed_done += 1
            self.lanes.append(_Lane(line.at_s, iter(line.actions)))

    def _take_up_otherwise(self, at_s: float) -> None:
        otherwise = self.script.otherwise
        if otherwise is None or self.lanes or self._is_hearing or at_s - self.quiet_since_s < otherwise.after_s:
            return
        self.quiet_since_s = at_s
        self.lanes.append(_Lane(at_s, iter(otherwise.actions)))

    def _carry_on(self, lane: _Lane, moment: Moment, *, at_s: float, may_speak: bool) -> bool:
        """Do one tick of a lane, and return False when it has nothing left."""
        if lane.now_doing is None:
            lane.now_doing, lane.position = next(lane.actions, None), 0
        match lane.now_doing:
            case None:
                return False
            case Speak() as saying:
                self._say(saying, lane, moment, may_speak=may_speak)
            case Press() as pressing:
                self._press(pressing, lane, moment, at_s=at_s)
            case Rest(seconds):
                lane.due_s, lane.now_doing = at_s + seconds, None
            case HangUp():
                moment.hangs_up, lane.now_doing = True, None
            case TroubleStream() as trouble:
                moment.stream_trouble, lane.now_doing = trouble, None
            case _ as never:
                assert_never(never)
        return True

    def _say(self, saying: Speak, lane: _Lane, moment: Moment, *, may_speak: bool) -> None:
        is_taken = self._speaker not in (None, lane) or moment.audio is not SILENT_TICK
        if is_taken or (lane.position == 0 and self.script.waits_for_tone and not may_speak):
            return
        if lane.position == 0:
            self.tell("speaks", saying.label)
        self._speaker = lane
        piece = saying.audio[lane.position : lane.position + TICK_BYTES]
        lane.position += TICK_BYTES
        moment.audio = piece.ljust(TICK_BYTES, SILENCE)
        if lane.position >= len(saying.audio):
            self._speaker, lane.now_doing = None, None
            self.tell("spoke", saying.label)

    def _press(self, pressing: Press, lane: _Lane, moment: Moment, *, at_s: float) -> None:
        key = pressing.keys[lane.position]
        self.tell("presses", key)
        moment.keys += key
        lane.position += 1
        lane.due_s = at_s + pressing.gap_s
        if lane.position >= len(pressing.keys):
            lane.now_doing = None

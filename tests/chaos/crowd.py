"""Many callers at once, of mixed kinds: by voice, by keys, hanging up in the middle of a story, silent."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.calls.people import LONG_STORY, REMEDY
from voicebot.simulator.caller import Caller, StreamTrouble, TroubleStream, hang_up, press, rest, speak
from voicebot.simulator.carrier import PretendCarrier
from voicebot.simulator.line import Happening, LineCall

TIRED_AFTER_S = 45.0
"""A caller who hears nothing for so long puts the phone down."""
LAST_WORDS = frozenset({"say_goodbye", "no_input_3", "tell_time_up"})
"""Prompts with which the hotline ends a call by itself."""
KINDS = ("keys", "voice", "keys", "leaver", "silent", "keys", "cut_short")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mishap:
    """What the network does to a caller's stream, once."""

    trouble: TroubleStream
    at_s: float
    """Seconds of line time, since the call began or since the prompt was first heard to its end."""
    prompt: str = ""

    def befall(self, caller: Caller) -> Caller:
        """Write it into the caller's script."""
        if not self.prompt:
            return caller.at(self.at_s, self.trouble)
        # A line for the first hearing replaces those for every hearing: what is done then is said once more.
        usual = [line for line in caller.reactions if (line.key, line.offset_s, line.nth) == (self.prompt, None, None)]
        for line in usual:
            caller = caller.after(self.prompt, *line.actions, nth=1)
        return caller.after(self.prompt, rest(self.at_s), self.trouble, nth=1)

    def begins_at_s(self, call: LineCall) -> float | None:
        """Return the call's second at which it befell; None when the prompt was never heard."""
        if not self.prompt:
            return self.at_s
        ended = (event for event in call.transcript if event.kind is Happening.PROMPT_ENDED)
        heard_at_s = next((event.at_s for event in ended if event.detail == self.prompt), None)
        return None if heard_at_s is None else heard_at_s + Caller().reaction_s + self.at_s


@dataclass(frozen=True, slots=True)
class Guest:
    """One caller."""

    kind: str
    number: str
    call: LineCall
    mishap: Mishap | None = None

    @property
    def vanished_at_s(self) -> float | None:
        """The call's second from which nothing passed any more on the stream of that moment, if so."""
        if self.mishap is None or self.mishap.trouble.kind is not StreamTrouble.VANISHED:
            return None
        return self.mishap.begins_at_s(self.call)

    @property
    def begun(self) -> tuple[str, ...]:
        """Keys of the prompts that began on the line, in order, heard to their end or not."""
        return tuple(event.detail for event in self.call.transcript if event.kind is Happening.PROMPT_STARTED)

    @property
    def told(self) -> str:
        """The call event by event, to read why it went otherwise than a test expects."""
        events = "\n".join(f"{event.at_s:7.2f} {event.kind.name} {event.detail}" for event in self.call.transcript)
        return f"{self.kind}: ended by {self.call.ended_by}\n{events}"

    @property
    def has_heard_goodbye(self) -> bool:
        """Whether the hotline ended the call, with last words.

        Not whether they were heard to their end: a hotline that is three seconds of line time late (at pace 8 less
        than half a real one) gives up on marks that are still to come, and closes (listening/playback.py).
        """
        return self.call.ended_by == "hotline" and self.begun[-1] in LAST_WORDS


@dataclass(slots=True)
class Crowd:
    """Who rang in one run."""

    carrier: PretendCarrier
    speech_dir: Path
    random: Random
    tired_after_s: float
    """Of line time."""
    guests: list[Guest] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(200))

    def ring(self, kind: str, mishap: Mishap | None = None) -> Guest:
        """Let somebody of this kind ring from a number of their own."""
        caller = SCRIPTS[kind](self.speech_dir).when_nothing_matches(hang_up(), after_s=self.tired_after_s)
        if mishap is not None:
            caller = mishap.befall(caller)
        number = f"+1202555{next(self._numbers):04d}"
        guest = Guest(kind, number, self.carrier.ring(number, caller), mishap)
        self.guests.append(guest)
        return guest

    def ring_many(self, count: int, kinds: tuple[str, ...] = KINDS) -> list[Guest]:
        """Let so many ring at once, the kinds in turn from a chance beginning."""
        begin = self.random.randrange(len(kinds))
        return [self.ring(kinds[(begin + number) % len(kinds)]) for number in range(count)]

    def wait(self, patience_s: float) -> None:
        """Wait for the end of every call. Raises: TimeoutError, and what failed in the pretend carrier."""
        for guest in self.guests:
            guest.call.wait(patience_s)


def a_crowd(carrier: PretendCarrier, speech_dir: Path, seed: int, *, tired_after_s: float = TIRED_AFTER_S) -> Crowd:
    """Return a crowd of which nobody has rung yet."""
    return Crowd(carrier, speech_dir, Random(seed), tired_after_s)


def _by_keys(speech_dir: Path) -> Caller:
    return _answers_the_rest(Caller().after("ask_story", press("#")).after("ask_remedy", press("#")))


def _by_voice(speech_dir: Path) -> Caller:
    story, remedy = speak(speech_dir / LONG_STORY), speak(speech_dir / REMEDY)
    caller = Caller().after("ask_story", story, rest(0.5), press("#"))
    return _answers_the_rest(caller.after("ask_remedy", remedy, rest(0.5), press("#")), speech_dir)


def _leaves_after_the_story(speech_dir: Path) -> Caller:
    story = speak(speech_dir / LONG_STORY)
    return _answers_the_rest(Caller().after("ask_story", story, rest(0.3), hang_up()), speech_dir)


def _tells_whenever_asked(speech_dir: Path) -> Caller:
    """Let silence end each story: a key would also end the question that is put again meanwhile."""
    story = speak(speech_dir / LONG_STORY)
    return _answers_the_rest(Caller().after("ask_story", story).after("ask_remedy", press("#")), speech_dir)


def _leaves_within_the_story(speech_dir: Path) -> Caller:
    return (
        _answers_the_rest(Caller(), speech_dir)
        .after("ask_story", speak(speech_dir / LONG_STORY))
        .after("ask_story", rest(6.0), hang_up())
    )


def _says_nothing(speech_dir: Path) -> Caller:
    return Caller()


def _answers_the_rest(caller: Caller, speech_dir: Path | None = None) -> Caller:
    message = (press("#"),) if speech_dir is None else (speak(speech_dir / LONG_STORY), rest(0.3), press("#"))
    return (
        caller.after("static_fallback", *message)
        .after("confirm_number", press("1"))
        .after("announce_text", press("1"))
        .after("choose_window", press("1"))
        .after("repeat_case_number", press("#"))
    )


SCRIPTS: dict[str, Callable[[Path], Caller]] = {
    "keys": _by_keys,
    "voice": _by_voice,
    "teller": _tells_whenever_asked,
    "leaver": _leaves_after_the_story,
    "cut_short": _leaves_within_the_story,
    "silent": _says_nothing,
}

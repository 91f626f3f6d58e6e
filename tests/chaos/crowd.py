"""Many callers at once, of mixed kinds: by voice, by keys, hanging up in the middle of a story, silent."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.calls.people import REMEDY, STORY
from voicebot.simulator.caller import Caller, TroubleStream, hang_up, press, rest, speak
from voicebot.simulator.carrier import PretendCarrier
from voicebot.simulator.line import LineCall

TIRED_AFTER_S = 45.0
"""A caller who hears nothing for so long puts the phone down."""
KINDS = ("keys", "voice", "keys", "leaver", "silent", "keys", "cut_short")


@dataclass(frozen=True, slots=True)
class Guest:
    """One caller."""

    kind: str
    number: str
    call: LineCall


@dataclass(slots=True)
class Crowd:
    """Who rang in one run."""

    carrier: PretendCarrier
    speech_dir: Path
    random: Random
    guests: list[Guest]
    _numbers: Iterator[int]

    def ring(self, kind: str, *, trouble: TroubleStream | None = None, at_s: float = 0.0) -> Guest:
        """Let somebody of this kind ring from a number of their own, perhaps with a troubled line."""
        caller = SCRIPTS[kind](self.speech_dir).when_nothing_matches(hang_up(), after_s=TIRED_AFTER_S)
        if trouble is not None:
            caller = caller.at(at_s, trouble)
        number = f"+1202555{next(self._numbers):04d}"
        guest = Guest(kind, number, self.carrier.ring(number, caller))
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


def a_crowd(carrier: PretendCarrier, speech_dir: Path, seed: int) -> Crowd:
    """Return a crowd of which nobody has rung yet."""
    return Crowd(carrier, speech_dir, Random(seed), [], itertools.count(200))


def _by_keys(speech_dir: Path) -> Caller:
    return _answers_the_rest(Caller().after("ask_story", press("#")).after("ask_remedy", press("#")))


def _by_voice(speech_dir: Path) -> Caller:
    story, remedy = speak(speech_dir / STORY), speak(speech_dir / REMEDY)
    caller = Caller().after("ask_story", story, rest(0.5), press("#"))
    return _answers_the_rest(caller.after("ask_remedy", remedy, rest(0.5), press("#")), speech_dir)


def _leaves_after_the_story(speech_dir: Path) -> Caller:
    story = speak(speech_dir / STORY)
    return _answers_the_rest(Caller().after("ask_story", story, rest(0.3), hang_up()), speech_dir)


def _leaves_within_the_story(speech_dir: Path) -> Caller:
    return (
        _answers_the_rest(Caller(), speech_dir)
        .after("ask_story", speak(speech_dir / STORY))
        .after("ask_story", rest(6.0), hang_up())
    )


def _says_nothing(speech_dir: Path) -> Caller:
    return Caller()


def _answers_the_rest(caller: Caller, speech_dir: Path | None = None) -> Caller:
    message = (press("#"),) if speech_dir is None else (speak(speech_dir / STORY), rest(0.3), press("#"))
    return (
        caller.after("static_fallback", *message)
        .after("confirm_number", press("1"))
        .after("announce_text", press("1"))
        .after("offer_window", press("1"))
        .after("repeat_case_number", press("#"))
    )


SCRIPTS: dict[str, Callable[[Path], Caller]] = {
    "keys": _by_keys,
    "voice": _by_voice,
    "leaver": _leaves_after_the_story,
    "cut_short": _leaves_within_the_story,
    "silent": _says_nothing,
}

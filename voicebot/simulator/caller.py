"""A scripted person, with what they do when they hear which prompt.

A `Caller` is only the script, while `person.py` lives through it, so one script serves many calls. Prompts are known by
their keys. The mark that follows a clip on the stream is named `<turn>:<key>`, and the URL of a `<Play>` carries
`?prompt=<key>`. Words of a `<Say>` are heard as the prompt `say`.

    Caller().after("ask_story", speak("story.wav"), press("#")).during("say_recording_notice", 1.0, press("8"))

Knows: prompt keys and sounds. Must not know: how they travel.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from voicebot.simulator import sound


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a clip, in mu-law 8 kHz."""

    audio: bytes
    label: str = "speech"


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys one after another."""

    keys: str
    gap_s: float = 0.2


@dataclass(frozen=True, slots=True)
class Rest:
    """Do nothing for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the phone down."""


class StreamTrouble(StrEnum):
    """What networks do to a media stream."""

    CUT = "cut"
    """The connection ends without a close frame (FIN)."""
    RESET = "reset"
    """It is reset (RST), so what was under way is gone."""
    HALF_FRAME = "half_frame"
    """It ends in the middle of a frame."""
    VANISHED = "vanished"
    """Nothing passes either way for some seconds, then it is reset."""
    STALLED = "stalled"
    """Nothing passes either way for some seconds, then all of it at once."""
    DEAF = "deaf"
    """For some seconds the carrier sends, but reads nothing."""


@dataclass(frozen=True, slots=True)
class TroubleStream:
    """Not the person's doing, when the network troubles the media stream."""

    kind: StreamTrouble
    seconds: float = 0.0


Action = Speak | Press | Rest | HangUp | TroubleStream


def speak(source: str | Path | bytes) -> Speak:
    """Make a saying of a WAV file, by path or content. Raises: ValueError unless it is 8 kHz mono."""
    label = "speech" if isinstance(source, bytes) else Path(source).stem
    return Speak(sound.load(source), label)


def press(keys: str, gap_s: float = 0.2) -> Press:
    """Press keys 0-9, * and #, `gap_s` seconds apart. Raises: ValueError for any other key."""
    if not keys or set(keys) - set("0123456789*#"):
        raise ValueError("a telephone has only the keys 0-9, * and #")
    return Press(keys, gap_s)


def rest(seconds: float) -> Rest:
    """Do nothing for some seconds."""
    return Rest(seconds)


def say_nothing() -> Rest:
    """Stay silent, which is written down so that `when_nothing_matches` does not apply."""
    return Rest(0.0)


def hang_up() -> HangUp:
    """Put the phone down."""
    return HangUp()


def drop_stream() -> TroubleStream:
    """Let the network lose the media stream abruptly."""
    return TroubleStream(StreamTrouble.CUT)


def trouble_stream(kind: StreamTrouble, seconds: float = 0.0) -> TroubleStream:
    """Let the network trouble the media stream, for so many seconds where the kind lasts."""
    return TroubleStream(kind, seconds)


@dataclass(frozen=True, slots=True)
class Reaction:
    """One line of a script."""

    key: str
    actions: tuple[Action, ...]
    offset_s: float | None
    """None means after the prompt's end, otherwise seconds after its beginning."""
    nth: int | None
    """Only at the nth hearing of the prompt, counted from 1. None means at each hearing without a line of its own."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What happens at a second of the call, whatever is heard."""

    at_s: float
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What happens when the person has had nothing to do for a while."""

    after_s: float
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """The script of one person, where every method returns a longer script and changes nothing."""

    reactions: tuple[Reaction, ...] = ()
    timed: tuple[Timed, ...] = ()
    otherwise: Otherwise | None = None
    reaction_s: float = 0.3
    """Seconds from a prompt's end to the first thing done."""
    waits_for_tone: bool = True
    """Holds what is to be said until somebody listens, that is a stream is open, or a recording has begun."""

    def after(self, key: str, *actions: Action, nth: int | None = None) -> "Caller":
        """Add what is done when the prompt has been heard to its end."""
        return replace(self, reactions=(*self.reactions, Reaction(key, actions, None, nth)))

    def during(self, key: str, offset_s: float, *actions: Action, nth: int | None = None) -> "Caller":
        """Add what is done `offset_s` seconds into the prompt."""
        return replace(self, reactions=(*self.reactions, Reaction(key, actions, offset_s, nth)))

    def at(self, at_s: float, *actions: Action) -> "Caller":
        """Add what is done at that second of the call."""
        return replace(self, timed=(*self.timed, Timed(at_s, actions)))

    def when_nothing_matches(self, *actions: Action, after_s: float = 10.0) -> "Caller":
        """Set what is done when nothing was played, said or keyed for `after_s` seconds, and again each time."""
        return replace(self, otherwise=Otherwise(after_s, actions))

"""What a caller said into an open ear, and whether it is kept: sample by sample, not by what was understood of it.

The voice goes through the house unchanged, so a second of a caller's track is found again in the stored answers byte
for byte. Looked for is each whole second of speech that was carried on a media stream after consent, and each
recording that the carrier made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voicebot.simulator import sound
from voicebot.simulator.line import Happening, LineCall

PIECE_S = 1.0
_PIECE_BYTES = round(PIECE_S * sound.RATE_HZ)
LISTENED = frozenset({"ask_story", "ask_remedy"})
"""Prompts whose answers are kept."""


@dataclass(frozen=True, slots=True)
class Ear:
    """A stretch of line time, in seconds, in which the hotline could hear."""

    from_s: float
    until_s: float


def pieces_said(call: LineCall, *, allowance_s: float, vanished_at_s: float | None = None) -> list[bytes]:
    """Return each second of speech that a stream carried; what came in the allowance before its end is left out.

    A stream that vanished carried nothing from then on.
    """
    track = bytes(call.caller_track)
    heard = ears(call, allowance_s, vanished_at_s)
    return [piece for ear in heard for piece in _pieces(track, ear) if _is_speech(piece)]


def ears(call: LineCall, allowance_s: float, vanished_at_s: float | None) -> Iterator[Ear]:
    """Yield when a kept question was asked on an open stream and not answered yet."""
    opened = asked = None
    for event in call.transcript:
        match event.kind:
            case Happening.STREAM_OPENED:
                opened = event.at_s
            case Happening.PROMPT_ENDED if event.detail in LISTENED:
                asked = event.at_s
            case Happening.PROMPT_STARTED | Happening.STREAM_CLOSED | Happening.ENDED:
                is_soft = event.kind is Happening.PROMPT_STARTED and event.detail in {"wait_story", "warn_story_limit"}
                if opened is not None and asked is not None and not is_soft:
                    has_vanished = vanished_at_s is not None and opened <= vanished_at_s < event.at_s
                    yield Ear(max(opened, asked), vanished_at_s if has_vanished else event.at_s - allowance_s)
                    asked = None
                if event.kind is Happening.STREAM_CLOSED:
                    opened = None


def is_kept(piece: bytes, stored: Iterable[bytes]) -> bool:
    """Tell whether a piece is in one of the stored voices (mu-law; its two zeros are one)."""
    wanted = _plain(piece)
    return any(wanted in _plain(voice) for voice in stored)


def _pieces(track: bytes, ear: Ear) -> Iterator[bytes]:
    at, end = _at(ear.from_s), _at(ear.until_s)
    while at + _PIECE_BYTES <= end:
        yield track[at : at + _PIECE_BYTES]
        at += _PIECE_BYTES


def _at(second: float) -> int:
    return round(second / sound.TICK_S) * sound.TICK_BYTES


def _is_speech(piece: bytes) -> bool:
    ticks = [piece[at : at + sound.TICK_BYTES] for at in range(0, len(piece), sound.TICK_BYTES)]
    return sum(map(sound.is_voice, ticks)) > len(ticks) // 2


def _plain(mulaw: bytes) -> bytes:
    return mulaw.replace(b"\x7f", b"\xff")

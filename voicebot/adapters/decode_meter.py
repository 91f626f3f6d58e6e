"""Recognisers that count what they cost. They count seconds of audio taken, and seconds of decoding it took.

Decoding is timed by the wall, not by the processor, because a machine with too many callers decodes late, and that is
what callers feel. A ratio that stays below one keeps up with speech. Silence that the gate holds back is not counted.
Knows: the port `Recognisers`, prometheus. Must not know: which engine it is.
"""

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from prometheus_client import Counter, Histogram

from voicebot.domain.utterance import Hypothesis
from voicebot.service.ports import Places, Recogniser, Recognisers, Seat

BYTES_A_SECOND = 16_000
"""16-bit PCM at 8 kHz."""
LEAST_AUDIO_S = 0.5
"""A shorter answer says nothing about speed."""

AUDIO_SECONDS = Counter("voicebot_decoded_audio_seconds_total", "Seconds of callers' audio given to recognisers")
DECODE_SECONDS = Counter("voicebot_decode_seconds_total", "Seconds that recognisers took for it, by the wall clock")
DECODE_RATIO = Histogram(
    "voicebot_decode_ratio",
    "Seconds of decoding per second of audio, one value for each answer; above 1 it falls behind speech",
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 3),
)

Heard = TypeVar("Heard")


class MeteredRecognisers:
    """Fulfils `service.ports.Recognisers` by another one, and counts."""

    def __init__(self, inner: Recognisers) -> None:
        self._inner = inner

    def reserve(self, seat: Seat) -> bool:
        """Take one place for a call, or False when this caller gets none."""
        return self._inner.reserve(seat)

    def release(self, seat: Seat) -> None:
        """Give the place back."""
        self._inner.release(seat)

    def has_room(self, seat: Seat) -> bool:
        """Whether this caller would find a place now."""
        return self._inner.has_room(seat)

    def places(self) -> Places | None:
        """Return places taken and allowed."""
        return self._inner.places()

    def supports(self, locale: str) -> bool:
        """Whether there is a model for the locale's language."""
        return self._inner.supports(locale)

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> "MeteredRecogniser":
        """Make the recogniser of one prompt. Raises: Unavailable."""
        return MeteredRecogniser(self._inner.make(locale, grammar, alternatives=alternatives))


class MeteredRecogniser:
    """One prompt's recogniser with a stop-watch."""

    def __init__(self, inner: Recogniser) -> None:
        self._inner = inner
        self._audio_s = 0.0
        self._decode_s = 0.0

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Take 16-bit PCM at 8 kHz, and return a final segment when one just ended. Raises: Unavailable."""
        self._audio_s += len(pcm) / BYTES_A_SECOND
        AUDIO_SECONDS.inc(len(pcm) / BYTES_A_SECOND)
        return self._timed(lambda: self._inner.accept(pcm))

    def partial(self) -> str:
        """Return the words guessed since the last segment."""
        return self._inner.partial()

    def settle(self) -> Hypothesis:
        """End the segment here and return it. Raises: Unavailable."""
        return self._timed(self._inner.settle)

    def finish(self) -> Hypothesis:
        """Flush and return the last segment. Raises: Unavailable."""
        last = self._timed(self._inner.finish)
        if self._audio_s >= LEAST_AUDIO_S:
            DECODE_RATIO.observe(self._decode_s / self._audio_s)
        return last

    def _timed(self, hear: Callable[[], Heard]) -> Heard:
        began = perf_counter()
        try:
            return hear()
        finally:
            took = perf_counter() - began
            self._decode_s += took
            DECODE_SECONDS.inc(took)

"""A telephone that a living person holds, instead of a script, as a line lives with it (`person.Lives`).

Sound comes in from outside, in pieces of any size and rather unevenly, and goes out in ticks of 20 ms. Two ticks are
gathered before anything is said, so that a small pause of the sender makes no hole. What piles up beyond half a
second is dropped, oldest first, because a conversation that lags is worse than a lost word. Recorded clips may be
said with the same phone, and the microphone is not heard while one is.
Keys, and putting the phone down, go by `LineCall.press` and `.hang_up`.
Knows: sound, the line's quality. Must not know: where the sound comes from.
"""

from collections import deque

from voicebot.simulator.bad_line import BadLine, LineQuality
from voicebot.simulator.person import Moment
from voicebot.simulator.sound import SILENCE, SILENT_TICK, TICK_BYTES

_GATHERED = 2
_MOST_WAITING = 25


class Handset:
    """One person's phone in one call. Sound is put in by one thread and taken out by the line's."""

    def __init__(self, quality: LineQuality | None = None) -> None:
        self._ticks: deque[bytes] = deque()
        self._rest = b""
        self._is_playing = False
        self._clips: deque[bytes] = deque()
        self._clip = b""
        self.set_quality(quality or LineQuality())

    def set_quality(self, quality: LineQuality) -> None:
        """Make the line better or worse from now on, also in the middle of a call."""
        self._line = BadLine(quality)

    def put_audio(self, mulaw: bytes) -> None:
        """Say this, mu-law 8 kHz of any length."""
        whole = self._rest + mulaw
        end = len(whole) // TICK_BYTES * TICK_BYTES
        self._rest = whole[end:]
        self._ticks.extend(whole[at : at + TICK_BYTES] for at in range(0, end, TICK_BYTES))
        while len(self._ticks) > _MOST_WAITING:
            self._ticks.popleft()

    def say_clip(self, mulaw: bytes) -> None:
        """Say a whole recording as soon as somebody listens, behind those that wait already."""
        self._clips.append(mulaw)

    def hears_start(self, key: str, at_s: float) -> None:
        """Notice nothing, since the person listens."""

    def hears_end(self, key: str, at_s: float) -> None:
        """Notice nothing."""

    def hears_cut(self, at_s: float) -> None:
        """Notice nothing."""

    def step(self, at_s: float, *, may_speak: bool) -> Moment:
        """Return what came in for the 20 ms that begin at this second of the call, silence where nothing did."""
        spoken = self._next_spoken()
        said = self._next_of_clip(may_speak=may_speak)
        return Moment(audio=self._line.carry(said or spoken or SILENT_TICK))

    def _next_of_clip(self, *, may_speak: bool) -> bytes:
        if not self._clip and self._clips and may_speak:
            self._clip = self._clips.popleft()
        piece, self._clip = self._clip[:TICK_BYTES], self._clip[TICK_BYTES:]
        return piece.ljust(TICK_BYTES, SILENCE) if piece else b""

    def _next_spoken(self) -> bytes:
        if not self._is_playing and len(self._ticks) < _GATHERED:
            return b""
        self._is_playing = bool(self._ticks)
        return self._ticks.popleft() if self._ticks else b""

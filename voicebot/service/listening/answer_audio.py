"""An answer's voice on its way to the spool, and where it begins on the line.

Storing begins with the first sound after the wait began, or with the end of the question, whichever comes
first, and reaches half a second back, but never to before the wait, since the wait before it may have been one
that must not be stored. From then on audio is stored as it arrives (arrivals.py), which may be long before it is heard.
At the end of the wait what came and was not heard is cut off again, because it belongs to the next.
Knows: bytes of one wait, the port `Spool`. Must not know: consent, recognisers.
"""

from collections import deque
from collections.abc import Callable

from voicebot.domain.utterance import Utterance
from voicebot.errors import Unavailable
from voicebot.service.listening.arrivals import Arrivals
from voicebot.service.ports import Spool
from voicebot.speech.audio import RATE_HZ
from voicebot.speech.transcript import Transcript

PRE_ROLL_S = 0.5


class AnswerAudio:
    """The stored audio of one wait."""

    def __init__(self, spool: Spool, name: str, arrivals: Arrivals | None = None) -> None:
        self.name = name
        self._spool = spool
        self._arrivals = arrivals or Arrivals()
        self._pre_roll: deque[bytes] = deque()
        self._pre_roll_bytes = 0
        self._is_storing = False
        self._written = 0
        """Bytes in the file. They may be ahead of what was heard."""
        self._stored = 0
        """Bytes of these that were heard."""
        self._refusal: Unavailable | None = None
        """Why nothing more could be written ahead."""
        self._skipped = 0

    @property
    def starts_at(self) -> float:
        """Where its first byte lies, in seconds of audio since the wait began."""
        return self._skipped / RATE_HZ

    @property
    def duration_s(self) -> float:
        """Seconds stored."""
        return self._stored / RATE_HZ

    def start(self) -> None:
        """Store from now on, and the pre-roll."""
        if not self._is_storing:
            self._is_storing = True
            self._append(b"".join(self._pre_roll))
            self._pre_roll.clear()
            self._arrivals.follow(self._write_ahead)

    def take(self, mulaw: bytes, *, has_sound: bool = False) -> None:
        """Take the next audio of the wait. The first sound begins the storing."""
        if self._is_storing:
            self._append(mulaw)
            return
        self._pre_roll.append(mulaw)
        self._pre_roll_bytes += len(mulaw)
        while self._pre_roll_bytes - len(self._pre_roll[0]) >= PRE_ROLL_S * RATE_HZ:
            gone = len(self._pre_roll.popleft())
            self._pre_roll_bytes -= gone
            self._skipped += gone
        if has_sound:
            self.start()

    def end(self) -> None:
        """Cut off what came and was not heard. Raises: Unavailable when the disk refuses."""
        self._arrivals.stop()
        ahead, self._written = self._written - self._stored, self._stored
        if ahead:
            self._spool.cut(self.name, ahead)

    def discard(self) -> None:
        """Delete what was stored. Nothing was said."""
        self._arrivals.stop()
        if self._written:
            self._spool.delete(self.name)
            self._written = self._stored = 0

    def _append(self, mulaw: bytes) -> None:
        if self._stored + len(mulaw) > self._written:
            if self._refusal is not None:
                raise self._refusal
            self._write(mulaw)
        self._stored += len(mulaw)

    def _write_ahead(self, mulaw: bytes) -> bool:
        """Write what nobody has heard yet. A refusal is told where it would be heard, so that all before it counts."""
        try:
            self._write(mulaw)
        except Unavailable as refusal:
            self._refusal = refusal
        return self._refusal is None

    def _write(self, mulaw: bytes) -> None:
        self._spool.append(self.name, mulaw)
        self._written += len(mulaw)


def utterance_of(transcript: Transcript, audio: AnswerAudio | None, *, heard_at: Callable[[float], float]) -> Utterance:
    """Return what was said with its place in the stored audio, if any was stored."""
    if audio is None or not audio.duration_s:
        return transcript.utterance(heard_at=heard_at)
    return transcript.utterance(
        heard_at=heard_at, audio_starts_at=audio.starts_at, duration_s=audio.duration_s, spool_name=audio.name
    )

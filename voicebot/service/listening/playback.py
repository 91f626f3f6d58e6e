"""The prompts under way on a stream. They tell what was sent, what came back and what was cut.

A prompt has been heard when its mark comes back *before* we cleared, because after `clear` the carrier returns the
remaining marks all the same (twilio.md 1.2). A mark that never comes back counts as returned, but not as heard, some
time after the prompt must have ended.
Knows: clips, marks, stream time. Must not know: why a prompt is played or stopped.
"""

from voicebot.speech.audio import duration_s
from voicebot.telephony.media_stream import SendAudio, SendClear, SendMark, StreamCommand

MARK_MARGIN_S = 3.0
"""A mark may be so late (network, buffers, the deaf first second of a stream) before it counts as lost."""


class Playback:
    """Prompts of one wait, in the order in which they are heard."""

    def __init__(self) -> None:
        self._pending: list[str] = []
        self._ends_at = 0.0
        self._is_uncut = True

    def play(self, mark: str, audio: bytes, *, at_s: float) -> tuple[StreamCommand, ...]:
        """Send a prompt behind those under way, with its mark."""
        self._pending.append(mark)
        self._ends_at = max(self._ends_at, at_s) + duration_s(audio)
        sound = (SendAudio(audio),) if audio else ()
        return (*sound, SendMark(mark))

    @property
    def is_playing(self) -> bool:
        """Whether something sent has not been heard to its end, as far as we know."""
        return bool(self._pending)

    @property
    def is_uncut(self) -> bool:
        """Whether every mark came back by itself, which is the evidence that all was heard."""
        return self._is_uncut and not self._pending

    def mark_returned(self, mark: str) -> None:
        """Take a mark. Those that we do not wait for (an earlier wait's, or cleared) change nothing."""
        if mark in self._pending:
            del self._pending[: self._pending.index(mark) + 1]

    def give_up_on_marks(self, now_s: float, *, margin_s: float = MARK_MARGIN_S) -> None:
        """Stop waiting for marks that must have been lost on the way."""
        if self._pending and now_s >= self._ends_at + margin_s:
            self._pending.clear()
            self._is_uncut = False

    def stop(self) -> tuple[StreamCommand, ...]:
        """Cut what is under way, if anything is."""
        if not self._pending:
            return ()
        self._pending.clear()
        self._ends_at = 0.0
        self._is_uncut = False
        return (SendClear(),)

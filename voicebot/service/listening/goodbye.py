"""The last words of a call. They are played to their end, then the stream is closed and the verb after it hangs up.

Knows: playback. Must not know: recognisers. Nothing is heard any more.
"""

from voicebot.domain.utterance import Utterance
from voicebot.errors import SettingFault
from voicebot.flow.instructions import HangUp
from voicebot.service.listening.outcome import ListeningContext, Outcome
from voicebot.service.listening.playback import Playback
from voicebot.telephony.media_stream import CloseStream, StreamCommand

LOST_MARK_S = 20.0
"""The stream stays open so long for a mark. Frames that come in a lump after a stall make stream time run ahead of what
the caller hears, by the stall and once more for each (a silence of five seconds ends the socket). Nothing is lost
by waiting, for a caller who has heard the goodbye hangs up."""


class Goodbye:
    """One `HangUp` on a stream."""

    def __init__(self, hang_up: HangUp, turn_number: int, context: ListeningContext) -> None:
        self._hang_up = hang_up
        self._turn = turn_number
        self._context = context
        self._playback = Playback()
        self.is_over = False

    def begin(self, now_s: float) -> tuple[StreamCommand, ...]:
        """Return the last prompts. Without any (or without their clips) the stream closes at once."""
        commands: tuple[StreamCommand, ...] = ()
        try:
            for prompt in self._hang_up.prompts:
                audio = self._context.prompts.audio(prompt)
                commands += self._playback.play(f"{self._turn}:{prompt.key}", audio, at_s=now_s)
                self._context.observer.said(self._context.call_id, prompt.text)
        except SettingFault:
            return (*commands, *self._closing())
        return commands if self._playback.is_playing else self._closing()

    def hear(self, mulaw: bytes, now_s: float) -> Outcome:
        """Let time pass. What is said after goodbye is not heard."""
        self._playback.give_up_on_marks(now_s, margin_s=LOST_MARK_S)
        return self._close_when_said()

    def press(self, key: str, now_s: float) -> Outcome:
        """Ignore the key, since nothing is asked any more."""
        return Outcome()

    def mark_returned(self, mark: str, now_s: float) -> Outcome:
        """Take a mark. The last one closes the stream."""
        self._playback.mark_returned(mark)
        return self._close_when_said()

    def said_so_far(self) -> Utterance | None:
        """Return None, since nothing is heard any more."""
        return None

    def release(self) -> None:
        """Hold nothing."""

    def _close_when_said(self) -> Outcome:
        if self._playback.is_playing or self.is_over:
            return Outcome()
        return Outcome(self._closing())

    def _closing(self) -> tuple[StreamCommand, ...]:
        self.is_over = True
        return (CloseStream(),)

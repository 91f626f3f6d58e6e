"""One answer being heard: the call's gate, a recogniser made for this question, and the words so far.

Knows: ports and speech parts. Must not know: prompts, keys, what ends the answer.
"""

from voicebot.domain.utterance import Hypothesis
from voicebot.errors import Unavailable
from voicebot.flow.instructions import Speech
from voicebot.service.ports import Recogniser
from voicebot.speech.audio import Samples, pcm_bytes
from voicebot.speech.energy_gate import EnergyGate
from voicebot.speech.transcript import Transcript

_SPOKEN_S = 0.3
"""Sound of at least so long makes noises outside a grammar an attempt to answer; less is a click or a breath."""
_TALK_S = 0.9
"""So much sound within the last 1.2 s is somebody talking, understood or not; a cough is half of it."""


class Ear:
    """Hears one answer. Raises (every method that takes audio): Unavailable when the recogniser fails."""

    def __init__(self, recogniser: Recogniser, *, gate: EnergyGate, speech: Speech) -> None:
        self.transcript = Transcript()
        self._recogniser: Recogniser | None = recogniser
        self._gate = gate
        self.is_open = speech.grammar is None
        """Whether any words may be said, and not only those of a grammar."""
        self._commands = frozenset(speech.commands)
        self._text = ""
        """The words so far, put together only when one changed: fifty frames a second ask for them."""
        self._guessed = ""
        self._known = ""
        self._is_unsettled = False
        self.has_command = False
        """Whether a whole segment was one of the commands."""

    def hear(self, samples: Samples) -> bool:
        """Take what the gate let through; return whether the words changed.

        When the gate has closed the segment is settled: the recogniser would only do so after more silence,
        which it does not get, and a command counts only as a whole segment.
        """
        if self._recogniser is None:
            return False
        if len(samples):
            self._accept(self._recogniser, samples)
        elif self._is_unsettled and not self._gate.is_open:
            self._is_unsettled = False
            self._take(self._recogniser.settle())
        return self._has_changed()

    def _accept(self, recogniser: Recogniser, samples: Samples) -> None:
        self._is_unsettled = True
        segment = recogniser.accept(pcm_bytes(samples))
        if segment is not None:
            self._take(segment)
        self._guess(recogniser.partial())

    def finish(self) -> None:
        """Flush the recogniser and let it go; words that were still moving settle."""
        if self._recogniser is None:
            return
        recogniser, self._recogniser = self._recogniser, None
        self._take(recogniser.finish())

    def try_to_finish(self) -> None:
        """Finish, and when the recogniser fails keep the words that had settled."""
        try:
            self.finish()
        except Unavailable:
            self._guess("")

    def let_go(self) -> None:
        """Drop the recogniser without asking it for anything more: its memory is worth 53 MB."""
        self._recogniser = None

    @property
    def is_understood(self) -> bool:
        """Whether any word is part of an answer."""
        return bool(self._text)

    @property
    def is_caller_talking(self) -> bool:
        """Whether this is speech to stop a prompt for: words, or sound too steady for a cough.

        One word of free speech is what a recogniser also hears in a cough, so it takes two, or a command; in
        a closed answer one is enough.
        """
        words = len(self._text.split())
        return words >= (2 if self.is_open else 1) or self.has_command or self._gate.recent_sound_s >= _TALK_S

    def _take(self, segment: Hypothesis) -> None:
        self.transcript.add(segment)
        self._guessed = ""
        self._text = self.transcript.text
        self.has_command = self.has_command or segment.text in self._commands

    def _guess(self, words: str) -> None:
        if words != self._guessed:
            self._guessed = words
            self.transcript.guess(words)
            self._text = self.transcript.text

    def _has_changed(self) -> bool:
        heard = self._text
        if not heard and self._gate.recent_sound_s >= _SPOKEN_S:
            heard = self.transcript.raw_text
        if heard == self._known:
            return False
        self._known = heard
        return bool(heard)

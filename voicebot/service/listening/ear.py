"""One answer being heard. It has the call's gate, a recogniser made for this question, and the words so far.

Knows: ports and speech parts. Must not know: prompts, keys, what ends the answer.
"""

from typing import Protocol

from voicebot.domain.utterance import Hypothesis
from voicebot.errors import Unavailable
from voicebot.flow.grammar import says_only, says_within
from voicebot.flow.instructions import Speech
from voicebot.service.ports import Recogniser
from voicebot.speech.audio import Samples, pcm_bytes
from voicebot.speech.energy_gate import EnergyGate
from voicebot.speech.transcript import UNKNOWN, Transcript

_SPOKEN_S = 0.3
"""Sound of at least so long makes noises outside a grammar an attempt to answer. Less is a click or a breath."""
_SOME_VOICE_S = 0.5
"""So much sound may be a voice, though no word of it was recognised, so its audio is kept. A cough has 0.4."""
_HEARD_OUT_S = 2.5
"""A command that began before an announcement ended is over by then."""
_SAID_ALL_S = 1.2
"""So much silence after "that is everything" shows that nothing follows."""
FIRST_SOUND_S = 0.1
"""So much sound as loud as the caller is the caller. Less is a peak of something softer."""
_TALK_S = 0.9
"""So much sound within the last 1.2 s is somebody talking, understood or not. A cough is half of it."""


ALTERNATIVES = 20
"""So many guesses at a number are kept of each segment."""

Grammar = tuple[str, ...] | None
"""The phrases that a recogniser may hear. None means any words."""


class MakeRecogniser(Protocol):
    """Makes a recogniser for the caller's language, which tells so many alternatives."""

    def __call__(self, grammar: Grammar, *, alternatives: int = 0) -> Recogniser: ...


class Ear:
    """Hears one answer. Raises (every method that takes audio): Unavailable when the recogniser fails."""

    def __init__(self, make: MakeRecogniser, *, gate: EnergyGate, speech: Speech) -> None:
        self.transcript = Transcript()
        self._make = make
        self._recogniser: Recogniser | None = make(speech.grammar, alternatives=ALTERNATIVES if speech.is_number else 0)
        self._gate = gate
        self.is_open = speech.grammar is None
        """Whether any words may be said, and not only those of a grammar."""
        self._speech = speech
        self._commands = frozenset(speech.commands)
        self._heard = bytearray()
        """What a second recogniser may be asked about."""
        self._text = ""
        """The words so far, put together only when one changed, because fifty frames a second ask for them."""
        self._guessed = ""
        self._known = ""
        self._is_unsettled = False
        self._segment_from_s = 0.0
        """When this segment began, as the gate counts."""
        self._caller_s_before = 0.0
        """Seconds of the caller's sound before this segment."""
        self.has_command = False
        """Whether a whole segment was one of the commands."""
        self._last_segment = ""
        self._heard_out_from: float | None = None
        self._since_pause: list[str] | None = None
        """What was said since the pause prompt. None before it."""

    def hear(self, samples: Samples) -> bool:
        """Take what the gate let through, and return whether the words changed.

        When the gate has closed the segment is settled, because the recogniser would only do so after more silence,
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
        pcm = pcm_bytes(samples)
        if self._speech.second_grammar is not None:
            self._heard += pcm
        segment = recogniser.accept(pcm)
        if segment is not None:
            self._take(segment)
        self._guess(recogniser.partial())

    def finish(self) -> None:
        """Flush the recogniser and let it go. Words that were still moving settle."""
        if self._recogniser is None:
            return
        recogniser, self._recogniser = self._recogniser, None
        self._take(recogniser.finish())

    def hear_again(self) -> None:
        """Put the whole answer to the second grammar, if the first one heard too little of it."""
        grammar = self._speech.second_grammar
        if grammar is not None and self._heard and len(self._text.split()) < self._speech.enough_words:
            self.transcript.second_text = _heard_by(self._make(grammar), bytes(self._heard))

    def try_to_finish(self) -> None:
        """Finish, and when the recogniser fails keep the words that had settled."""
        try:
            self.finish()
        except Unavailable:
            self._guess("")

    def release(self) -> None:
        """Drop the recogniser without asking it for anything more, since its memory is worth 53 MB."""
        self._recogniser = None

    @property
    def is_understood(self) -> bool:
        """Whether any word is part of an answer."""
        return bool(self._text)

    @property
    def words(self) -> int:
        """How many words are part of an answer."""
        return len(self._text.split())

    def asked_in_pause(self) -> None:
        """The caller has been asked, in a pause, whether there is more."""
        self._since_pause = []

    @property
    def is_finished(self) -> bool:
        """Whether the last thing said, alone between two pauses, was that this is all."""
        if self._guessed or self._is_unsettled or (self._gate.quiet_s or 0.0) < _SAID_ALL_S:
            return False
        said = None if self._since_pause is None else " ".join(self._since_pause)
        return self._is_only(self._last_segment, self._speech.endings) or (
            said is not None and self._is_only(said, (*self._speech.pause_endings, *self._speech.endings))
        )

    def _is_only(self, text: str, phrases: tuple[str, ...]) -> bool:
        return bool(text) and says_only(text, phrases, around=self._speech.around)

    def is_command_beginning(self, now_s: float) -> bool:
        """Whether words are being said that have not settled. Asked again and again, only for a while."""
        if self._guessed in ("", UNKNOWN) or not self._is_unsettled or not self._gate.is_open:
            return False
        self._heard_out_from = now_s if self._heard_out_from is None else self._heard_out_from
        return now_s - self._heard_out_from < _HEARD_OUT_S

    @property
    def has_voice(self) -> bool:
        """Whether somebody seems to have spoken, understood or not."""
        return self.is_understood or self._gate.sound_s >= _SOME_VOICE_S

    @property
    def is_caller_talking(self) -> bool:
        """Whether this is speech to stop a prompt for. That is words, or sound too steady for a cough.

        One word of free speech is what a recogniser also hears in a cough, so it takes two, or a command. In
        a closed answer one is enough.
        """
        if self._gate.recent_caller_s < FIRST_SOUND_S:
            return False
        return self.words >= (2 if self.is_open else 1) or self.has_command or self._gate.recent_caller_s >= _TALK_S

    def _take(self, segment: Hypothesis) -> None:
        segment = self._without_bursts(segment) if self.is_open else segment
        self._segment_from_s = self._gate.heard_s
        self.transcript.add(segment)
        self._guessed = ""
        self._text = self.transcript.text
        if segment.text:
            self._last_segment = segment.text
            if self._since_pause is not None:
                self._since_pause.append(segment.text)
        is_callers = self._gate.caller_s - self._caller_s_before >= FIRST_SOUND_S
        self._caller_s_before = self._gate.caller_s
        self.has_command = self.has_command or (is_callers and self._is_command(segment.text))

    def _is_command(self, text: str) -> bool:
        is_whole = text in self._commands
        return is_whole or says_within(text, self._speech.within, not_after=self._speech.not_after)

    def _without_bursts(self, segment: Hypothesis) -> Hypothesis:
        """Leave out words where there was nothing but a knock, because one that may hear any words writes some for
        it.
        """
        at, are_bursts = self._gate.heard_at, self._gate.are_only_bursts
        words = tuple(word for word in segment.words if not are_bursts(at(word.start_s), at(word.end_s)))
        if len(words) == len(segment.words):
            return segment
        return segment.model_copy(update={"words": words, "text": " ".join(word.text for word in words)})

    def _guess(self, words: str) -> None:
        if self.is_open and self._gate.are_only_bursts(self._segment_from_s, self._gate.heard_s):
            words = ""
        if words != self._guessed:
            self._guessed = words
            self.transcript.guess(words)
            self._text = self.transcript.text

    def _has_changed(self) -> bool:
        heard = self._text
        if not heard and self._gate.recent_caller_s >= _SPOKEN_S:
            heard = self.transcript.raw_text
        if heard == self._known:
            return False
        self._known = heard
        return bool(heard)


def _heard_by(recogniser: Recogniser, pcm: bytes) -> str:
    """Return what a recogniser hears in the whole of an answer, `[unk]` for what it does not know."""
    first = recogniser.accept(pcm)
    parts = (first, recogniser.finish())
    return " ".join(part.text for part in parts if part is not None and part.text)

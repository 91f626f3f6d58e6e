"""A number of which one part is said and another keyed.

A key silences the recogniser. What was said before the first key is kept, and whoever goes on in words behind a key is
heard by another ear, once the key's own tone is over.
Knows: ears, stream time. Must not know: keys' meanings, what ends a wait.
"""

from voicebot.domain.utterance import HeardNumber
from voicebot.flow.instructions import Listen
from voicebot.flow.spoken import language_of
from voicebot.flow.spoken_number import numbers_in
from voicebot.service.listening.ear import Ear

TONE_OVER_S = 0.4
"""So long after a key its own tone may still be on the line."""
_GOES_ON_WORDS = 2
"""A single word behind a key is what its tone may sound like."""


class NumberParts:
    """The parts of the number that a wait asks for, if it asks for one."""

    def __init__(self, listen: Listen, locale: str) -> None:
        self._is_number = listen.speech is not None and listen.speech.is_number
        self._locale = locale
        self.begun: Ear | None = None
        """What heard the number before its first key."""
        self._tone_over_s = 0.0

    def hush(self, ear: Ear | None, now_s: float) -> Ear | None:
        """Take note of a key, and return the ear to hear on with, which within a number is none yet."""
        if ear is not None:
            ear.try_to_finish()
        if not self._is_number:
            return ear
        self.begun = self.begun or ear
        self._tone_over_s = now_s + TONE_OVER_S
        return None

    def wants_ear(self, ear: Ear | None, now_s: float) -> bool:
        """Whether what sounds now is somebody who may go on in words."""
        return self.begun is not None and ear is None and now_s >= self._tone_over_s

    def goes_on(self, ear: Ear | None) -> bool:
        """Whether digits are said behind those that were keyed."""
        return self.begun is not None and ear is not None and ear.words >= _GOES_ON_WORDS

    def said_by(self, ear: Ear) -> tuple[HeardNumber, ...]:
        """Return the numbers that an ear may have heard."""
        return numbers_in(ear.transcript.alternatives, language_of(self._locale)) if self._is_number else ()

    def said_after(self, ear: Ear | None) -> tuple[HeardNumber, ...]:
        """Return what may have been said behind the keys."""
        if self.begun is None or ear is None:
            return ()
        ear.try_to_finish()
        return self.said_by(ear)

    def release(self) -> None:
        """Drop the recogniser of what was said first."""
        if self.begun is not None:
            self.begun.release()

"""Decides from stream time that an answer never came, paused, came near its limit, or ended.

The limits are VoiceXML's three (timeout, incompletetimeout, maxspeechtimeout) and two of ours. Ours are a pause after
which the caller is told softly that we still listen, and a warning before the limit. The recogniser's own endpoints
only cut segments (speech.md 3).

When speech ended is taken from two witnesses. The hypothesis knows speech, but it lags. The energy on the line is
exact, but knows no words. So an answer ended with the last sound, yet no later than a moment after the last change of
the hypothesis.
Knows: instants in seconds of stream time. Must not know: audio, recognisers, prompts.
"""

from dataclasses import dataclass
from enum import StrEnum

LAG_S = 0.6
"""Sound so long after the last change of the hypothesis may still be the word that changed it, or the next one."""
NOT_UNDERSTOOD_S = 1.0
"""Extra patience after sounds that were no answer ("well …"), because the answer often follows."""
_SOUND_IS_NOW_S = 1.0
_HELD_AT_MOST_S = 3.0
"""A caller who begins to speak as the time runs out is heard, but a noisy line postpones the end only so far."""


class Signal(StrEnum):
    """What became of the answer."""

    NO_INPUT = "no_input"
    PAUSED = "paused"
    """Time for the soft prompt, which is said once for each pause."""
    NEAR_LIMIT = "near_limit"
    """Time for the warning, which is said once."""
    SILENCE = "silence"
    LIMIT = "limit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """All in seconds. None where a limit does not apply."""

    no_input_after_s: float | None
    end_silence_s: float
    pause_after_s: float | None = None
    max_utterance_s: float
    warn_after_s: float | None = None


class Endpointer:
    """One answer. Tell it what happened, then ask `check`. Instants never go backwards."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting_since: float | None = None
        self._first_word_at: float | None = None
        self._changed_at = 0.0
        self._sound_at: float | None = None
        self._is_understood = True
        self._is_pausing = False
        self._pause_over_at: float | None = None
        self._is_warned = False

    @property
    def has_words(self) -> bool:
        """Whether the caller has said something, understood or not."""
        return self._first_word_at is not None

    def prompts_over(self, at_s: float) -> None:
        """The question was asked to its end, or stopped, so from now on silence counts."""
        self._waiting_since = at_s

    def sound(self, at_s: float) -> None:
        """The last sound on the line ended at this instant."""
        self._sound_at = at_s

    def words_changed(self, at_s: float, *, is_understood: bool = True) -> None:
        """The hypothesis changed, and now it holds more than sounds that are no answer, or it does not."""
        if self._first_word_at is None:
            self._first_word_at = at_s
        self._changed_at = at_s
        self._is_understood = is_understood
        self._is_pausing = False
        self._pause_over_at = None

    def pause_prompt_over(self, at_s: float) -> None:
        """The soft prompt ended or was stopped, so the last silence counts from the first time this is said."""
        if self._is_pausing and self._pause_over_at is None:
            self._pause_over_at = at_s

    def check(self, now_s: float) -> Signal | None:
        """Return what has become due at this instant, if anything."""
        if self._first_word_at is None:
            return Signal.NO_INPUT if self._is_no_input(now_s) else None
        spoken_s = now_s - self._first_word_at
        if spoken_s >= self._limits.max_utterance_s:
            return Signal.LIMIT
        if self._is_warning_due(spoken_s):
            self._is_warned = True
            return Signal.NEAR_LIMIT
        return self._silence(now_s) if self._waiting_since is not None else None

    def _is_no_input(self, now_s: float) -> bool:
        if self._waiting_since is None or self._limits.no_input_after_s is None:
            return False
        over_s = now_s - self._waiting_since - self._limits.no_input_after_s
        # Words come late: the decoder works in steps of 200 ms and looks ahead. Who has just begun is not cut off.
        is_sounding = self._sound_at is not None and now_s - self._sound_at < _SOUND_IS_NOW_S
        return over_s >= (_HELD_AT_MOST_S if is_sounding else 0.0)

    def _is_warning_due(self, spoken_s: float) -> bool:
        limit = self._limits.warn_after_s
        return limit is not None and not self._is_warned and spoken_s >= limit

    def _silence(self, now_s: float) -> Signal | None:
        # A story pauses for 2.5 s at the 95th percentile (speech.md 3): it is asked softly before it is ended.
        if self._limits.pause_after_s is None:
            return Signal.SILENCE if now_s - self._speech_ended_at() >= self._patience_s() else None
        if not self._is_pausing and now_s - self._speech_ended_at() >= self._limits.pause_after_s:
            self._is_pausing = True
            return Signal.PAUSED
        is_over = self._pause_over_at is not None and now_s - self._pause_over_at >= self._limits.end_silence_s
        return Signal.SILENCE if is_over else None

    def _speech_ended_at(self) -> float:
        # The earlier of two witnesses: noise cannot keep an answer open, and the decoder's lag is no silence.
        latest = self._changed_at + LAG_S
        heard = self._changed_at if self._sound_at is None else min(self._sound_at, latest)
        return max(heard, self._waiting_since or 0.0)

    def _patience_s(self) -> float:
        return self._limits.end_silence_s + (0.0 if self._is_understood else NOT_UNDERSTOOD_S)

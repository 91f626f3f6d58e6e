"""Lets sound through to the recogniser and keeps silence from it, without losing a first syllable.

A carrier streams fifty frames a second through every pause, and a second of silence or soft noise costs the recogniser
a third of a second of speech. So little is won within a story, more while a caller listens to us. A frame counts as
sound when it stands out from the line's own noise, and the gate opens a little before it (lead-in) and closes some time
after the last one (hang-over, long enough for the recogniser to have looked ahead past the last word. Waiting 0.2 s
less would save less than a hundredth). Sound may also be somebody else's, such as a television, children or dishes.
Once the caller has said words their loudness is known, and what is far softer is told apart (`caller_s`). It is heard
all the same, for a caller may mumble, but it stops no prompt, answers no question and holds no story open.
Source: the floor is the smallest level of the last three seconds, since speech dips to the noise between words
("minimum statistics", R. Martin, 2001); the limits below were tried on the clips of speech.md.
Knows: samples. Must not know: recognisers, stream time, what the sound means.
"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from voicebot.speech.audio import RATE_HZ, Samples
from voicebot.speech.bursts import Sounds

FRAME_SAMPLES = RATE_HZ // 50
"""20 ms, which is what is judged as one."""
_FRAME_S = FRAME_SAMPLES / RATE_HZ
_LEVEL_OF_NOTHING_DB = -80.0
_POWER_OF_NOTHING = 10 ** (_LEVEL_OF_NOTHING_DB / 10)
_RECENT_S = 1.2
_TELLING_FRAMES = 20
"""0.4 s of sound, which is a word. Less tells no loudness, for it may be the peaks of something softer."""
_SOFTENS = 0.05
"""Share of the way to a softer level at each change of the words, so that a caller who holds the phone away is
followed.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class GateSettings:
    """Limits of the gate. Levels are in dB of full scale (0 is the loudest that fits)."""

    above_floor_db: float = 6.0
    """How much louder than the line's noise a frame must be to count as sound."""
    always_silent_db: float = -66.0
    """Below this nothing is sound, however quiet the line is."""
    first_floor_db: float = -52.0
    """The noise is not taken to be louder than this until a whole window was heard, because calls may start with
    speech.
    """
    below_caller_db: float = 12.0
    """Sound so much softer than the loud tenth of the caller's own is somebody else's, or something's."""
    loudest_floor_db: float = -30.0
    """The noise is never taken to be louder than this."""
    lead_in_s: float = 0.3
    hang_over_s: float = 0.7
    is_always_open: bool = False
    """Lets everything through and only measures, to compare with."""


class NoiseFloor:
    """The level of the line's own noise, which is the smallest of the last blocks."""

    _BLOCK_FRAMES = 30
    _BLOCKS = 5

    def __init__(self, settings: GateSettings) -> None:
        self._settings = settings
        self._minima: deque[float] = deque(maxlen=self._BLOCKS)
        self._current = 0.0
        self._frames = 0
        self.level_db = settings.first_floor_db

    def update(self, level_db: float) -> float:
        """Take one frame's level and return the floor, in dB of full scale."""
        self._current = min(self._current, level_db)
        self._frames += 1
        lowest = min([self._current, *self._minima])
        if self._frames == self._BLOCK_FRAMES:
            self._minima.append(self._current)
            self._current, self._frames = 0.0, 0
        # Before a whole window was heard a caller who spoke at once would be taken for the line's noise.
        has_window = len(self._minima) == self._BLOCKS
        loudest_db = self._settings.loudest_floor_db if has_window else self._settings.first_floor_db
        self.level_db = min(lowest, loudest_db)
        return self.level_db


@dataclass(slots=True)
class _Span:
    """A stretch that was let through. It says that `length` samples from `heard` on came to lie at `fed`."""

    fed: int
    heard: int
    length: int


class EnergyGate:
    """One call's gate. The noise floor lives as long as the call, while `start` begins a new recogniser's count."""

    def __init__(self, settings: GateSettings | None = None) -> None:
        self._settings = settings or GateSettings()
        self._floor = NoiseFloor(self._settings)
        self._lead_in_frames = round(self._settings.lead_in_s / _FRAME_S)
        self._caller_db: float | None = None
        self._hang_over = round(self._settings.hang_over_s * RATE_HZ)
        self.start()

    def start(self) -> None:
        """Forget what was heard, so that the next sample is sample 0 of a new recogniser and of a new count."""
        self._rest: Samples = np.zeros(0, dtype=np.int16)
        self._kept_back: deque[Samples] = deque(maxlen=self._lead_in_frames)
        self._recent: deque[bool] = deque(maxlen=round(_RECENT_S / _FRAME_S))
        self._spans: list[_Span] = []
        self._heard = 0
        self._fed = 0
        self._sound_ended: int | None = None
        self._sound_frames = 0
        self._loud: deque[float | None] = deque(maxlen=round(_RECENT_S / _FRAME_S))
        """Levels of the last frames that may be the caller's. None for the others."""
        self._caller_ended: int | None = None
        self._caller_frames = 0
        self._sounds = Sounds()

    def feed(self, samples: Samples) -> Samples:
        """Take any number of samples, and return those that the recogniser should hear now (often none)."""
        # Carriers promise no size of a frame (twilio.md 1.2), and levels are judged in pieces of 20 ms.
        waiting = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(waiting) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = waiting[whole:]
        frames = waiting[:whole].reshape(-1, FRAME_SAMPLES)
        passed: list[Samples] = []
        for frame, level_db in zip(frames, _levels_db(frames), strict=True):
            passed += self._judge(frame, level_db)
        if len(passed) == 1:
            return passed[0]
        return np.concatenate(passed) if passed else waiting[:0]

    @property
    def is_open(self) -> bool:
        """Whether what comes next is let through even if it is silent."""
        is_within = self._sound_ended is not None and self._heard - self._sound_ended <= self._hang_over
        return is_within or self._settings.is_always_open

    @property
    def floor_db(self) -> float:
        """The line's own noise, in dB of full scale."""
        return self._floor.level_db

    @property
    def heard_s(self) -> float:
        """Seconds judged since `start`."""
        return self._heard / RATE_HZ

    @property
    def fed_s(self) -> float:
        """Seconds let through since `start`."""
        return self._fed / RATE_HZ

    @property
    def quiet_s(self) -> float | None:
        """Seconds since the last sound ended, or None when there was none since `start`."""
        return None if self._sound_ended is None else (self._heard - self._sound_ended) / RATE_HZ

    @property
    def sound_s(self) -> float:
        """Seconds of sound since `start`, all together."""
        return self._sound_frames * _FRAME_S

    @property
    def recent_sound_s(self) -> float:
        """Seconds of sound within the last 1.2 s, where a cough has 0.4, a word or two 0.6, steady talk 0.9."""
        return sum(self._recent) * _FRAME_S

    @property
    def caller_s(self) -> float:
        """Seconds of sound since `start` that are as loud as the caller, or all sound while that is not known."""
        return self._caller_frames * _FRAME_S

    @property
    def recent_caller_s(self) -> float:
        """The same within the last 1.2 s."""
        return (len(self._loud) - self._loud.count(None)) * _FRAME_S

    @property
    def caller_quiet_s(self) -> float | None:
        """Seconds since the last such sound ended, or None when there was none since `start`."""
        return None if self._caller_ended is None else (self._heard - self._caller_ended) / RATE_HZ

    def are_only_bursts(self, from_s: float, to_s: float) -> bool:
        """Whether all sound between two instants since `start` is knocks and the like, which are no words."""
        return self._sounds.are_only_bursts(from_s, to_s)

    def caller_spoke(self) -> None:
        """Take the sound of the last 1.2 s for the caller's words. Louder counts at once, softer little by little."""
        loud = sorted(level for level in self._loud if level is not None)
        if len(loud) < _TELLING_FRAMES:
            return
        # The loud tenth: vowels. Consonants and pauses say little of how loud somebody speaks.
        level_db = loud[len(loud) * 9 // 10]
        if self._caller_db is None or level_db > self._caller_db:
            self._caller_db = level_db
        else:
            self._caller_db += _SOFTENS * (level_db - self._caller_db)

    def heard_at(self, fed_s: float) -> float:
        """Map recogniser time to line time, both in seconds since `start`.

        Beyond the last sample fed it goes on from there, while a time on a joint belongs to the earlier stretch, since
        a word's *end* is what usually falls on one.
        """
        position = fed_s * RATE_HZ
        chosen = _Span(0, 0, 0)
        for span in self._spans:
            if span.fed > 0 and span.fed >= position:
                break
            chosen = span
        return (chosen.heard + position - chosen.fed) / RATE_HZ

    def _judge(self, frame: Samples, level_db: float) -> list[Samples]:
        floor = self._floor.update(level_db)
        is_sound = level_db > max(floor + self._settings.above_floor_db, self._settings.always_silent_db)
        self._heard += FRAME_SAMPLES
        self._recent.append(is_sound)
        if is_sound:
            self._sound_frames += 1
            self._sound_ended = self._heard
            self._sounds.add(level_db, floor, begins_s=self.heard_s - _FRAME_S, ends_s=self.heard_s)
        is_caller = is_sound and (
            self._caller_db is None or level_db > self._caller_db - self._settings.below_caller_db
        )
        self._loud.append(level_db if is_caller else None)
        if is_caller:
            self._caller_frames += 1
            self._caller_ended = self._heard
        return self._let_through(frame)

    def _let_through(self, frame: Samples) -> list[Samples]:
        # What lies just before the sound is fed with it: a first consonant hardly stands out from the noise.
        if not self.is_open:
            self._kept_back.append(frame)
            return []
        passed = [*self._kept_back, frame]
        self._kept_back.clear()
        self._note(len(passed) * FRAME_SAMPLES)
        return passed

    def _note(self, length: int) -> None:
        heard = self._heard - length
        # Skipping 5 % of a clip of 56 s put its last word 2 s early (speech.md 3): every stretch is noted.
        last = self._spans[-1] if self._spans else None
        if last is not None and last.heard + last.length == heard:
            last.length += length
        else:
            self._spans.append(_Span(self._fed, heard, length))
        self._fed += length


def _levels_db(frames: Samples) -> list[float]:
    """Return the level of each row, in dB of full scale."""
    scaled = frames.astype(np.float32) / 32768
    powers = (float(np.dot(frame, frame)) / FRAME_SAMPLES for frame in scaled)
    return [10 * math.log10(power) if power > _POWER_OF_NOTHING else _LEVEL_OF_NOTHING_DB for power in powers]

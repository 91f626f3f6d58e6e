"""Tells a voice from a burst, such as a knock, a dropped telephone, a door.

A recogniser that may hear any words writes "oh" or "the" for a knock as loud as its caller. Two things tell a burst. It
is at its loudest at once, and it does not stay near its loudest for as long as a syllable, though a room may ring with
it. Of what people say alone, none of 14 times yes or no is so, and 18 of 410 clipped digits are, but all knocks of 20
to 150 ms are, also in a room that rings softly for 0.4 s. Soft sound is always taken for a voice. Where a mumble hardly
stands out from the noise, only pieces of its syllables do. So is what touches a voice, so nothing is cut out of running
speech.
Knows: levels of frames, stream time. Must not know: recognisers, words, how loud the caller is.
"""

from dataclasses import dataclass

_NEAR_LOUDEST_DB = 15.0
_SYLLABLE_S = 0.17
"""Near its loudest for so long, all together, is a voice. Frames of 20 ms, so a knock of 120 ms may fill eight."""
_AT_ONCE_S = 0.05
_GROWS_DB = 3.0
"""A sound that grows by so much after its first instants is a voice."""
_JOINED_S = 0.07
"""Sounds so near each other are one, because the closure before a "t" parts no word."""
_STANDS_OUT_DB = 20.0
"""What is louder than the noise by less is soft. A knock so soft was not heard as a word."""
_BESIDE_S = 0.1
"""Words may lie so far beside their sound, because recognisers look ahead."""


@dataclass(slots=True)
class _Sound:
    """One sound without a gap."""

    begins_s: float
    ends_s: float
    first_db: float
    """The loudest of its first instants."""
    loudest_db: float
    above_noise_db: float
    near_loudest_s: float = 0.0

    @property
    def is_voice(self) -> bool:
        grows = self.loudest_db > self.first_db + _GROWS_DB
        return self.near_loudest_s >= _SYLLABLE_S or grows or self.above_noise_db < _STANDS_OUT_DB

    def add(self, level_db: float, noise_db: float, *, begins_s: float, ends_s: float) -> None:
        """Take the next frame of this sound."""
        self.ends_s = ends_s
        self.loudest_db = max(self.loudest_db, level_db)
        self.above_noise_db = max(self.above_noise_db, level_db - noise_db)
        # A knock is loudest as it begins. A plosive is not: its vowel, which follows, is louder.
        if ends_s - self.begins_s < _AT_ONCE_S:
            self.first_db = self.loudest_db
        # A room rings on after a knock, but more softly than this.
        if level_db > self.loudest_db - _NEAR_LOUDEST_DB:
            self.near_loudest_s += ends_s - begins_s


class Sounds:
    """The sounds of one answer, in the order they came."""

    def __init__(self) -> None:
        self._all: list[_Sound] = []

    def add(self, level_db: float, noise_db: float, *, begins_s: float, ends_s: float) -> None:
        """Take the next frame that is sound, and the level of the line's noise under it."""
        if not self._all or begins_s - self._all[-1].ends_s > _JOINED_S:
            self._all.append(_Sound(begins_s, ends_s, level_db, level_db, level_db - noise_db))
        self._all[-1].add(level_db, noise_db, begins_s=begins_s, ends_s=ends_s)

    def are_only_bursts(self, from_s: float, to_s: float) -> bool:
        """Whether there is sound between two instants, or just beside, and none of it a voice."""
        is_any = False
        for sound in reversed(self._all):
            if sound.ends_s < from_s - _BESIDE_S:
                break
            if sound.begins_s <= to_s + _BESIDE_S:
                is_any = True
                if sound.is_voice:
                    return False
        return is_any

"""How a language says digits, days and hours, and which languages can.

Knows: the Protocol and its languages. Must not know: prompts, flows.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Protocol

from voicebot.flow.spoken_english import English


class SpokenLanguage(Protocol):
    """Breaks a value into pieces, each of which has a clip of its own, and writes it for texts."""

    digit_words: Sequence[str]
    """Words of the digits 0 to 9."""
    digit_synonyms: Mapping[str, str]
    """Other words for a digit, to the digit."""
    repeat_words: Mapping[str, int]
    """Words that say the next digit so many times."""

    def day(self, on: date, *, today: date) -> tuple[str, ...]:
        """Return a whole adverbial phrase, preposition included."""
        ...

    def hour_from(self, at: time) -> tuple[str, ...]:
        """Return the beginning of a window, without the part of the day."""
        ...

    def hour_to(self, at: time) -> tuple[str, ...]:
        """Return the end of a window, with the part of the day."""
        ...

    def speaks_minutes(self) -> bool:
        """Whether windows may begin and end off the whole hour."""
        ...

    def day_pieces(self) -> tuple[tuple[str, ...], ...]:
        """Return every phrase that `day` can give."""
        ...

    def from_pieces(self) -> tuple[tuple[str, ...], ...]:
        """Return phrases of `hour_from` that together use every piece it can give."""
        ...

    def to_pieces(self) -> tuple[tuple[str, ...], ...]:
        """Return phrases of `hour_to` that together use every piece it can give."""
        ...

    def written_day(self, on: date) -> str:
        """Return a date as a text message has it."""
        ...


LANGUAGES: dict[str, SpokenLanguage] = {"en": English()}
"""By language, without region."""


def language_of(locale: str) -> SpokenLanguage:
    """Return the language of a locale, or English for one that we cannot speak (`flow/check.py` refuses those)."""
    return LANGUAGES.get(locale.split("-")[0], LANGUAGES["en"])

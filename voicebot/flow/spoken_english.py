"""English digits, days and hours, in pieces that have clips.

Hours are bare ("nine", "noon"), because the part of the day stands on the end of a window only, as in "between eleven
and one in the afternoon". Within six days the weekday is enough, later the date is added.

Source: script.md 4. Knows: English. Must not know: prompts.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from voicebot.domain.number_words import ENGLISH, MONTHS, ORDINALS

_SMALL = ENGLISH.small
_TENS = ENGLISH.tens
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMED_HOURS = {0: "midnight", 12: "noon"}


def _minute_words(minute: int) -> str:
    if minute < 10:
        return f"oh {_SMALL[minute]}"
    if minute < 20:
        return _SMALL[minute]
    tens, ones = divmod(minute, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")


def _part_of_day(hour: int) -> str:
    if hour < 12:
        return "in the morning"
    if hour < 18:
        return "in the afternoon"
    return "in the evening" if hour < 21 else "at night"


class English:
    """Fulfils `SpokenLanguage`."""

    digit_words: Sequence[str] = _SMALL[:10]
    digit_synonyms: Mapping[str, str] = ENGLISH.digit_synonyms
    repeat_words: Mapping[str, int] = ENGLISH.repeats

    def day(self, on: date, *, today: date) -> tuple[str, ...]:
        """Return "today", "tomorrow", "on Monday", or "on Tuesday" "December first"."""
        ahead = on - today
        if ahead == timedelta(0):
            return ("today",)
        if ahead == timedelta(days=1):
            return ("tomorrow",)
        weekday = f"on {_WEEKDAYS[on.weekday()]}"
        if timedelta(0) < ahead <= timedelta(days=6):
            return (weekday,)
        return (weekday, MONTHS[on.month - 1], ORDINALS[on.day - 1])

    def hour_from(self, at: time) -> tuple[str, ...]:
        """Return "nine", "noon", or "nine" "forty-five"."""
        if at.minute:
            return (_SMALL[(at.hour - 1) % 12 + 1], _minute_words(at.minute))
        return (_NAMED_HOURS.get(at.hour) or _SMALL[(at.hour - 1) % 12 + 1],)

    def hour_to(self, at: time) -> tuple[str, ...]:
        """Return "one in the afternoon", "noon", or "one" "fifteen" "in the afternoon"."""
        if at.minute:
            return (*self.hour_from(at), _part_of_day(at.hour))
        if at.hour in _NAMED_HOURS:
            return (_NAMED_HOURS[at.hour],)
        return (f"{_SMALL[(at.hour - 1) % 12 + 1]} {_part_of_day(at.hour)}",)

    def speaks_minutes(self) -> bool:
        """English has every minute (the demo needs them)."""
        return True

    def day_pieces(self) -> tuple[tuple[str, ...], ...]:
        """Return the near days, the weekdays, and dates that use every month and ordinal."""
        weekdays = tuple((f"on {name}",) for name in _WEEKDAYS)
        dates = tuple((f"on {name}", month, ordinal) for name in _WEEKDAYS for month in MONTHS for ordinal in ORDINALS)
        return (("today",), ("tomorrow",), *weekdays, *dates)

    def from_pieces(self) -> tuple[tuple[str, ...], ...]:
        """Return every whole hour, and every minute of one hour."""
        return tuple(self.hour_from(at) for at in _SAMPLE_TIMES)

    def to_pieces(self) -> tuple[tuple[str, ...], ...]:
        """Return every whole hour, every minute of one hour, and a minute in every hour."""
        return tuple(self.hour_to(at) for at in _SAMPLE_TIMES)

    def written_day(self, on: date) -> str:
        """Return for example "Tue 1 Dec"."""
        return f"{_WEEKDAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1][:3]}"


_SAMPLE_TIMES = (
    *(time(hour) for hour in range(24)),
    *(time(hour, 1) for hour in range(24)),
    *(time(9, minute) for minute in range(1, 60)),
)

"""What the watch over the watch remembers. It has lists that were made, and alarms about the watch itself.

Knows: instants, how often an alarm is repeated. Must not know: channels, what is wrong, people.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicebot.domain.back_off import back_off

REPEATED_AFTER = timedelta(hours=1)
"""An alarm that goes on is told again."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
"""Between tries that reached nobody, because whoever can be reached again waits no longer for the alarm."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MorningRecord:
    """A day's list, once it was made."""

    id: str
    """The local day, as `2026-11-18`."""
    since_at: datetime
    """What it tells began here. It is when the list before it was due."""
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchAlarm:
    """One time in which something was wrong with the watch. Of each name at most one has not ended."""

    id: str
    name: str
    began_at: datetime
    told_at: datetime | None = None
    """When somebody was told last. None until the first was."""
    times: int = 0
    """How often somebody was told that it goes on."""
    tries: int = 0
    """In a row that reached nobody."""
    tried_at: datetime | None = None
    """When the last of them was."""
    ended_at: datetime | None = None

    def is_to_be_told(self, now: datetime) -> bool:
        """Tell whether it is time to say that it goes on, because it was never said yet, or an hour ago."""
        return self.told_at is None or now >= self.told_at + REPEATED_AFTER

    def is_untold_since(self, began_at: datetime) -> bool:
        """Tell whether nobody was told of what began then."""
        return self.told_at is None or self.told_at < began_at

    def may_be_tried(self, now: datetime) -> bool:
        """Tell whether the pause after tries that reached nobody is over. A clock set back holds up nobody."""
        if self.tried_at is None or now < self.tried_at:
            return True
        return now >= self.tried_at + back_off(self.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)

    def told(self, at: datetime) -> "WatchAlarm":
        """Return it once somebody has been told."""
        return replace(self, told_at=at, times=self.times + 1, tries=0, tried_at=None)

    def tried_in_vain(self, at: datetime) -> "WatchAlarm":
        """Return it after a try that reached nobody."""
        return replace(self, tries=self.tries + 1, tried_at=at)

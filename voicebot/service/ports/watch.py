"""The port of the watch over the watch, which is what it remembers.

Knows: domain types. Must not know: SQL, what is wrong.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.canary import Canary
from voicebot.domain.drill import Drill
from voicebot.domain.watch_alarm import MorningRecord, WatchAlarm


class WatchBook(Protocol):
    """Lists that were made, alarms about the watch itself, drills, and test calls."""

    def add_list(self, record: MorningRecord) -> bool:
        """Write a day's list once. False when it was made before."""
        ...

    def list_of(self, day: str) -> MorningRecord | None: ...
    def newest_list(self) -> MorningRecord | None: ...
    def add_alarm(self, alarm: WatchAlarm) -> bool:
        """Write an alarm that begins. False when one of its name goes on already."""
        ...

    def save_alarm(self, alarm: WatchAlarm) -> None: ...
    def alarm(self, name: str) -> WatchAlarm | None:
        """The alarm of this name that goes on. Others who ask wait until we are done."""
        ...

    def alarms_since(self, at: datetime) -> Sequence[WatchAlarm]:
        """Alarms that went on at or after an instant, oldest first."""
        ...

    def add_drill(self, drill: Drill) -> bool:
        """Write a month's drill once. Return False when it has one."""
        ...

    def save_drill(self, drill: Drill) -> None: ...
    def drill(self, drill_id: str) -> Drill | None:
        """A drill. Others who ask for it wait until we are done."""
        ...

    def newest_drill(self) -> Drill | None: ...
    def add_canary(self, canary: Canary) -> bool:
        """Write a test call once; False when one of its id began before."""
        ...

    def save_canary(self, canary: Canary) -> None: ...
    def canary(self, canary_id: str) -> Canary | None:
        """A test call; others who ask for it wait until we are done."""
        ...

    def newest_canary(self, now: datetime, *, is_daily: bool = False) -> Canary | None:
        """The test call that began last, or that of the last morning. One from long after now is none: the clock was
        ahead when it began.
        """
        ...

    def running_canary(self) -> Canary | None:
        """The test call that runs: there is one at most. Others who ask for it wait until we are done."""
        ...

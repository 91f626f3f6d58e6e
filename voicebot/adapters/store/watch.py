"""What the watch over the watch remembers, as rows.

Knows: the tables morning_lists, watch_alarms, drills, canaries. Must not know: when a list is due, what is wrong.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_

from voicebot.adapters.store.rows import Rows, hold, whole_rows
from voicebot.adapters.store.tables.watch import canaries, drills, morning_lists, watch_alarms
from voicebot.domain.canary import AHEAD_AT_MOST, Canary, CanaryResult
from voicebot.domain.drill import Drill
from voicebot.domain.watch_alarm import MorningRecord, WatchAlarm


class WatchRows:
    """Fulfils `service.ports.WatchBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lists = Rows(connection, morning_lists, MorningRecord)
        self._alarms = Rows(connection, watch_alarms, WatchAlarm)
        self._drills = Rows(connection, drills, Drill)
        self._canaries = Rows(connection, canaries, Canary)

    def add_list(self, record: MorningRecord) -> bool:
        """Insert once, and return False when the day has its list."""
        return self._lists.add_once(record)

    def list_of(self, day: str) -> MorningRecord | None:
        """Return the list of a day, or None."""
        return self._lists.get(day)

    def newest_list(self) -> MorningRecord | None:
        """Return the list of the last day that has one, where days sort as they are written."""
        return self._lists.first(self._lists.select().order_by(morning_lists.c.id.desc()))

    def add_alarm(self, alarm: WatchAlarm) -> bool:
        """Insert unless one of its name goes on."""
        return self._alarms.add_once(alarm)

    def save_alarm(self, alarm: WatchAlarm) -> None:
        """Update what changed."""
        self._alarms.save(alarm)

    def alarm(self, name: str) -> WatchAlarm | None:
        """Return the alarm of this name that goes on, held until the transaction ends."""
        hold(self._connection, f"watch_alarm:{name}")
        return self._alarms.only(_GOES_ON, name=name)

    def alarms_since(self, at: datetime) -> Sequence[WatchAlarm]:
        """Return alarms that went on at or after an instant, oldest first."""
        lasted = or_(watch_alarms.c.ended_at.is_(None), watch_alarms.c.ended_at >= at)
        return self._alarms.every(self._alarms.select().where(lasted).order_by(watch_alarms.c.began_at))

    def add_drill(self, drill: Drill) -> bool:
        """Insert once, and return False when the month has its drill."""
        return self._drills.add_once(drill)

    def save_drill(self, drill: Drill) -> None:
        """Update what changed."""
        self._drills.save(drill)

    def drill(self, drill_id: str) -> Drill | None:
        """Return a drill, held until the transaction ends, or None."""
        return self._drills.get(drill_id, is_locked=True)

    def newest_drill(self) -> Drill | None:
        """Return the last drill that began, or None, where months sort as they are written."""
        return self._drills.first(self._drills.select().order_by(drills.c.id.desc()))

    def add_canary(self, canary: Canary) -> bool:
        """Insert once; False when the morning has its test call."""
        return self._canaries.add_once(canary)

    def save_canary(self, canary: Canary) -> None:
        """Update what changed."""
        self._canaries.save(canary)

    def canary(self, canary_id: str) -> Canary | None:
        """Return a test call, held until the transaction ends, or None."""
        return self._canaries.get(canary_id, is_locked=True)

    def newest_canary(self, now: datetime, *, is_daily: bool = False) -> Canary | None:
        """Return the test call that began last, or that of the last morning; days sort as they are written.

        One that began long after now, by a clock that was ahead, would hide every later one until then.
        """
        found = self._canaries.select().where(canaries.c.began_at <= now + AHEAD_AT_MOST)
        if is_daily:
            return self._canaries.first(found.where(canaries.c.is_daily).order_by(canaries.c.id.desc()))
        return self._canaries.first(found.order_by(canaries.c.began_at.desc(), canaries.c.id.desc()))

    def running_canary(self) -> Canary | None:
        """Return the test call that runs, held until the transaction ends, or None."""
        hold(self._connection, "canary")
        return self._canaries.first(self._canaries.select().where(canaries.c.result == CanaryResult.RUNNING))


_GOES_ON = (
    whole_rows(watch_alarms, WatchAlarm)
    .where(watch_alarms.c.name == bindparam("name"), watch_alarms.c.ended_at.is_(None))
    .limit(1)
)

"""A trouble of the watch, followed from its beginning to its end. Who looks calls `follow` as often as they look.

Each trouble is an alarm with a beginning, told at once by the second way, again every hour, and once when it is over.
An alarm is written before it is told and marked after. A process that dies between the two leaves it to the next, which
tells it under the same key. An alarm that reaches nobody is tried again after a pause, which grows to a quarter of an
hour.
Knows: alarms. Must not know: what is wrong, who is told by what.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from voicebot.domain.instants import written_instant
from voicebot.domain.watch_alarm import WatchAlarm
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.outbox.compose import Template
from voicebot.service.watch.second_way import tell_second_way

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something that is wrong with the watch now, or is not."""

    name: str
    template: Template
    over: Template | None = None
    """Told once when it is over. None means that nobody is."""
    since: datetime | None = None
    """None means that nothing is wrong."""
    slots: dict[str, str] = field(default_factory=dict)
    is_repeated: bool = True
    """False means that it is told once, however long it goes on, and again only when it begins anew."""


def follow(hotline: Hotline, trouble: Trouble) -> None:
    """Begin, repeat or end the alarm of a trouble. Raises: Unavailable."""
    alarm = _noted(hotline, trouble)
    if alarm is None:
        return
    is_over = trouble.since is None
    template = trouble.over if is_over else trouble.template
    with hotline.look() as work:
        zone = context_of(hotline, work).policy.calendar.zone
    slots = {"since": written_instant(alarm.began_at, zone), **trouble.slots}
    log.error("watch_alarm", name=trouble.name, is_over=is_over)
    is_told = template is None or tell_second_way(
        hotline, template=template, slots=slots, key=f"{alarm.id}-{'over' if is_over else alarm.times}"
    )
    _mark(hotline, trouble.name, is_over=is_over, is_told=is_told)


def _noted(hotline: Hotline, trouble: Trouble) -> WatchAlarm | None:
    """Write that it began, or find it, and return it when somebody is to be told of it now."""
    with hotline.unit_of_work() as work:
        now, known = context_of(hotline, work).now, work.watch.alarm(trouble.name)
        if trouble.since is None:
            if known is not None and known.told_at is None:
                work.watch.save_alarm(replace(known, ended_at=now))
                work.commit()
                return None
            return known if known is not None and known.may_be_tried(now) else None
        if known is not None:
            is_again = known.is_to_be_told(now) if trouble.is_repeated else known.is_untold_since(trouble.since)
            return known if is_again and known.may_be_tried(now) else None
        began = WatchAlarm(id=hotline.ids.new_id(), name=trouble.name, began_at=trouble.since)
        is_first = work.watch.add_alarm(began)
        work.commit()
        return began if is_first else None


def _mark(hotline: Hotline, name: str, *, is_over: bool, is_told: bool) -> None:
    with hotline.unit_of_work() as work:
        now, alarm = context_of(hotline, work).now, work.watch.alarm(name)
        if alarm is not None:
            told = replace(alarm, ended_at=now) if is_over else alarm.told(now)
            work.watch.save_alarm(told if is_told else alarm.tried_in_vain(now))
        work.commit()

"""Somebody at the desk goes away until a time, and is back, also before it.

It is a stretch of the rota like any other, so new cases, the ladder and calls go by it. It ends by itself.
Knows: the rota's changes. Must not know: pages, who takes over.
Source: console.md 6 (the bar: me, with "here / away until").
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from voicebot.domain.rota import ChangeKind, RotaChange, absences, holds
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.staff.rota import Stretch, write_change

log = structlog.get_logger(__name__)


def who_is_away(context: Context) -> Mapping[str, datetime]:
    """Return who of the staff is away now, and until when."""
    return absences(context.work.rota.changes(context.now), context.now)


def away_until(hotline: Hotline, staff_id: str) -> datetime | None:
    """Return until when somebody is away, or None while they are not."""
    with hotline.look() as work:
        return who_is_away(context_of(hotline, work)).get(staff_id)


def go_away(hotline: Hotline, staff_id: str, *, until: datetime, actor: str) -> RotaChange:
    """Say that somebody is away from now on. An absence that holds ends with it. Raises: Refused for no such time."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        for change in _own(context, staff_id):
            if change.ends_at != until:
                _end(context, change)
        stretch = Stretch(staff_id=staff_id, begins_at=context.now, ends_at=until)
        change = write_change(context, ChangeKind.AWAY, stretch, actor=actor)
        work.commit()
    log.info("rota_changed", staff=staff_id, kind=change.kind.value, by=actor)
    return change


def come_back(hotline: Hotline, staff_id: str, *, actor: str) -> None:
    """End what says that somebody is away now. Who is here already stays so.

    Raises: Refused where a swap or their calendar says it, because either would say it again.
    """
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        for change in _own(context, staff_id):
            _end(context, change)
        if staff_id in who_is_away(context):
            raise Refused(
                "a swap or your calendar says that you are away: take the swap back on the rota, or change the "
                "calendar there",
                code="rota-change",
            )
        work.commit()
    log.info("rota_back", staff=staff_id, by=actor)


def _own(context: Context, staff_id: str) -> Iterator[RotaChange]:
    """Yield absences of somebody that hold now and were said by hand."""
    for change in context.work.rota.changes(context.now):
        is_absence = change.staff_id == staff_id and change.kind is ChangeKind.AWAY and holds(change, context.now)
        if is_absence and change.swap_id is None and change.feed_uid is None:
            yield change


def _end(context: Context, change: RotaChange) -> None:
    """Let an absence end now. What was is kept, because promises are counted by who was there."""
    context.work.rota.remove_change(change.id)
    if change.begins_at < context.now:
        context.work.rota.add_change(replace(change, ends_at=context.now))

"""Management learns that callbacks no longer fit, before any promise is missed for it.

Told once a day. That is the first time that a window is promised after its target's deadline for want of room, or that
none is left at all. A caller who wished for a later time is no reason, and neither is a silent one, because they have
their own share.
Knows: how a window was found, alarms. Must not know: how many callbacks fit.
"""

from voicebot.domain.promise import FoundWindow
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template

NO_ROOM = "no_room_inside_target"
"""The alarm's name in the log."""


def note_want_of_room(context: Context, *, ticket: Ticket, found: FoundWindow | None) -> None:
    """Alarm management when there was no room inside the target."""
    if found is not None and (found.reason.is_inside_target or found.reason.is_later or not found.reason.full_count):
        return
    raise_alarm(
        context,
        name=NO_ROOM,
        ticket_id=ticket.id,
        template=Template.STAFF_NO_ROOM,
        tell=context.policy.management,
    )

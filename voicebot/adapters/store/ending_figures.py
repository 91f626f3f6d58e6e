"""Counts how cases ended, in one statement.

Knows: the table of tickets. Must not know: zones, words.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import is_counted
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.ticket import NotComplaint, TicketStatus
from voicebot.service.ports.ending_figures import CLOSINGS
from voicebot.service.ports.figures import Period


def ending_counts(period: Period, name: ColumnElement[Any], *, reader: Reader = THE_MACHINE) -> Select[Any]:
    """Return the statement that counts each end by the name of a group, as far as a reader may see the cases."""
    tickets = tables.tickets.c
    is_end = {reason.value: tickets.close_reason == reason for reason in CLOSINGS}
    is_end |= {kind.value: tickets.not_complaint == kind for kind in NotComplaint}
    counted = (func.sum(case((is_so, 1), else_=0)).label(end) for end, is_so in is_end.items())
    return (
        select(name.label("name"), *counted)
        .where(
            tickets.opened_at >= period.begins_at,
            tickets.opened_at < period.ends_at,
            tickets.status.in_((TicketStatus.CLOSED, TicketStatus.NOT_A_COMPLAINT)),
            is_counted(tickets.id, reader),
        )
        .group_by("name")
    )

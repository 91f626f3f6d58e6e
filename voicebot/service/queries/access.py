"""Keeps who looked at a case, heard a voice in it or took its words along, because complaints tell of people, and
somebody may ask who has read theirs.

It stands apart from the history of the case, which tells what was done.
Knows: what counts as one access. Must not know: pages, tables.
"""

from collections.abc import Mapping, Sequence

import structlog

from voicebot.domain.access import COUNTED_APART, CaseAccess, Seen, is_same
from voicebot.domain.case_number import written
from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_tickets
from voicebot.service.queries.case_view import CaseView

log = structlog.get_logger(__name__)


def keep_access(hotline: Hotline, *looks: Seen) -> None:
    """Keep what was looked at. The same again within the hour is one access. Raises: Refused for an unknown case.

    It is read without a lock what is kept already, because an open page asks every few seconds, and only one look in
    the hour writes. While the database takes no writes the log keeps it, so that staff who must call somebody back are
    not held up.
    """
    try:
        new = _new(hotline, looks)
        if new:
            with hotline.unit_of_work() as work:
                work.accesses.add_all(new)
                work.commit()
    except Unavailable:
        for what in looks:
            log.error("access_not_kept", case=what.case, staff=what.staff_id, answer=what.answer_id)


def looked_at(view: CaseView) -> Sequence[Mapping[str, object]]:
    """Return who looked at a case, oldest first, for programs."""
    return [
        {
            "case": written(view.ticket.case_number),
            "at": each.at.isoformat(),
            "who": each.staff_id,
            "name": view.names.get(each.staff_id, each.staff_id),
            "what": each.kind.value,
            "answer": each.answer_id or "",
        }
        for each in view.accesses
    ]


def _new(hotline: Hotline, looks: Sequence[Seen]) -> Sequence[CaseAccess]:
    """Return those that nothing of the last hour stands for."""
    with hotline.look() as work:
        tickets = find_tickets(work, {what.case for what in looks})
        found = [
            CaseAccess(
                ticket_id=tickets[what.case].id,
                at=what.at,
                staff_id=what.staff_id,
                kind=what.kind,
                answer_id=what.answer_id,
            )
            for what in looks
        ]
        since = min((each.at for each in found), default=None)
        ids = {each.ticket_id for each in found}
        recent = () if since is None else work.accesses.of_tickets(ids, since=since - COUNTED_APART)
        return [each for each in found if not any(is_same(each, known) for known in recent)]

"""Keeps who saw a case or heard a voice in it, because complaints tell of people, and somebody may ask who has read
theirs.

Knows: what counts as one access. Must not know: pages, tables.
"""

import structlog

from voicebot.domain.access import COUNTED_APART, AccessKind, CaseAccess, Seen, is_same
from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_ticket

log = structlog.get_logger(__name__)


def keep_access(hotline: Hotline, what: Seen) -> None:
    """Keep that somebody saw a case, or heard a voice. Again within the hour it is one access.

    While the database takes no writes the log keeps it, so that staff who must call somebody back are not held up.
    """
    try:
        seen = _access(hotline, what)
        if not _is_kept(hotline, seen):
            _keep(hotline, seen)
    except Unavailable:
        log.error("access_not_kept", case=what.case, staff=what.staff_id, answer=what.answer_id)


def _access(hotline: Hotline, what: Seen) -> CaseAccess:
    with hotline.look() as work:
        return CaseAccess(
            ticket_id=find_ticket(work, what.case).id,
            at=what.at,
            staff_id=what.staff_id,
            kind=AccessKind.PAGE if what.answer_id is None else AccessKind.VOICE,
            answer_id=what.answer_id,
        )


def _is_kept(hotline: Hotline, seen: CaseAccess) -> bool:
    """Look without a lock. An open page asks every few seconds, and only one look in the hour writes."""
    with hotline.look() as work:
        recent = work.accesses.of_ticket(seen.ticket_id, since=seen.at - COUNTED_APART)
        return any(is_same(seen, each) for each in recent)


def _keep(hotline: Hotline, seen: CaseAccess) -> None:
    with hotline.unit_of_work() as work:
        work.accesses.add(seen)
        work.commit()

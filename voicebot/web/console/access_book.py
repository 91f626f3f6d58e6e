"""Writes beside the pages who saw which case and has it open, so that a page is never held up by somebody else who is
writing.

One thread writes, in the order of what was seen, and the end of the process waits for it. Only a process that is killed
between an answer and its line loses it, and a full book, which says so in the log.
Knows: a thread. Must not know: what counts as one access.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from voicebot.domain.access import AccessKind, Seen
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.presence import note_presence

ACCESS_BOOK = "voicebot.accesses"
"""Where the application keeps its `AccessBook`."""
MOST_WAITING = 1_000

log = structlog.get_logger(__name__)


class AccessBook:
    """Notes what a member of staff sees."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="access-book")
        self._room = threading.BoundedSemaphore(MOST_WAITING)

    def note(
        self,
        *cases: str,
        actor: str,
        kind: AccessKind = AccessKind.PAGE,
        answer_id: str | None = None,
        is_person: bool = True,
    ) -> None:
        """Note that somebody looked at cases now, and wait for nothing.

        Who is no person, or only reads, does not count as being there, since that would keep colleagues from a case.
        """
        at = self._hotline.clock.now()
        looks = [Seen(case=case, at=at, staff_id=actor, kind=kind, answer_id=answer_id) for case in cases]
        if not self._room.acquire(blocking=False):
            log.error("access_not_kept", cases=cases, staff=actor, answer=answer_id)
            return
        self._writer.submit(self._write, looks, is_person=is_person)

    def flush(self) -> None:
        """Wait until everything noted so far is written."""
        self._writer.submit(int).result()

    def _write(self, looks: Sequence[Seen], *, is_person: bool) -> None:
        try:
            keep_access(self._hotline, *looks)
            for seen in looks:
                if is_person and seen.kind is AccessKind.PAGE:
                    note_presence(self._hotline, seen)
        except Exception as problem:  # noqa: BLE001  one line that cannot be written must not end the book
            for seen in looks:
                about = {"case": seen.case, "staff": seen.staff_id, "answer": seen.answer_id}
                log_failure(log.error, "access_not_kept", problem, **about)
        finally:
            self._room.release()

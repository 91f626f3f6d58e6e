"""The words of cases that the index does not hold yet, or as an older release made them.

Whoever writes on a case keeps its words. What was there before the index was, or came from a backup of before, is made
here, newest first, a few cases in each transaction so that calls are never kept waiting.
Knows: which cases are missing. Must not know: which words a case has.
"""

import structlog

from voicebot.service.hotline import Hotline

log = structlog.get_logger(__name__)

TASK = "search index"
AT_ONCE = 50
"""Cases in one transaction."""
MOST = 100_000
"""Cases in one run. The next run goes on."""


def index_missing(hotline: Hotline) -> int:
    """Make the words of every case that is missing, and return how many were. Raises: Unavailable."""
    with hotline.look() as work:
        missing = work.search.missing(MOST)
    for first in range(0, len(missing), AT_ONCE):
        with hotline.unit_of_work() as work:
            for ticket_id in missing[first : first + AT_ONCE]:
                work.search.index(ticket_id)
            work.commit()
    if missing:
        log.info("search_index_made", cases=len(missing))
    return len(missing)

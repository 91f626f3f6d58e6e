"""Texts that never reached us, taken up afterwards. Our line was down, but the carrier's list remembers them.

Each is done by the function that would have done it in time (`log_text`), so a text that is known changes nothing and
is not answered again, and a request for no more texts opens no case. The list is read whole and taken up oldest
first, so that of two requests the later one holds. Where a request came in time while an older one is found late, the
order of the carrier's list decides, not a clock.
Knows: texts as the carrier lists them. Must not know: how they were listed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from voicebot.domain.picture import MOST_FILES, UNKNOWN_KIND, FileSent
from voicebot.errors import Unavailable
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline
from voicebot.service.log_context import named
from voicebot.service.ports import ListedText
from voicebot.service.ticket.inbound_text import IncomingText, knows_text, log_text

log = structlog.get_logger(__name__)

MOST_LATER = 50
"""Later texts of one sender that are compared with a request found late."""


@dataclass(kw_only=True, slots=True)
class TextsFound:
    """What one look at the list of texts found and did."""

    seen: int = 0
    taken_up: int = 0
    failed: int = 0
    """They have no case yet. The next run looks again."""


def take_up_missed_texts(hotline: Hotline, number: str, *, since: datetime, found: TextsFound) -> None:
    """Take up every text to a number of ours that we do not know. One that fails stops no other.

    Raises: Unavailable when the list cannot be read.
    """
    listed = sorted(hotline.listing.texts_to(number, since=since), key=lambda each: each.sent_at)
    for text, later in _with_later(listed):
        found.seen += 1
        with named(sid=text.message_sid):
            try:
                found.taken_up += _take_up(hotline, text, later)
            except Exception as problem:  # noqa: BLE001  whoever wrote after a text that fails must not be lost with it
                found.failed += 1
                log_failure(log.warning, "text_not_taken_up", problem)


def _with_later(listed: Sequence[ListedText]) -> list[tuple[ListedText, tuple[str, ...]]]:
    """Return each text with the sids of those that its sender sent after it."""
    later: defaultdict[str, list[str]] = defaultdict(list)
    pairs = []
    for text in reversed(listed):
        pairs.append((text, tuple(later[text.sender][-MOST_LATER:])))
        later[text.sender].append(text.message_sid)
    return pairs[::-1]


def _take_up(hotline: Hotline, text: ListedText, later: tuple[str, ...]) -> bool:
    if knows_text(hotline, text.message_sid):
        return False
    incoming = IncomingText(
        message_sid=text.message_sid,
        sender=text.sender,
        body=text.body,
        sent_at=text.sent_at,
        later_sids=later,
        files=_files(hotline, text),
    )
    return log_text(hotline, incoming)


def _files(hotline: Hotline, text: ListedText) -> tuple[FileSent, ...]:
    """Return the files of a text. Where the carrier does not tell more, their number stays."""
    if not text.files:
        return ()
    try:
        found = tuple(hotline.listing.files_of(text.message_sid))
    except Unavailable:
        log.warning("files_of_text_not_listed")
        found = ()
    return found or (FileSent(kind=UNKNOWN_KIND, media_sid=None),) * min(text.files, MOST_FILES)

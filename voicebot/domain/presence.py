"""Who has a case open at this moment, so that two people do not ring the same complainant.

An open page looks again every 20 seconds. Whoever has not looked for a while is no longer there.
Knows: nothing. Must not know: pages, tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(seconds=60)
"""So long after the last look somebody counts as there, which is three looks of an open page."""
NOTED_AGAIN_AFTER = timedelta(seconds=15)
"""Within this time a second look writes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """A member's last look at a case."""

    ticket_id: str
    member_id: str
    seen_at: datetime


def is_to_be_noted(known: Presence | None, at: datetime) -> bool:
    """Tell whether a look is worth a line, because the last one is a while ago."""
    return known is None or at - known.seen_at >= NOTED_AGAIN_AFTER

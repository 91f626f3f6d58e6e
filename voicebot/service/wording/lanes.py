"""Rows of Today in words, for the page and the terminal. Their order is the store's.

Whether a window is open, opens later or was missed stands in words in each row, and never in a colour alone.
Knows: rows of lanes, instants. Must not know: pages, terminals, who reads.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType

from voicebot.domain.instants import Instants
from voicebot.domain.ticket import Channel
from voicebot.service.ports import Lane, LaneCase
from voicebot.service.ports.lanes import FIRST_WORDS, Why
from voicebot.service.wording.names import away_said, first_words

LANES: Mapping[Lane, tuple[str, str]] = MappingProxyType(
    {
        Lane.CALL_NOW: ("Call now", "No window is open at this moment."),
        Lane.MISSED: ("Missed", "No promise was missed without a talk since."),
        Lane.LATER: ("Opens later today", "No window opens later today."),
        Lane.NEXT_DAYS: ("On later days", "No window opens on a later day."),
        Lane.NO_DATE: ("No date", "Every case has a number to ring."),
        Lane.MINE: ("Waits for me", "No task, offer, decision or second look waits for you."),
    }
)
"""How a lane is called, and what is said when nothing is in it."""

_WHYS: Mapping[Why, str] = MappingProxyType(
    {
        Why.DECISION: "decide",
        Why.OFFER: "offered to you",
        Why.SECOND_LOOK: "a second look is asked for",
        Why.TASK: "a task of yours",
    }
)
_OF_OTHERS: Mapping[Why, str] = MappingProxyType({Why.OFFER: "offered to a colleague", Why.TASK: "a colleague's task"})
"""What is said instead where it waits for a colleague who is away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowClock:
    """How a row stands at this moment."""

    urgency: str
    """One of missed, soon, ahead or quiet."""
    left: str
    """How much time there is, such as `9 min left`, `14 h overdue`."""
    window: str = ""
    """Whether the window is open, until when, or when it opens."""


def row_clock(lane: Lane, row: LaneCase, at: Instants) -> RowClock:
    """Return how a row of a lane stands."""
    said: Mapping[Lane, Callable[[LaneCase, Instants], RowClock]] = {
        Lane.CALL_NOW: _open,
        Lane.MISSED: _missed,
        Lane.LATER: partial(_ahead, lane),
        Lane.NEXT_DAYS: partial(_ahead, lane),
        Lane.NO_DATE: _without_number,
        Lane.MINE: _waits,
    }
    return said[lane](row, at)


def _open(row: LaneCase, at: Instants) -> RowClock:
    closes_at = row.window.closes_at
    assert closes_at is not None, "a window that is open closes"
    return RowClock(urgency="soon", left=f"{at.left(closes_at)} left", window=f"open until {at.bare(closes_at)}")


def _missed(row: LaneCase, at: Instants) -> RowClock:
    missed_at, new = row.window.missed_at, _stretch(row, at)
    assert missed_at is not None, "a miss has its instant"
    window = f"opens again {new}" if new else "no new window"
    return RowClock(urgency="missed", left=at.due(missed_at), window=window)


def _ahead(lane: Lane, row: LaneCase, at: Instants) -> RowClock:
    opens_at, is_today = row.window.opens_at, lane is Lane.LATER
    assert opens_at is not None, "a window ahead opens"
    window = f"opens {_stretch(row, at) if is_today else at.bare(opens_at)}"
    return RowClock(urgency="ahead" if is_today else "quiet", left=at.until(opens_at), window=window)


def _without_number(row: LaneCase, at: Instants) -> RowClock:
    due_at = row.window.closes_at
    assert due_at is not None, "a search for a number has its end"
    return RowClock(urgency="missed" if due_at <= at.now else "quiet", left=at.due(due_at), window="find a number")


def _waits(row: LaneCase, at: Instants) -> RowClock:
    due_at, why = row.window.waits_at, row.why
    assert due_at is not None, "what waits has a day or was asked on one"
    assert why is not None, "what waits says why"
    said = _OF_OTHERS.get(why, _WHYS[why]) if row.waits_for else _WHYS[why]
    if why in (Why.OFFER, Why.SECOND_LOOK):
        return RowClock(urgency="quiet", left="", window=said)
    urgency = "missed" if due_at <= at.now else "quiet"
    return RowClock(urgency=urgency, left=at.due(due_at), window=f"{said}, by {at.bare(due_at)}")


def _stretch(row: LaneCase, at: Instants) -> str:
    opens_at, closes_at = row.window.opens_at, row.window.closes_at
    if opens_at is None or closes_at is None:
        return ""
    return f"{at.bare(opens_at)}, closes {at.bare(closes_at)}"


def gist_of(row: LaneCase) -> str:
    """Return what would put it right, or else what happened, in its first words. Empty where nothing is in words."""
    return first_words(row.demand or row.story, FIRST_WORDS)


def times_said(row: LaneCase) -> str:
    """Say `×3` of somebody who came three times, and nothing of whoever came once."""
    return f"×{row.times}" if row.times > 1 else ""


def tries_said(tries: int) -> str:
    """Say how many calls were in vain, empty for none."""
    return "" if tries == 0 else f"{tries} {'try' if tries == 1 else 'tries'}"


def for_whom_said(row: LaneCase, names: Mapping[str, str], away: Mapping[str, datetime], at: Instants) -> str:
    """Say for which colleague something waits, such as `for Dan, away until 14:00 EST`, and nothing where for nobody
    else. Names, and until when who is away, are by ids of staff.
    """
    if not row.waits_for:
        return ""
    return f"for {names.get(row.waits_for, row.waits_for)}, {away_said(away.get(row.waits_for), at)}"


def tags_of(lane: Lane, row: LaneCase) -> Iterator[str]:
    """Yield what whoever calls has to know first."""
    if row.flags.is_supervisor_asked:
        yield "supervisor asked"
    if lane is Lane.CALL_NOW and row.window.missed_at is not None:
        yield "missed before"
    if row.flags.is_listen_first:
        yield "listen first"
    if row.flags.is_recording_refused:
        yield "refused recording"
    if row.flags.is_silent:
        yield "said nothing"
    if row.channel is not Channel.PHONE:
        yield "by text"


def count_said(count: int, *, is_more: bool) -> str:
    """Say how many cases a lane has, such as `200+` where nobody counted on."""
    return f"{count}+" if is_more else str(count)


def kept_said(kept: int, promised: int) -> str:
    """Say how many of today's promises were kept."""
    return f"kept today {kept} of {promised}" if promised else "no promise was due today yet"


def on_line_said(callers: int) -> str:
    """Say how many callers speak with the hotline now, empty for none."""
    return f"{callers} on the line now" if callers else ""

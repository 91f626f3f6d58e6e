"""The first screen in words. It has a count for each lane, the next call as a card, the lanes, and the day's log.

Whether a window is open, opens later or was missed stands in words in each row, and never in a colour alone.
Knows: what there is to do, instants. Must not know: routes, tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.domain.ticket import Channel
from voicebot.service.history import Verb
from voicebot.service.ports import DayEntry, Lane, LaneCase
from voicebot.service.ports.lanes import FIRST_WORDS
from voicebot.service.queries.today import PER_PAGE, LaneView, NextCall, Today, TodayAsk
from voicebot.service.wording.lanes import (
    LANES,
    count_said,
    for_whom_said,
    gist_of,
    kept_said,
    on_line_said,
    row_clock,
    tags_of,
    times_said,
    tries_said,
)
from voicebot.service.wording.names import away_said, first_words, here_said, who_said

_DEEDS: Mapping[str, str] = MappingProxyType(
    {
        Verb.REPEAT_CALL: "They rang again",
        Verb.RANG_IN: "They rang in and talked",
        Verb.TEXT_RECEIVED: "They wrote",
        Verb.PROMISE_BROKEN: "A promised call was missed",
    }
)
"""What is said without the name of whoever the history names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a lane."""

    case: str
    anchor: str
    """The place to come back to, empty for a case that stands further up as well."""
    urgency: str
    """Name of a style, one of missed, soon, ahead or quiet."""
    left: str
    """How much time there is, such as `9 min left`, `14 h overdue`."""
    window: str
    """Whether the window is open, until when, or when it opens."""
    who: str
    times: str
    """`×3` for somebody who came three times, else empty."""
    gist: str
    """What would put it right, or else what happened."""
    has_words: bool
    locale: str
    owner: str
    is_mine: bool
    owner_away: str
    """Until when the owner is away, empty while they are not."""
    tries: str
    kind: str
    """What kind of complaint it is, empty until staff said it."""
    tags: tuple[str, ...]
    here: str
    """Who of the others has the case open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneList:
    """A lane as a list."""

    lane: Lane
    title: str
    count: str
    rows: tuple[Row, ...]
    nothing: str
    is_more: bool
    """Whether there are more than the rows that are shown."""
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NextCallCard:
    """Whom to call next, and what to know before."""

    row: Row
    title: str
    number: str
    """Of the case, for the address of its voice."""
    has_number: bool
    """Whether there is anything to ring."""
    voice_id: str
    words: str
    """The promise as it was said, empty when nobody was told."""
    words_locale: str
    said_at: str
    demand: str
    story: str
    tries: str
    flags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """A line of the day's log."""

    key: str
    at: str
    machine: str
    case: str
    said: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayPage:
    """The page."""

    counts: tuple[LaneList, ...]
    lanes: tuple[LaneList, ...]
    """Those with something in them, or the one that was asked for."""
    card: NextCallCard | None
    kept: str
    on_line: str
    """How many callers speak with the hotline now, empty for none."""
    log: tuple[Logged, ...]
    is_first: bool
    zone: str
    read_at: str
    number: int
    pages: int
    """Of the lane that is shown by itself. 1 where all are shown."""


def today_page(today: Today, ask: TodayAsk) -> TodayPage:
    """Return the page for what was found."""
    instants = Instants(zone=today.zone, now=today.now)
    words = _Words(today, ask, instants)
    lists = tuple(words.lane(view) for view in today.lanes)
    chosen = next((view for view in today.lanes if view.lane is ask.lane), None)
    return TodayPage(
        counts=lists,
        lanes=tuple(each for each in lists if each.is_chosen or (ask.lane is None and each.rows)),
        card=None if today.next_call is None else words.card(today.next_call),
        kept=kept_said(today.kept, today.promised),
        on_line=on_line_said(today.on_line),
        log=tuple(_logged(entry, today.names, instants) for entry in today.log),
        is_first=today.is_first,
        zone=today.zone,
        read_at=instants.brief(today.now),
        number=ask.page,
        pages=1 if chosen is None else max(1, -(-chosen.count // PER_PAGE)),
    )


class _Words:
    """Says rows of one screen. It knows which cases stood further up."""

    def __init__(self, today: Today, ask: TodayAsk, instants: Instants) -> None:
        self._names = today.names
        self._away = today.away
        self._called = today.called
        self._kinds = today.kinds
        self._ask = ask
        self._at = instants
        self._seen: set[str] = set()

    def lane(self, view: LaneView) -> LaneList:
        title, nothing = LANES[view.lane]
        return LaneList(
            lane=view.lane,
            title=title,
            count=count_said(view.count, is_more=view.is_more),
            rows=tuple(self.row(view.lane, row) for row in view.rows),
            nothing=nothing,
            is_more=view.count > len(view.rows),
            is_chosen=view.lane is self._ask.lane,
        )

    def row(self, lane: Lane, row: LaneCase) -> Row:
        case = written(row.case_number)
        anchor = "" if case in self._seen else f"case-{case}"
        self._seen.add(case)
        gist = gist_of(row)
        clock = row_clock(lane, row, self._at)
        return Row(
            case=case,
            anchor=anchor,
            urgency=clock.urgency,
            left=clock.left,
            window=clock.window,
            who=who_said(self._called.get(row.ticket_id, ""), row.number_end),
            times=times_said(row),
            gist=gist or "Nothing in words.",
            has_words=bool(gist),
            locale=row.locale,
            owner=self._names.get(row.owner_id, row.owner_id),
            is_mine=row.owner_id == self._ask.member_id,
            owner_away=away_said(self._away.get(row.owner_id), self._at),
            tries=tries_said(row.tries),
            kind=self._kinds.get(row.flags.category, ""),
            tags=tuple(filter(None, (for_whom_said(row, self._names, self._away, self._at), *tags_of(lane, row)))),
            here=here_said(row.here),
        )

    def card(self, found: NextCall) -> NextCallCard:
        row, promise = found.row, found.promise
        shown = self.row(found.lane, row)
        flags = (f"came {row.times} times",) if row.times > 1 else ()
        return NextCallCard(
            row=shown,
            title="Next call" if found.lane is Lane.CALL_NOW else f"Next call, {shown.window or 'missed'}",
            number=shown.case,
            has_number=bool(row.number_end),
            voice_id="" if found.voice is None else found.voice.id,
            words="" if promise is None else promise.words,
            words_locale="" if promise is None else promise.locale,
            said_at="" if promise is None else self._at.said(promise.made_at),
            demand=first_words(row.demand, FIRST_WORDS),
            story=first_words(row.story, FIRST_WORDS),
            tries=f"tries: {row.tries} of {found.tries_asked}",
            flags=(*(each.said for each in found.adjustments), *shown.tags, *flags),
        )


def _logged(entry: DayEntry, names: Mapping[str, str], instants: Instants) -> Logged:
    is_note = entry.verb == Verb.NOTE_WRITTEN
    return Logged(
        key=str(entry.row),
        at=instants.bare(entry.at),
        machine=instants.machine(entry.at),
        case=written(entry.case_number),
        said=_deed(entry, names.get(entry.actor, entry.actor)),
        words=first_words(entry.after, FIRST_WORDS) if is_note else "",
    )


def _deed(entry: DayEntry, name: str) -> str:
    if entry.verb == Verb.TICKET_OPENED:
        return "Somebody wrote" if entry.channel is Channel.SMS else "Somebody rang"
    if entry.verb == Verb.COMPLAINANT_CALLED:
        return f"{name} spoke with them"
    if entry.verb == Verb.COMPLAINANT_TRIED:
        return f"{name} rang, and reached nobody"
    if entry.verb == Verb.TALK_TAKEN_BACK:
        return f"{name} took back a talk"
    if entry.verb == Verb.NOTE_WRITTEN:
        return f"{name} noted"
    return _DEEDS[entry.verb]

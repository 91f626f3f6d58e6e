"""What there is to do now. It has the lanes, the next call before it is made, how many promises of today were kept, and
what happened today.

Read only, and as cheap with many cases as with few.
Knows: lanes, promises, the company's day. Must not know: SQL, colours, addresses.
Source: console.md 6 (first screen), complaints.md D-04 (card before the call).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from voicebot.domain.adjustment import Adjustment
from voicebot.domain.case_number import read_case_number
from voicebot.domain.promise import Promise, PromiseState
from voicebot.domain.ticket import Answer
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ports import DayEntry, Lane, LaneCase, LaneQuery, Period
from voicebot.service.ports.lanes import MOST_COUNTED
from voicebot.service.queries.case_view import promise_shown
from voicebot.service.queries.category import kinds_called
from voicebot.service.queries.live_calls import calls_shown
from voicebot.service.queries.presence import who_is_here
from voicebot.service.staff.absence import who_is_away
from voicebot.service.staff.members import has_say, member_names

PER_PAGE = 50
"""Rows of a lane that is shown by itself."""

SHOWN: Mapping[Lane, int] = MappingProxyType(
    {Lane.CALL_NOW: 20, Lane.MISSED: 20, Lane.LATER: 20, Lane.NEXT_DAYS: 5, Lane.NO_DATE: 10, Lane.MINE: 10}
)
"""Rows of each lane where all are shown."""

LOGGED = 30
"""Lines of the day's log."""

TOLD_OF = (
    *(Verb.TICKET_OPENED, Verb.REPEAT_CALL, Verb.RANG_IN, Verb.TEXT_RECEIVED),
    *(Verb.COMPLAINANT_CALLED, Verb.COMPLAINANT_TRIED, Verb.TALK_TAKEN_BACK, Verb.PROMISE_BROKEN, Verb.NOTE_WRITTEN),
)
"""What the day's log tells, which is who came, who was reached by whom, what was missed, what was noted."""

CALLED = (Lane.CALL_NOW, Lane.MISSED, Lane.LATER)
"""Lanes of calls, the first to be made first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayAsk:
    """Whose screen, and what of it."""

    member_id: str
    is_mine_only: bool = False
    """Only cases that this member owns."""
    lane: Lane | None = None
    """Only this lane, in pages. None for the head of each."""
    page: int = 1
    aside: frozenset[str] = frozenset()
    """Case numbers that the member does not want to call now, written in any way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneView:
    """One lane, as much of it as is shown."""

    lane: Lane
    rows: tuple[LaneCase, ...]
    count: int
    is_more: bool
    """Whether there are more than are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NextCall:
    """Whom to call next, with what to know before."""

    lane: Lane
    row: LaneCase
    promise: Promise | None
    """What was promised, in its words. After a miss without a new window the promise that was missed."""
    voice: Answer | None
    """Where the caller's own voice can be heard."""
    adjustments: tuple[Adjustment, ...]
    """What was agreed with whoever has the number to call."""
    tries_asked: int
    """So many calls in vain the policy asks for before a case counts as not reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Today:
    """The first screen."""

    now: datetime
    zone: str
    lanes: tuple[LaneView, ...]
    next_call: NextCall | None
    kept: int
    promised: int
    """Of today's promises those that were kept or missed."""
    log: tuple[DayEntry, ...]
    names: Mapping[str, str]
    """Of owners and of who did something, by their ids."""
    away: Mapping[str, datetime]
    """Who of the staff is away, and until when, by their ids."""
    called: Mapping[str, str]
    """What complainants are called where somebody wrote it down, by ids of their cases."""
    on_line: int
    """Callers who speak with the hotline at this moment."""
    kinds: Mapping[str, str]
    """What staff call the kinds of complaint that are shown, by their ids."""
    is_first: bool
    """True while there has never been any case."""


def view_today(hotline: Hotline, ask: TodayAsk) -> Today:
    """Return what there is to do now for a member. What waits for whoever is away waits for those with a say, too."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        begins_at, ends_at = day_of(context)
        away = who_is_away(context)
        looks_after = has_say(work, context.policy, ask.member_id)
        query = LaneQuery(
            now=context.now,
            day_ends_at=ends_at,
            member_id=ask.member_id,
            away=away.keys() - {ask.member_id} if looks_after else (),
            owner_id=ask.member_id if ask.is_mine_only else None,
        )
        lanes = _with_presence(context, ask, _lanes(context, ask, query))
        log = tuple(work.lanes.log(begins_at, TOLD_OF, LOGGED))
        kept, promised = work.figures.kept(Period(edges=(begins_at, ends_at)), context.now)
        ids = {each for view in lanes for row in view.rows for each in (row.owner_id, row.waits_for)}
        ids = (ids - {""}) | {entry.actor for entry in log}
        return Today(
            now=context.now,
            zone=context.policy.calendar.zone,
            lanes=lanes,
            next_call=_next_call(context, ask, lanes),
            kept=kept,
            promised=promised,
            log=log,
            names=member_names(work, context.policy, ids),
            away=away,
            called=work.fields.names({row.ticket_id for view in lanes for row in view.rows}),
            on_line=len(calls_shown(work, ends_at)),
            kinds=kinds_called(context.policy.categories, (row.flags.category for view in lanes for row in view.rows)),
            is_first=not log and not any(view.count for view in lanes) and work.cases.is_empty(),
        )


def day_of(context: Context) -> tuple[datetime, datetime]:
    """Return where the company's day begins and ends."""
    zone = ZoneInfo(context.policy.calendar.zone)
    day = context.now.astimezone(zone).date()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _lanes(context: Context, ask: TodayAsk, query: LaneQuery) -> tuple[LaneView, ...]:
    counts = context.work.lanes.counts(query)
    return tuple(
        LaneView(
            lane=lane,
            rows=_rows(context, ask, query, lane=lane) if counts[lane] and ask.lane in (None, lane) else (),
            count=min(counts[lane], MOST_COUNTED),
            is_more=counts[lane] > MOST_COUNTED,
        )
        for lane in Lane
    )


def _with_presence(context: Context, ask: TodayAsk, lanes: tuple[LaneView, ...]) -> tuple[LaneView, ...]:
    """Return the lanes with who else has which case open."""
    here = who_is_here(context, {row.ticket_id for view in lanes for row in view.rows})
    others = {
        ticket_id: tuple(name for member_id, name in names.items() if member_id != ask.member_id)
        for ticket_id, names in here.items()
    }
    return tuple(
        replace(view, rows=tuple(replace(row, here=others.get(row.ticket_id, ())) for row in view.rows))
        for view in lanes
    )


def _rows(context: Context, ask: TodayAsk, query: LaneQuery, *, lane: Lane) -> tuple[LaneCase, ...]:
    stretch = replace(query, limit=SHOWN[lane])
    if ask.lane is not None:
        stretch = replace(query, limit=PER_PAGE, offset=(ask.page - 1) * PER_PAGE)
    return tuple(context.work.lanes.page(lane, stretch))


def _next_call(context: Context, ask: TodayAsk, lanes: tuple[LaneView, ...]) -> NextCall | None:
    """Return the first call of the first lane that has one, without those that are put aside or in other hands.

    Where one lane is shown by itself, it is the first of that.
    """
    aside = {read_case_number(each) for each in ask.aside}
    for view in (view for view in lanes if view.lane in CALLED):
        row = next((row for row in view.rows if row.case_number not in aside and not row.here), None)
        if row is not None:
            return _card(context, view.lane, row)
    return None


def _card(context: Context, lane: Lane, row: LaneCase) -> NextCall:
    promises = context.work.promises.of_ticket(row.ticket_id)
    told = [each for each in promises if each.state in (PromiseState.OPEN, PromiseState.BREACHED)]
    promise = max(told, key=lambda each: (each.state is PromiseState.OPEN, each.made_at), default=None)
    answers = context.work.tickets.answers(row.ticket_id)
    return NextCall(
        lane=lane,
        row=row,
        promise=None if promise is None else promise_shown(promise),
        voice=next((answer for answer in answers if answer.audio_key is not None), None),
        adjustments=tuple(context.work.adjustments.of_cases([row.ticket_id]).get(row.ticket_id, ())),
        tries_asked=context.policy.endings.tries,
    )

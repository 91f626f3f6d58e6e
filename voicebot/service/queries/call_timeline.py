"""The life of each call of a case in order, from all parts. The parts are carrier, caller, web, flow, worker and staff.

Merged at reading from the rows of what was done (turns, history, receipts, promises) and the events that tell what no
other row does. Nothing is stored twice. What concerns the case and no call of it stands with the call that came before
it. Holds no telephone number, no digits and no words, so details are shown of those verbs only that are known to hold
none.
Knows: which rows a case has. Must not know: tables, terminals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicebot.domain.call import Call
from voicebot.domain.call_event import CallEvent, Part
from voicebot.domain.case_number import written
from voicebot.domain.instants import written_stretch
from voicebot.domain.promise import Promise, PromiseState
from voicebot.domain.ticket import HistoryEntry
from voicebot.service.history import NAMING_NOBODY, OF_A_WINDOW, Verb
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import find_ticket
from voicebot.service.ports import UnitOfWork
from voicebot.service.queries.turn_timeline import LifeLine, session_of, turn_lines

Ranked = tuple[int, LifeLine]
"""A line with its rank among lines of one instant.

First comes what came, then what it led to, then what was said back.
"""

WRAPPING_UP = timedelta(seconds=2)
"""What the end of a call leaves is written a little after the instant that counts as its end."""

_ACTORS = {"caller": Part.CALLER, "carrier": Part.CARRIER, "worker": Part.WORKER, "system": Part.FLOW}


@dataclass(frozen=True, kw_only=True, slots=True)
class CallLife:
    """One call and what happened, oldest first."""

    call_id: str
    carrier_call_id: str
    started_at: datetime
    ended_at: datetime | None
    end: str
    way: str
    lines: tuple[LifeLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLife:
    """Every call of a case."""

    case: str
    zone: str
    calls: tuple[CallLife, ...]
    beside: tuple[LifeLine, ...]
    """What happened before the first call, or without any, as when the case came by text."""


def view_calls(hotline: Hotline, case: str) -> CaseLife:
    """Return the life of each call of a case. Raises: Refused when there is none of that number."""
    zone = hotline.flows.current_policy().calendar.zone
    with hotline.look() as work:
        ticket = find_ticket(work, case)
        ids = (ticket.id, *work.tickets.merged_into(ticket.id))
        calls = sorted((call for each in ids for call in work.calls.of_ticket(each)), key=lambda call: call.started_at)
        of_calls: dict[str, list[Ranked]] = {call.id: list(_own_lines(work, call)) for call in calls}
        beside: list[Ranked] = []
        for call_id, (rank, line) in _case_lines(work, ids, zone):
            call = _latest(calls, line.at)
            own = of_calls.get(call_id or (call.id if call else ""), beside)
            own.append((rank, _by_whom(line, call)))
    lives = tuple(_life(call, of_calls[call.id]) for call in calls)
    return CaseLife(case=written(ticket.case_number), zone=zone, calls=lives, beside=_ordered(beside))


def _life(call: Call, lines: list[Ranked]) -> CallLife:
    return CallLife(
        call_id=call.id,
        carrier_call_id=call.carrier_call_id,
        started_at=call.started_at,
        ended_at=call.ended_at,
        end=call.end or "",
        way=call.way,
        lines=_ordered(lines),
    )


def _ordered(lines: list[Ranked]) -> tuple[LifeLine, ...]:
    return tuple(line for _, line in sorted(lines, key=lambda ranked: (ranked[1].at, ranked[0])))


def _latest(calls: Sequence[Call], at: datetime) -> Call | None:
    """Return the call that had begun last at an instant, or None when none had."""
    return next((call for call in reversed(calls) if call.started_at <= at), None)


def _by_whom(line: LifeLine, call: Call | None) -> LifeLine:
    """Return the line with its part. What nobody in particular did after a call was over, the worker did."""
    is_over = call is None or (call.ended_at is not None and line.at > call.ended_at + WRAPPING_UP)
    return replace(line, part=Part.WORKER) if line.part is Part.FLOW and is_over else line


def _own_lines(work: UnitOfWork, call: Call) -> Iterator[Ranked]:
    number = "a number" if call.caller_number else "no number"
    yield 0, LifeLine(at=call.started_at, part=Part.CARRIER, what="call_received", detail=f"from {number}")
    asked = None
    for turn in work.calls.turns(call.id):
        answer = work.tickets.answer_of_turn(call.id, turn.number - 1)
        yield from turn_lines(turn, asked=asked, answer=answer)
        asked = session_of(turn)


# --- what belongs to the case ------------------------------------------------------------------------------


def _case_lines(work: UnitOfWork, ids: Sequence[str], zone: str) -> Iterator[tuple[str | None, Ranked]]:
    """Yield lines of the case, each with the id of its call where it has one."""
    for ticket_id in ids:
        for entry in work.tickets.history(ticket_id):
            yield None, (3, _history_line(entry, zone))
        for event in work.events.of_ticket(ticket_id):
            yield event.call_id, (_rank(event), _event_line(event))
        for promise in work.promises.of_ticket(ticket_id):
            yield from ((None, (4, line)) for line in _kept_line(promise))
        for sms in work.sms.of_ticket(ticket_id):
            for at, status, code in work.sms.receipt_times(sms.message_sid) if sms.message_sid else ():
                told = f"{sms.template}: {status}" + (f" ({code})" if code else "")
                yield None, (2, LifeLine(at=at, part=Part.CARRIER, what="receipt", detail=told))


def _rank(event: CallEvent) -> int:
    return 2 if event.part is Part.CARRIER else 5


def _event_line(event: CallEvent) -> LifeLine:
    return LifeLine(at=event.at, part=event.part, what=event.what, detail=event.detail)


def _kept_line(promise: Promise) -> Iterator[LifeLine]:
    if promise.state is PromiseState.KEPT and promise.settled_at is not None:
        yield LifeLine(at=promise.settled_at, part=Part.STAFF, what="promise_kept", detail=f"by {promise.kept_by}")


def _history_line(entry: HistoryEntry, zone: str) -> LifeLine:
    part = _ACTORS.get(entry.actor, Part.STAFF)
    who = f"by {entry.actor}" if part is Part.STAFF else ""
    detail = ", ".join(each for each in (_detail(entry, zone), who) if each)
    return LifeLine(at=entry.at, part=part, what=entry.verb, detail=detail)


def _detail(entry: HistoryEntry, zone: str) -> str:
    """Return what may be shown of an entry. Of a verb not known here nothing is."""
    if entry.verb in NAMING_NOBODY:
        return entry.after
    if entry.verb in OF_A_WINDOW:
        return _span(entry.after or entry.before, zone)
    if entry.verb == Verb.ANSWER_KEPT:
        return entry.after.partition("=")[0]
    return f"{entry.before}: {entry.after}" if entry.verb == Verb.TEXT_IMPOSSIBLE else ""


def _span(span: str, zone: str) -> str:
    """Return a window as staff read it. Nothing of one that was erased."""
    if not span:
        return ""
    opens_at, closes_at = (datetime.fromisoformat(at) for at in span.split("/"))
    return written_stretch(opens_at, closes_at, zone)

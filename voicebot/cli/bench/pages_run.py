"""What the list of cases and the figures cost with few cases and with many, each on a database of its own.

A case has two calls, five answers, two promises, a call of ours and ten lines of history, spread over a year; one in
five is open. The same pages are asked for with few and with many, so that the ratio holds on any machine.
Knows: tables, use cases that only read. Must not know: the terminal.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, Table, text

from voicebot.adapters.job_queue import open_jobs
from voicebot.adapters.store import migrate, open_engine, open_store, tables
from voicebot.bootstrap import build_hotline
from voicebot.config import Settings
from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.promise import CallOutcome, KeptEvidence, PromiseState
from voicebot.domain.staff_call import StaffCallKind, StaffCallState
from voicebot.domain.ticket import AnswerState, Channel, CloseReason, TicketStatus
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CaseQuery, GroupBy
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.figures import view_figures
from voicebot.service.queries.today import TodayAsk, view_today

AT_ONCE = 1_000
"""Cases that are written in one statement for each table."""
YEAR = timedelta(days=365)
TRIES = 5
_VERBS = ("ticket_opened", "promise_made", "call_ended", *["answer_kept"] * 5, "complainant_called", "case_answered")
_OWNERS = ("owner_1", "deputy_1", "supervisor_1")
_USUAL = range(1, 100)
"""Of a thousand cases, those of a usual kind of complaint."""
_RARE = range(0, 450, 9)
"""Fifty cases of a rare kind, of however many, so that the page of it holds the same."""
_MIDDLE = min((n for n in range(500) if n % 3 == 1 and n % 5), key=lambda n: abs(n * 7919 % 1000 - 500))
"""A case that stands about in the middle of the closed ones, of which most came back never or twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageCost:
    """What one page cost with so many cases."""

    page: str
    cases: int
    seconds: float
    """The middle one of `TRIES`, after one that is not counted."""


PAGES: dict[str, Callable[[Hotline, int], object]] = {
    "today": lambda hotline, _: view_today(hotline, TodayAsk(member_id=_OWNERS[0])),
    "open cases": lambda hotline, _: list_cases(hotline, CaseQuery(is_open=True, limit=50)),
    "all cases": lambda hotline, _: list_cases(hotline, CaseQuery(limit=50)),
    "open cases of a usual kind": lambda hotline, _: list_cases(
        hotline, CaseQuery(is_open=True, category="usual", limit=50)
    ),
    "all cases of a rare kind": lambda hotline, _: list_cases(hotline, CaseQuery(category="rare", limit=50)),
    "tenth page of all": lambda hotline, _: list_cases(hotline, CaseQuery(limit=50, offset=450)),
    "page in the middle, by number": lambda hotline, cases: list_cases(hotline, CaseQuery(limit=50, offset=cases // 2)),
    "page in the middle, by arrow": lambda hotline, cases: list_cases(
        hotline, CaseQuery(limit=50, offset=cases // 2, behind=case_number(_MIDDLE))
    ),
    "last page of all": lambda hotline, cases: list_cases(hotline, CaseQuery(limit=50, offset=max(0, cases - 50))),
    "figures, 8 weeks": lambda hotline, _: view_figures(hotline, weeks=8),
    "figures, 52 weeks": lambda hotline, _: view_figures(hotline, weeks=52),
    "figures, 52 weeks by owner": lambda hotline, _: view_figures(hotline, weeks=52, by=GroupBy.OWNER),
}


def run_pages(
    settings: Settings, counts: tuple[int, ...], folder: Path, *, database_url: str = ""
) -> Iterator[PageCost]:
    """Fill a fresh database up to each of these numbers of cases, and yield what each page costs then."""
    own = settings.model_copy(update={"data_dir": folder, "database_url": database_url})
    engine, filled = open_engine(own.resolved_database_url()), 0
    migrate(engine)
    hotline = reader_of(engine, own)
    try:
        for cases in counts:
            fill_up_to(engine, cases, there=filled)
            filled = cases
            for page, ask in PAGES.items():
                yield PageCost(page=page, cases=cases, seconds=_middle(partial(ask, hotline, cases)))
    finally:
        engine.dispose()


class NoJobs:
    """Takes jobs and forgets them, because nothing is done here but reading."""

    def __init__(self, _connection: Connection) -> None:
        pass

    def enqueue(self, _job: str, _subject_id: str) -> None:
        """Do nothing."""


def fill_up_to(engine: Engine, cases: int, *, there: int = 0) -> None:
    """Write cases until there are so many, spread over the year up to now."""
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for first in range(there, cases, AT_ONCE):
            _fill(connection, range(first, min(cases, first + AT_ONCE)), now=now)
        connection.execute(text("ANALYZE"))


def case_number(number: int) -> str:
    """Return the nine digits by which one of the written cases is called. One in ten has a right check digit."""
    return str(100_000_000 + number)


def reader_of(engine: Engine, settings: Settings) -> Hotline:
    """Return a hotline that reads by this engine, so that whoever opened it closes every connection."""
    return replace(build_hotline(settings), look=open_store(engine, open_jobs(engine)))


def _middle(ask: Callable[[], object]) -> float:
    return median([_seconds(ask) for _ in range(TRIES + 1)][1:])


def _seconds(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


def _fill(connection: Connection, numbers: range, *, now: datetime) -> None:
    rows = [(number, f"{number:09}", now - (number * 7919 % 1000) / 1000 * YEAR) for number in numbers]
    makers: tuple[tuple[Table, Callable[[int, str, datetime], list[dict[str, Any]]]], ...] = (
        (tables.tickets, _ticket),
        (tables.case_numbers, _case_number),
        (tables.calls, _calls),
        (tables.answers, _answers),
        (tables.promises, _promises),
        (tables.breaches, _breaches),
        (tables.staff_calls, _staff_calls),
        (tables.history, _history),
    )
    for table, make in makers:
        made = [row for number, name, at in rows for row in make(number, name, at)]
        if made:
            connection.execute(table.insert(), made)


def _ticket(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    is_open = number % 5 == 0
    status = TicketStatus.OPEN if is_open else TicketStatus.CLOSED
    words = {"pin": "4071", "locale": "en", "text_trouble": "", "problem": "it came broken " * 20, "demand": "my money"}
    counts = {"supervisor_asks": 0, "reopened": 0, "repeats": number % 3, "hand_offs": number % 4}
    flags = {"may_text": True, "recording_refused": False, "is_listen_first": False}
    own = {
        "id": name,
        "case_number": case_number(number),
        "owner_id": _OWNERS[number % 3],
        "complainant_number": f"+1202{number:07}",
    }
    state = {
        "status": status,
        "channel": Channel.PHONE,
        "opened_at": at,
        "ended_at": None if is_open else at + YEAR / 50,
        "category": "rare" if number in _RARE else "usual" if number % 1000 in _USUAL else "",
    }
    return [{**words, **counts, **flags, **own, **state, "close_reason": None if is_open else CloseReason.AGREED}]


def _case_number(number: int, name: str, _at: datetime) -> list[dict[str, Any]]:
    return [{"case_number": case_number(number), "ticket_id": name}]


def _calls(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    names = {"flow_name": "complaint", "flow_digest": "x", "policy_digest": "x", "called_number": "+12025550100"}
    same = {**names, "ticket_id": name, "status": CallStatus.ENDED, "way": Way.STREAM, "locale": "en"}
    counts = {"stream_losses": 0, "turn_number": 9, "end": CallEnd.COMPLETED, "caller_number": f"+1202{number:07}"}
    return [
        {**same, **counts, "id": f"{name}-{n}", "carrier_call_id": f"CA{name}-{n}"}
        | {"started_at": at + n * YEAR / 365, "ended_at": at + n * YEAR / 365 + timedelta(seconds=90 + number % 200)}
        | {"last_heard_at": at}
        for n in range(2)
    ]


def _answers(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    same = {"ticket_id": name, "at": at, "text": "it came broken", "words_json": "[]", "duration_s": 3.0, "attempts": 0}
    slots = ("story", "remedy", "sms", "sms", "window")
    return [
        {**same, "id": f"{name}-{n}", "call_id": f"{name}-{n % 2}", "turn_number": n, "slot": slot}
        | {"state": AnswerState.DONE}
        for n, slot in enumerate(slots)
    ]


def _promises(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    return [_promise(number, name, at, attempt=attempt) for attempt in (1, 2)]


def _promise(number: int, name: str, at: datetime, *, attempt: int) -> dict[str, Any]:
    closes_at = at + attempt * timedelta(hours=6)
    last = PromiseState.OPEN if number % 5 == 0 else PromiseState.KEPT
    state = last if attempt == 2 else (PromiseState.BREACHED if number % 7 == 0 else PromiseState.MOVED)
    words = {"target": "standard", "words": "we call you", "locale": "en", "why_json": "{}"}
    window = {"window_opens_at": closes_at - timedelta(hours=2), "window_closes_at": closes_at, "made_at": at}
    kept = {"settled_at": closes_at, "kept_evidence": KeptEvidence.CALL if state is PromiseState.KEPT else None}
    flags = {"confirmed_by_caller": True, "is_silent": False, "attempt": attempt, "state": state}
    return {**words, **window, **kept, **flags, "id": f"{name}-{attempt}", "ticket_id": name}


def _breaches(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    own = {"id": name, "promise_id": f"{name}-1", "ticket_id": name, "at": at + timedelta(hours=6), "ended_at": at}
    return [own] if number % 7 == 0 else []


def _staff_calls(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    people = {
        "member_id": "owner_1",
        "ordered_by": "owner_1",
        "keyed": "1",
        "answered_by": "",
        "dial_status": "completed",
    }
    instants = dict.fromkeys(
        ("ordered_at", "state_at", "not_before", "ended_at", "dialled_at"), at + timedelta(hours=11)
    )
    flags = {"was_bridged": True, "agreed": True, "refused": False, "tries": 1, "talk_s": 120, "waited_s": number % 30}
    own = {"id": name, "purpose": name, "kind": StaffCallKind.CALLBACK, "ticket_id": name, "promise_id": f"{name}-2"}
    return [{**people, **instants, **flags, **own, "state": StaffCallState.ENDED, "result": CallOutcome.REACHED}]


def _history(number: int, name: str, at: datetime) -> list[dict[str, Any]]:
    same = {"ticket_id": name, "actor": "owner_1", "before": "", "after": ""}
    return [{**same, "verb": verb, "at": at + n * timedelta(hours=2)} for n, verb in enumerate(_VERBS)]

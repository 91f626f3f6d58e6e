"""The lanes of the first screen, on both databases: which case stands where, in which order, at what cost."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.builders import MONDAY_TEN, a_breach, a_case_task, a_decision_term, a_promise, a_ticket
from tests.databases import copy_of
from voicebot.adapters.store import SqlUnitOfWork, open_store
from voicebot.domain.decision_term import TermState
from voicebot.domain.promise import FIND_NUMBER, PromiseState
from voicebot.domain.ticket import HistoryEntry, TicketStatus
from voicebot.service.ports import Lane, LaneCase, LaneQuery
from voicebot.service.ports.lanes import MOST_COUNTED, Why

from .conftest import NoJobs

Maker = Callable[[], SqlUnitOfWork]
HOUR = timedelta(hours=1)
NOW = MONDAY_TEN
DAY_END = MONDAY_TEN + 14 * HOUR


def ask(**changes: Any) -> LaneQuery:
    return replace(LaneQuery(now=NOW, day_ends_at=DAY_END, member_id="owner_1"), **changes)


def a_case(work: SqlUnitOfWork, name: str, opens: float | None, closes: float = 0, **ticket: object) -> None:
    """Store a case with a promise whose window begins and ends so many hours from now, and one without for None."""
    promise = {"target": ticket.pop("target", "standard"), "is_silent": ticket.pop("is_silent", False)}
    work.tickets.add(a_ticket(**{"id": name, "case_number": name, **ticket}))
    if opens is not None:
        window = {"window_opens_at": NOW + opens * HOUR, "window_closes_at": NOW + closes * HOUR}
        work.promises.add(a_promise(id=f"p-{name}", ticket_id=name, **window, **promise))


def a_miss(work: SqlUnitOfWork, name: str, hours_ago: float, *, target: str = "standard") -> None:
    """Store a promise of a case that was missed, and after which nobody was reached."""
    at, key = NOW - hours_ago * HOUR, f"m-{name}-{hours_ago}"
    window = {"window_opens_at": at - HOUR, "window_closes_at": at}
    work.promises.add(a_promise(id=key, ticket_id=name, state=PromiseState.BREACHED, target=target, **window))
    work.promises.add_breach(a_breach(id=key, promise_id=key, ticket_id=name, at=at))


def lanes_of(unit_of_work: Maker, **changes: object) -> dict[str, list[str]]:
    """Read all lanes by the names of their cases, and hold their counts to them."""
    with unit_of_work() as work:
        found = {lane: names(work.lanes.page(lane, ask(**changes))) for lane in Lane}
        assert work.lanes.counts(ask(**changes)) == {lane: len(each) for lane, each in found.items()}
    return {lane: each for lane, each in found.items() if each}


def names(rows: Iterable[LaneCase]) -> list[str]:
    return [row.case_number for row in rows]


def fill(unit_of_work: Maker) -> None:
    """Store a case for each way in which a call can be owed."""
    with unit_of_work() as work:
        a_case(work, "open", -1, 1, owner_id="deputy_1")
        a_case(work, "second", -0.5, 0.5)
        a_miss(work, "second", 3)
        a_case(work, "missed", 2, 4)
        a_miss(work, "missed", 5)
        a_miss(work, "missed", 1)
        a_case(work, "unnoticed", -2, 0)
        a_case(work, "later", 3, 5, owner_id="deputy_1")
        a_case(work, "tomorrow", 23, 25)
        a_case(work, "nameless", 1, 9, target=FIND_NUMBER, complainant_number=None)
        a_case(work, "lost", None, complainant_number=None)
        a_miss(work, "lost", 2, target=FIND_NUMBER)
        a_case(work, "quiet", None)
        a_case(work, "closed", -1, 1, status=TicketStatus.CLOSED)
        work.commit()


def test_a_call_that_can_be_kept_stands_apart_from_what_is_missed_and_what_is_later(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    assert lanes_of(unit_of_work) == {
        Lane.CALL_NOW: ["second", "open"],
        Lane.MISSED: ["missed", "unnoticed"],
        Lane.LATER: ["later"],
        Lane.NEXT_DAYS: ["tomorrow"],
        Lane.NO_DATE: ["lost", "nameless"],
    }


def test_lanes_can_be_of_one_owner(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    assert lanes_of(unit_of_work, owner_id="deputy_1") == {Lane.CALL_NOW: ["open"], Lane.LATER: ["later"]}


def test_a_row_has_its_clocks_the_second_promise_beside_the_miss(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    with unit_of_work() as work:
        (second, _open) = work.lanes.page(Lane.CALL_NOW, ask())
        (missed, unnoticed) = work.lanes.page(Lane.MISSED, ask())
    assert (second.window.closes_at, second.window.missed_at) == (NOW + 0.5 * HOUR, NOW - 3 * HOUR)
    new = (missed.window.missed_at, missed.window.opens_at, missed.window.closes_at)
    assert new == (NOW - 5 * HOUR, NOW + 2 * HOUR, NOW + 4 * HOUR)
    assert (unnoticed.window.missed_at, unnoticed.window.closes_at) == (NOW, None)


def test_each_edge_of_a_window_and_of_the_day_belongs_to_one_lane(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        a_case(work, "it", 1, 3)
        work.commit()
    second = timedelta(seconds=1)
    seen: list[tuple[datetime, Lane]] = [
        (NOW + HOUR - second, Lane.LATER),
        (NOW + HOUR, Lane.CALL_NOW),
        (NOW + 3 * HOUR - second, Lane.CALL_NOW),
        (NOW + 3 * HOUR, Lane.MISSED),
    ]
    for at, lane in seen:
        assert lanes_of(unit_of_work, now=at) == {lane: ["it"]}
    assert lanes_of(unit_of_work, day_ends_at=NOW + HOUR) == {Lane.NEXT_DAYS: ["it"]}


@pytest.mark.requirement("S3-06")
def test_of_calls_that_close_together_the_supervisor_leads_then_who_came_back_then_the_oldest(
    unit_of_work: Maker,
) -> None:
    with unit_of_work() as work:
        a_case(work, "silent", -1, 1, is_silent=True, supervisor_asked_at=NOW)
        a_case(work, "young", -1, 1, opened_at=NOW)
        a_case(work, "old", -1, 1, opened_at=NOW - HOUR)
        a_case(work, "again", -1, 1, opened_at=NOW, repeats=1)
        a_case(work, "boss", -1, 1, opened_at=NOW, supervisor_asked_at=NOW)
        a_case(work, "sooner", -1, 0.5, opened_at=NOW)
        work.commit()
    assert lanes_of(unit_of_work) == {Lane.CALL_NOW: ["sooner", "boss", "again", "old", "young", "silent"]}
    with unit_of_work() as work:
        stretch = names(work.lanes.page(Lane.CALL_NOW, ask(limit=2, offset=3)))
    assert stretch == ["old", "young"]


def test_a_case_waits_for_whoever_has_something_to_do_in_it(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for name in ("task", "done", "theirs", "asked-me", "late", "today", "next-week"):
            a_case(work, name, None)
        a_case(work, "offer", None, offered_to="owner_1")
        a_case(work, "look", None, refusal_asked_by="deputy_1")
        a_case(work, "own-look", None, refusal_asked_by="owner_1")
        a_case(work, "not-mine", None, owner_id="deputy_1")
        a_case(work, "over", None, offered_to="owner_1", status=TicketStatus.CLOSED)
        for name, facts in {"task": {}, "done": {"done_at": NOW}, "theirs": {"assignee_id": "deputy_1"}}.items():
            task = a_case_task(id=name, ticket_id=name, due_at=NOW + HOUR)
            work.case_tasks.add(replace(task, **{"assignee_id": "owner_1", **facts}))
        for name, due in {"today": 5, "not-mine": 5, "next-week": 150}.items():
            work.decision_terms.add(a_decision_term(id=name, ticket_id=name, due_at=NOW + due * HOUR))
        late = a_decision_term(id="late", ticket_id="late", state=TermState.LATE, due_at=NOW - 9 * HOUR)
        work.decision_terms.add(replace(late, ended_at=None))
        work.commit()
    assert lanes_of(unit_of_work)[Lane.MINE] == ["late", "look", "offer", "task", "today"]
    with unit_of_work() as work:
        why = {row.case_number: row.why for row in work.lanes.page(Lane.MINE, ask())}
    assert why == {
        "late": Why.DECISION,
        "look": Why.SECOND_LOOK,
        "offer": Why.OFFER,
        "task": Why.TASK,
        "today": Why.DECISION,
    }


def test_what_waits_for_who_is_away_waits_for_whoever_looks_after_it_with_for_whom(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for name in ("task", "both"):
            a_case(work, name, None)
            work.case_tasks.add(a_case_task(id=name, ticket_id=name, due_at=NOW + HOUR, assignee_id="deputy_1"))
        work.case_tasks.add(a_case_task(id="mine", ticket_id="both", due_at=NOW + HOUR, assignee_id="owner_1"))
        a_case(work, "offer", None, offered_to="deputy_1")
        a_case(work, "decision", None, owner_id="deputy_1")
        work.decision_terms.add(a_decision_term(id="decision", ticket_id="decision", due_at=NOW + HOUR))
        work.commit()
    assert lanes_of(unit_of_work)[Lane.MINE] == ["both"]
    with unit_of_work() as work:
        seen = {row.case_number: row.waits_for for row in work.lanes.page(Lane.MINE, ask(away={"deputy_1"}))}
    assert seen == {"task": "deputy_1", "offer": "deputy_1", "decision": "deputy_1", "both": ""}


def test_a_row_counts_returns_and_tries_since_the_last_talk_and_shows_four_digits(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        a_case(work, "it", -1, 1, repeats=1, demand="d" * 300, problem="s" * 300, complainant_number="+12025551020")
        a_case(work, "other", None, complainant_number="+12025551020")
        a_case(work, "joined", None, complainant_number="+12025551020", status=TicketStatus.MERGED)
        verbs = ("complainant_tried", "complainant_called", "complainant_tried", "note_written", "complainant_tried")
        for verb in verbs:
            work.tickets.note(HistoryEntry(ticket_id="it", at=NOW, actor="owner_1", verb=verb))
        a_case(work, "nobody", 1, 2, target=FIND_NUMBER, complainant_number=None)
        work.tickets.note(HistoryEntry(ticket_id="other", at=NOW, actor="owner_1", verb="complainant_called"))
        work.commit()
    with unit_of_work() as work:
        (row,) = work.lanes.page(Lane.CALL_NOW, ask())
        (nobody,) = work.lanes.page(Lane.NO_DATE, ask())
    assert (row.number_end, row.times, row.tries, row.demand, row.story) == ("1020", 3, 2, "d" * 161, "s" * 161)
    assert (nobody.number_end, nobody.times, nobody.tries) == ("", 1, 0)


def test_the_log_has_what_is_asked_for_of_today_the_newest_first(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        a_case(work, "it", None)
        for minutes, verb in enumerate(("note_written", "ticket_opened", "step_taken", "note_written")):
            at = NOW + timedelta(minutes=minutes)
            work.tickets.note(HistoryEntry(ticket_id="it", at=at, actor="owner_1", verb=verb, after="w" * 300))
        work.commit()
    with unit_of_work() as work:
        found = work.lanes.log(NOW + timedelta(minutes=1), ("note_written", "ticket_opened"), 10)
        assert work.lanes.log(NOW, ("note_written",), 1) == [found[0]]
    assert [(entry.case_number, entry.verb, len(entry.after)) for entry in found] == [
        ("it", "note_written", 161),
        ("it", "ticket_opened", 161),
    ]


def test_a_lane_is_counted_and_paged_up_to_a_limit(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for number in range(MOST_COUNTED + 3):
            a_case(work, f"{number:09}", -1, 1)
        work.commit()
    with unit_of_work() as work:
        assert work.lanes.counts(ask())[Lane.CALL_NOW] == MOST_COUNTED + 1
        assert len(work.lanes.page(Lane.CALL_NOW, ask(limit=50, offset=MOST_COUNTED - 10))) == 10


def test_no_lane_reads_a_whole_table(migrated_file: Path, tmp_path: Path) -> None:
    engine, asked = copy_of(migrated_file, tmp_path / "voicebot.db"), []
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, said, values, *_: asked.append((said, values)))
    with open_store(engine, NoJobs)() as work:
        for lane in Lane:
            work.lanes.page(lane, ask())
        work.lanes.counts(ask(owner_id="owner_1"))
        work.lanes.log(NOW, ("note_written",), 5)
    with engine.connect() as connection:
        plans = [
            row[3]
            for said, values in asked
            if said.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
        ]
    engine.dispose()
    whole = re.compile(r"SCAN (tickets|promises|breaches|decision_terms|case_tasks|history|same|new|tried|talk)\b")
    allowed = ("ix_tickets_refusals", "ix_breaches_missed")
    assert plans
    assert [plan for plan in plans if whole.search(plan) and not plan.endswith(allowed)] == []

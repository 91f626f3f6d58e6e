"""What a reader is shown, on both databases: over random cases, each list holds exactly what may_see allows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.builders import MONDAY_TEN, a_breach, a_call, a_case_task, a_history_entry, a_promise, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.about import THE_MACHINE, Reader, may_see
from voicebot.domain.promise import PromiseState
from voicebot.domain.search_question import read_question
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.service.ports import CallQuery, CaseQuery, Lane, LaneQuery, Stretch

Maker = Callable[..., SqlUnitOfWork]
HOUR = timedelta(hours=1)
PEOPLE = ("owner_1", "owner_2", "supervisor_1")
NUMBER = "+12025550111"
KINDS = ("fee", "conduct")
READERS = (*map(Reader, PEOPLE), Reader("owner_1", frozenset({"conduct"})), Reader("nobody", frozenset(KINDS)))
VERB = "note_written"


@pytest.fixture
def cases(unit_of_work: Maker) -> list[Ticket]:
    """Cases of one number, about nobody or one of three, each with a promise, a task, and perhaps a miss."""
    random, tickets = Random(10), []
    with unit_of_work() as work:
        for number in range(40):
            ticket = a_ticket(
                id=f"t{number:02}",
                case_number=f"{number:09}",
                complainant_number=NUMBER,
                problem=f"a lamp number {number}",
                owner_id=random.choice(PEOPLE),
                about_id=random.choice((None, *PEOPLE)),
                category=random.choice(("", *KINDS)),
                offered_to=random.choice((None, *PEOPLE)),
                status=random.choice((TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED)),
            )
            _store(work, random, ticket)
            tickets.append(ticket)
        work.commit()
    return tickets


def _store(work: SqlUnitOfWork, random: Random, ticket: Ticket) -> None:
    opens = MONDAY_TEN + random.choice((-1, 2)) * HOUR
    window = {"window_opens_at": opens, "window_closes_at": opens + 3 * HOUR}
    work.tickets.add(ticket)
    work.calls.add(a_call(id=f"c{ticket.id}", carrier_call_id=f"CA{ticket.id}", ticket_id=ticket.id))
    work.promises.add(a_promise(id=f"p{ticket.id}", ticket_id=ticket.id, **window))
    if random.random() < 0.3:
        missed = {"window_opens_at": MONDAY_TEN - 9 * HOUR, "window_closes_at": MONDAY_TEN - 8 * HOUR}
        lost = a_promise(id=f"m{ticket.id}", ticket_id=ticket.id, state=PromiseState.BREACHED, **missed)
        work.promises.add(lost)
        work.promises.add_breach(
            a_breach(id=lost.id, promise_id=lost.id, ticket_id=ticket.id, at=MONDAY_TEN - 8 * HOUR)
        )
    work.case_tasks.add(a_case_task(id=f"k{ticket.id}", ticket_id=ticket.id, assignee_id=random.choice(PEOPLE)))
    work.tickets.note(a_history_entry(ticket_id=ticket.id, verb=VERB, at=MONDAY_TEN))


def _shown(work: SqlUnitOfWork) -> dict[str, set[str]]:
    """Return the case numbers that each way of finding cases leads to."""
    query = LaneQuery(
        now=MONDAY_TEN, day_ends_at=MONDAY_TEN + 12 * HOUR, member_id=work.reader.id or "owner_1", limit=99
    )
    lanes = {lane: {row.case_number for row in work.lanes.page(lane, query)} for lane in Lane}
    counts = work.lanes.counts(query)
    assert {lane: len(rows) for lane, rows in lanes.items()} == counts
    pages = {
        "list": work.cases.page(CaseQuery(limit=99), MONDAY_TEN),
        "whole list": work.cases.page(CaseQuery(), MONDAY_TEN),
        "by opening": work.cases.page(CaseQuery(stretch=Stretch(limit=99)), MONDAY_TEN),
    }
    assert work.cases.count(CaseQuery()) == len(pages["list"])
    first = work.tickets.get("t00")
    assert first is not None
    book = work.morning
    later = MONDAY_TEN + 99 * HOUR
    return {
        "lanes": set().union(*lanes.values()),
        "log": {entry.case_number for entry in work.lanes.log(MONDAY_TEN - HOUR, [VERB], 99)},
        **{name: {line.case_number for line in lines} for name, lines in pages.items()},
        "calls": {number for _, number in work.calls.page(CallQuery(stretch=Stretch(limit=99)))},
        "search": {each.case_number for each in work.search.search(read_question("lamp").terms, limit=99)},
        "others": {each.case_number for each in work.tickets.others_of(first, [NUMBER], 99)} | {first.case_number},
        "beside": {each.case_number for each in work.tickets.beside(first, 99)} | {first.case_number},
        "promised": {each.case_number for each in book.promised(later, 99)},
        "oldest": {each.case_number for each in book.oldest(99)},
        "tasks": {f"{int(task.ticket_id[1:]):09}" for task in work.case_tasks.waiting()},
    }


@pytest.mark.requirement("S3-09")
@pytest.mark.parametrize("reader", [*READERS, THE_MACHINE])
def test_each_way_of_finding_cases_shows_what_the_reader_may_see_and_nothing_else(
    unit_of_work: Maker, cases: list[Ticket], reader: Reader
) -> None:
    allowed = {ticket.case_number for ticket in cases if may_see(ticket, reader)}
    assert (len(allowed) < len(cases)) is (reader != THE_MACHINE)
    with unit_of_work(reader=reader) as work:
        for way, found in _shown(work).items():
            assert found | {cases[0].case_number} == allowed | {cases[0].case_number}, way
        assert {each.case_number for each in work.morning.missed(MONDAY_TEN, 99)} <= allowed
        named = {ticket.case_number for ticket in cases if ticket.about_id}
        assert {each.case_number for each in work.tickets.about_staff(99)} == named & allowed
        found = {ticket.case_number for ticket in cases if work.tickets.by_case_number(ticket.case_number)}
    assert found == allowed


def test_the_number_of_a_case_that_was_joined_into_a_hidden_one_leads_nowhere(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="t1", case_number="000000001", about_id="owner_1"))
        joined = a_ticket(id="t2", case_number="000000002")
        work.tickets.add(joined)
        work.tickets.save(replace(joined, status=TicketStatus.MERGED, merged_into="t1"))
        work.commit()
    with unit_of_work(reader=Reader("owner_1")) as work:
        assert work.tickets.by_case_number("000000002") is None
    with unit_of_work(reader=Reader("owner_2")) as work:
        assert work.tickets.by_case_number("000000002") is not None


def test_times_of_a_number_do_not_count_what_is_hidden(unit_of_work: Maker) -> None:
    query = LaneQuery(now=MONDAY_TEN, day_ends_at=MONDAY_TEN + 12 * HOUR, member_id="owner_1")
    with unit_of_work() as work:
        for number, about in enumerate((None, "owner_1")):
            name = f"t{number}"
            work.tickets.add(a_ticket(id=name, case_number=f"{number:09}", complainant_number=NUMBER, about_id=about))
            window = {"window_opens_at": MONDAY_TEN - HOUR, "window_closes_at": MONDAY_TEN + HOUR}
            work.promises.add(a_promise(id=name, ticket_id=name, **window))
        work.commit()
    for reader, times in (("owner_1", [1]), ("owner_2", [2, 2])):
        with unit_of_work(reader=Reader(reader)) as work:
            assert [row.times for row in work.lanes.page(Lane.CALL_NOW, query)] == times


@pytest.mark.requirement("S3-09")
@pytest.mark.parametrize("reader", READERS)
def test_a_line_that_names_a_case_is_shown_to_whoever_may_see_that_case(
    unit_of_work: Maker, cases: list[Ticket], reader: Reader
) -> None:
    lines = {ticket.case_number: f"joined with {ticket.case_number[:3]}-{ticket.case_number[3:]}" for ticket in cases}
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="told", case_number="482719300"))
        for at, line in enumerate((*lines.values(), "12345678 is no case")):
            work.tickets.note(a_history_entry(ticket_id="told", after=line, at=MONDAY_TEN + timedelta(minutes=at)))
        work.commit()
    allowed = [lines[each.case_number] for each in cases if may_see(each, reader)]
    with unit_of_work(reader=reader) as work:
        assert [each.after for each in work.tickets.history("told")] == [*allowed, "12345678 is no case"]

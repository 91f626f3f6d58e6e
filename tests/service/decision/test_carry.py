"""Joined, taken apart, split: no case gains or loses time to decide by it, nor the call that is promised."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.builders import at
from tests.service.decision.deciding import DUE, called_case, current, pass_until, terms
from tests.service.lines import OTHER, Line
from tests.service.texting import write_text
from voicebot.domain.decision_term import DecisionReason, TermState
from voicebot.domain.ticket import NotComplaint, Ruling, Ticket, TicketStatus, ToldBy
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import waiting_for, waiting_no_longer
from voicebot.service.staff.decision import Step, act
from voicebot.service.ticket.ending import answering, dismissing, reopening
from voicebot.service.ticket.splitting import joining, splitting, taking_out

FRIDAY, MONDAY = at("Friday 20 November 2026 10:00:00"), at("Monday 23 November 2026 10:00:00")


def do(line: Line, case: Ticket, step: Step) -> None:
    """Let the owner decide."""
    assert act(line.hotline, case.case_number, step)


def read(line: Line, ticket_id: str) -> Ticket:
    """Read a case."""
    with line.work() as work:
        ticket = work.tickets.get(ticket_id)
    assert ticket is not None
    return ticket


def split_off(line: Line, case: Ticket, which: int) -> Ticket:
    """Make a case of its own of one answer."""
    with line.work() as work:
        chosen = work.tickets.answers(case.id)[which].id
        known = {ticket.id for ticket in work.tickets.all()}
    do(line, case, splitting([chosen], words="another matter", actor="owner_1"))
    with line.work() as work:
        (part,) = (ticket for ticket in work.tickets.all() if ticket.id not in known)
    return part


def due(line: Line, case: Ticket) -> datetime:
    """Return when a case is to be decided."""
    found = current(line, case).due_at
    assert found is not None
    return found


def pauses(line: Line, case: Ticket) -> list[tuple[datetime, datetime]]:
    """Return the pauses that the due instant of a case was found with."""
    reason = DecisionReason.model_validate_json(current(line, case).why_json)
    return [(pause.begins_at, pause.ends_at) for pause in reason.pauses]


@pytest.mark.requirement("D-08")
def test_a_part_is_due_for_its_call_and_its_decision_when_the_whole_was(line: Line) -> None:
    case = line.ticket(line.told_call())
    promised = line.promise(case.id)
    line.step(hours=1)
    part = split_off(line, case, 0)
    assert line.promise(part.id).window == promised.window
    assert "we will call you Wed 18 Nov" in line.promise(part.id).words
    assert (due(line, part), due(line, case)) == (DUE, DUE)
    assert part.opened_at <= case.opened_at + timedelta(seconds=1)


@pytest.mark.requirement("D-08")
def test_words_that_came_later_are_due_later_in_a_case_of_their_own(line: Line) -> None:
    case = called_case(line)
    line.clock.at = FRIDAY
    write_text(line, "and the bill is wrong, too", "SM1")
    line.clock.at = MONDAY
    part = split_off(line, case, -1)
    assert part.opened_at == FRIDAY
    assert (current(line, part).started_at, due(line, part)) == (FRIDAY, FRIDAY + timedelta(days=14))


def test_a_part_keeps_the_kind_and_the_pauses_of_the_whole_and_does_not_wait(line: Line) -> None:
    case = called_case(line)
    do(line, case, being_of_kind("billing", actor="owner_1"))
    line.clock.at = at("Thursday 19 November 2026 10:00:00")
    do(line, case, waiting_for("the receipt", until=date(2026, 11, 30), actor="owner_1"))
    line.clock.at = MONDAY
    part = split_off(line, case, 0)
    assert current(line, part).state is TermState.RUNNING
    assert current(line, part).target == "billing"
    assert pauses(line, part) == [(at("Thursday 19 November 2026 10:00:00"), MONDAY)]
    assert current(line, case).state is TermState.WAITING


def test_a_part_of_a_late_case_has_the_date_that_its_complainant_was_told(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE)
    part = split_off(line, case, 0)
    assert due(line, part) == due(line, case) == at("Wednesday 9 December 2026 18:00:00")


@pytest.mark.requirement("D-08")
def test_the_sooner_decision_stands_after_joining_and_each_case_gets_its_own_back(line: Line) -> None:
    older = called_case(line)
    line.clock.at = MONDAY
    newer = line.ticket(line.told_call("CA2", OTHER))
    before = due(line, newer)
    do(line, older, joining(newer.case_number, words="one matter", actor="owner_1"))
    assert due(line, newer) == DUE < before
    assert [term.state for term in terms(line, older)] == [TermState.DECIDED]
    line.step(days=1)
    do(line, newer, taking_out(older.case_number, words="two matters", actor="owner_1"))
    assert (due(line, older), due(line, newer)) == (DUE, before)
    assert (read(line, older.id).status, read(line, newer.id).status) == (TicketStatus.OPEN, TicketStatus.OPEN)


def test_the_wait_of_the_whole_counts_for_what_is_taken_out(line: Line) -> None:
    older = called_case(line)
    newer = line.ticket(line.told_call("CA2", OTHER))
    do(line, newer, joining(older.case_number, words="one matter", actor="owner_1"))
    line.clock.at = at("Thursday 19 November 2026 10:00:00")
    do(line, older, waiting_for("the receipt", until=date(2026, 11, 30), actor="owner_1"))
    line.clock.at = FRIDAY
    do(line, older, waiting_no_longer(actor="owner_1"))
    do(line, older, taking_out(newer.case_number, words="two matters", actor="owner_1"))
    waited = [(at("Thursday 19 November 2026 10:00:00"), FRIDAY)]
    assert (pauses(line, newer), pauses(line, older)) == (waited, waited)


def test_a_wait_that_lasts_ends_for_what_is_joined_or_taken_out(line: Line) -> None:
    older, newer = called_case(line), line.ticket(line.told_call("CA2", OTHER))
    until = date(2026, 11, 30)
    do(line, newer, waiting_for("the receipt", until=until, actor="owner_1"))
    line.clock.at = at("Thursday 19 November 2026 10:00:00")
    do(line, newer, joining(older.case_number, words="one matter", actor="owner_1"))
    assert line.verbs(newer.id).count("waiting_ended") == 1
    do(line, older, waiting_for("the bill", until=until, actor="owner_1"))
    line.clock.at = FRIDAY
    do(line, older, taking_out(newer.case_number, words="two matters", actor="owner_1"))
    assert current(line, newer).state is TermState.RUNNING
    assert current(line, older).state is TermState.WAITING
    assert pauses(line, newer)[-1] == (at("Thursday 19 November 2026 10:00:00"), FRIDAY)


def test_who_is_taken_out_after_its_day_is_not_late_at_once(line: Line) -> None:
    older, newer = called_case(line), line.ticket(line.told_call("CA2", OTHER))
    do(line, newer, being_of_kind("safety", actor="owner_1"))
    do(line, newer, joining(older.case_number, words="one matter", actor="owner_1"))
    pass_until(line, at("Thursday 26 November 2026 10:00:00"))
    do(line, older, taking_out(newer.case_number, words="two matters", actor="owner_1"))
    assert current(line, newer).target == "safety"
    assert due(line, newer) == at("Friday 27 November 2026 18:00:00")


def test_what_is_joined_into_an_answered_case_is_not_answered_by_that(line: Line) -> None:
    older, newer = called_case(line), line.ticket(line.told_call("CA2", OTHER))
    do(line, older, answering(ruling=Ruling.GRANTED, told_by=ToldBy.CALL, words="a new one", actor="owner_1"))
    do(line, newer, joining(older.case_number, words="one matter", actor="owner_1"))
    assert read(line, older.id).status is TicketStatus.OPEN
    assert current(line, older).state is TermState.RUNNING


@pytest.mark.requirement("D-08")
def test_a_part_of_a_case_of_an_older_release_that_has_no_clock_gets_one_of_its_own(line: Line) -> None:
    case = called_case(line)
    write_text(line, "and the heating bill is wrong, too", "SM1")
    undated = replace(current(line, case), state=TermState.DECIDED)
    with line.work() as work:
        work.decision_terms.save(undated)
        work.commit()
    part = split_off(line, case, -1)
    assert current(line, part).state is TermState.RUNNING


@pytest.mark.requirement("D-08")
def test_a_case_that_was_opened_again_and_joined_wrongly_goes_by_its_second_opening(line: Line) -> None:
    case, other = called_case(line), line.ticket(line.told_call("CA2", OTHER))
    do(line, case, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    line.clock.at = MONDAY
    do(line, case, reopening(words="it was none", actor="owner_1"))
    do(line, case, joining(other.case_number, words="one person", actor="owner_1"))
    do(line, read(line, other.id), taking_out(case.case_number, words="two people", actor="owner_1"))
    assert current(line, case).started_at == MONDAY

"""Decisions about a case at the terminal, one after the other as a case's life goes."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.cli.test_ticket import begins_at, run
from tests.service.lines import Line
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.system_clock import SystemClock
from voicebot.cli.ticket import tickets
from voicebot.domain.ticket import CloseReason, Ticket, TicketStatus
from voicebot.errors import Refused

__all__ = ["begins_at"]


@pytest.fixture(autouse=True)
def jobs(line: Line) -> None:
    """Make the tables that jobs are enqueued in: what is decided here is texted."""
    migrate_jobs(line.engine.url.render_as_string(hide_password=False))


def now(line: Line, case: str) -> Ticket:
    with line.work() as work:
        ticket = work.tickets.by_case_number(case)
    assert ticket is not None
    return ticket


@pytest.mark.requirement("D-02", "S1-09")
def test_the_life_of_a_case_at_the_terminal(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    assert "theirs now" in run("assign", case, "--to", "deputy_1", "--by", "owner_1")
    assert now(line, case).owner_id == "deputy_1"
    assert "12: " in run("move", case)
    run("move", case, "--window", "2", "--reason", "her wish", "--by", "deputy_1")
    run("number", case, "+12025550177", "--reason", "her mobile", "--by", "deputy_1")
    run("called", case, "--next", "stands", "--reason", "spoke to her", "--by", "deputy_1")
    run("answered", case, "--decided", "partly", "--told-by", "call", "--reason", "half back", "--by", "deputy_1")
    assert now(line, case).status is TicketStatus.ANSWERED
    run("close", case, "--why", "agreed", "--reason", "she is content", "--by", "deputy_1")
    assert now(line, case).close_reason is CloseReason.AGREED
    run("reopen", case, "--reason", "it broke again", "--by", "deputy_1")
    run("second-look", case, "--say", "cannot-help", "--reason", "no part left", "--by", "deputy_1")
    run("second-look", case, "--say", "can-help", "--reason", "branch five has it", "--by", "supervisor_1")
    run("not-a-complaint", case, "--kind", "praise", "--reason", "she thanks us", "--by", "deputy_1")
    assert now(line, case).status is TicketStatus.NOT_A_COMPLAINT


@pytest.mark.requirement("D-02", "D-03", "S0-12")
def test_the_clocks_of_a_case_at_the_terminal(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    run("move", case, "--window", "1", "--reason", "her wish", "--by", "owner_1")
    assert "Moved by us" in run("late", case, "--reason", "three are ill", "--by", "owner_1")
    run("kind", case, "billing", "--by", "owner_1")
    assert "Decide: billing" in run("show", case)
    soon = (SystemClock().now() + timedelta(days=5)).date().isoformat()
    run("wait", case, "--until", soon, "--reason", "the receipt", "--by", "owner_1")
    assert "we wait for the complainant" in run("show", case)
    run("go-on", case, "--by", "owner_1")
    assert "reads it if the decision is late" in run("why-late", case, "--reason", "The shop has it", "--by", "owner_1")
    with line.work() as work:
        (ticket,) = work.tickets.all()
        states = [promise.state.value for promise in work.promises.of_ticket(ticket.id)]
    assert states[-2:] == ["moved", "open"]


@pytest.mark.parametrize(
    "words",
    [
        ("close", "--why", "agreed"),
        ("close", "--why", "waited", "--reason", "x"),
        ("reopen", "--reason", "x"),
        ("move", "--window", "99", "--reason", "x"),
        ("number", "112", "--reason", "x"),
        ("assign", "--to", "nobody"),
        ("second-look", "--say", "agreed", "--reason", "x"),
        ("why-late",),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(line: Line, words: tuple[str, ...]) -> None:
    case = line.ticket(line.told_call()).case_number
    before = now(line, case)
    with pytest.raises(Refused):
        CliRunner().invoke(tickets, [words[0], case, *words[1:]], catch_exceptions=False)
    assert now(line, case) == before


@pytest.mark.requirement("D-08")
def test_cases_are_joined_taken_apart_and_split_at_the_terminal(line: Line) -> None:
    older = line.ticket(line.told_call("CA1")).case_number
    newer = line.ticket(line.told_call("CA2", "+12025550144")).case_number
    assert f"{newer} leads to {older}" in run("join", newer, older, "--reason", "one person")
    assert now(line, newer).case_number == older
    assert "Two cases again" in run("take-out", older, newer, "--reason", "two people")
    assert now(line, newer).case_number == newer
    ticket_id = now(line, newer).id
    with line.work() as work:
        answer = work.tickets.answers(ticket_id)[0].id
    assert "Split" in run("split", newer, "--answer", answer, "--reason", "two matters")


def test_notes_and_owners_at_the_terminal(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    assert "Note kept" in run("note", case, "--reason", "the bell is broken: knock", "--by", "deputy_1")
    assert "yours now" in run("take", case, "--by", "deputy_1")
    assert now(line, case).owner_id == "deputy_1"
    assert "the bell is broken: knock" in run("show", case)


@pytest.mark.requirement("S4-07")
def test_a_remedy_is_promised_and_done_at_the_terminal(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    ask = ("ask", case, "--kind", "remedy", "--to", "deputy_1", "--amount", "40", "--by", "owner_1")
    assert "The owner stays" in run(*ask, "--reason", "40 back", "--thank")
    assert "Task: a remedy" in run("show", case)
    ticket_id = now(line, case).id
    with line.work() as work:
        (task,) = work.case_tasks.of_ticket(ticket_id)
    assert "whoever asked is told" in run("done", case, task.id, "--reason", "paid", "--by", "deputy_1")
    assert "Task: a remedy" not in run("show", case)


@pytest.mark.requirement("S3-09")
def test_who_is_logged_in_at_the_machine_knows_no_case_about_them(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    case = line.ticket(line.told_call()).case_number
    assert "does not see it" in run("about", case, "--member", "owner_1", "--by", "deputy_1")
    assert case[:3] in run()
    monkeypatch.setenv("LOGNAME", "owner_1")
    assert case[:3] not in run()
    for command in (("show", case), ("note", case, "--reason", "x"), ("called", case, "--reason", "x")):
        done = CliRunner().invoke(tickets, [*command])
        assert isinstance(done.exception, Refused)
        assert done.exception.code == "case-unknown"

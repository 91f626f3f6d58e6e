"""A call is logged at the terminal with what comes next, which is asked for where no option says it."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.cli.test_ticket import begins_at, run
from tests.cli.test_ticket_steps import jobs, now
from tests.service.lines import Line
from voicebot.adapters.system_clock import SystemClock
from voicebot.cli.ticket import tickets
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import Refused

__all__ = ["begins_at", "jobs"]

SPOKE = ("--reason", "spoke to her", "--by", "owner_1")


def told(line: Line) -> str:
    return line.ticket(line.told_call()).case_number


@pytest.mark.requirement("D-02")
@pytest.mark.parametrize(
    ("following", "status"),
    [
        (("--next", "stands"), TicketStatus.OPEN),
        (("--next", "window", "--window", "2"), TicketStatus.OPEN),
        (("--next", "answered", "--decided", "granted"), TicketStatus.ANSWERED),
        (("--next", "closed", "--why", "agreed"), TicketStatus.CLOSED),
        (("--next", "not_a_complaint", "--kind", "praise"), TicketStatus.NOT_A_COMPLAINT),
    ],
)
def test_a_call_and_what_comes_next_are_logged_together(
    line: Line, following: tuple[str, ...], status: TicketStatus
) -> None:
    case = told(line)
    assert "Logged: the promise is kept" in run("called", case, *SPOKE, *following)
    assert now(line, case).status is status


def test_a_call_after_which_they_are_to_send_something_rests_the_decision(line: Line) -> None:
    case, soon = told(line), (SystemClock().now() + timedelta(days=5)).date().isoformat()
    run("called", case, *SPOKE, "--next", "waits", "--until", soon)
    assert "we wait for the complainant" in run("show", case)


@pytest.mark.parametrize(
    ("typed", "asked", "status"),
    [
        ("stands\n", "What comes next", TicketStatus.OPEN),
        ("answered\npartly\n", "What was decided", TicketStatus.ANSWERED),
        ("closed\nagreed\n", "Why it is closed", TicketStatus.CLOSED),
        ("not_a_complaint\nprank\n", "What it is instead", TicketStatus.NOT_A_COMPLAINT),
        ("window\n1\n", "Which window", TicketStatus.OPEN),
    ],
)
def test_what_no_option_says_is_asked_for(line: Line, typed: str, asked: str, status: TicketStatus) -> None:
    case = told(line)
    done = CliRunner().invoke(tickets, ["called", case, *SPOKE, "--ask"], input=typed, catch_exceptions=False)
    assert (done.exit_code, asked in done.output) == (0, True)
    assert now(line, case).status is status


def test_a_script_that_says_nothing_of_it_leaves_what_is_due_as_it_is(line: Line) -> None:
    case = told(line)
    assert run("called", case, *SPOKE).startswith("Logged: the promise is kept")
    assert now(line, case).status is TicketStatus.OPEN


def test_a_wait_asks_for_its_day(line: Line) -> None:
    case, soon = told(line), (SystemClock().now() + timedelta(days=5)).date().isoformat()
    done = CliRunner().invoke(tickets, ["called", case, *SPOKE, "--next", "waits"], input=f"{soon}\n")
    assert "Until which day" in done.output
    assert "we wait for the complainant" in run("show", case)


def test_a_try_says_what_comes_next_too(line: Line) -> None:
    case = told(line)
    tried = ("called", case, "--outcome", "no_answer", "--reason", "no answer")
    assert run(*tried, "--next", "window", "--window", "3") == "Logged as an attempt, with what comes next.\n"


def test_a_second_talk_keeps_nothing_and_says_what_was_logged(line: Line) -> None:
    case = told(line)
    run("called", case, *SPOKE, "--next", "stands")
    assert run("called", case, *SPOKE, "--next", "stands") == "Logged.\n"
    assert run("called", case, *SPOKE, "--next", "answered", "--decided", "granted").startswith("Logged, with")


@pytest.mark.parametrize(
    "following",
    [
        ("--next", "closed", "--why", "waited"),
        ("--next", "window", "--window", "99"),
        ("--next", "waits", "--until", "2020-01-01"),
    ],
)
def test_what_cannot_come_next_is_refused_and_the_call_is_not_logged_either(
    line: Line, following: tuple[str, ...]
) -> None:
    case = told(line)
    with pytest.raises(Refused):
        CliRunner().invoke(tickets, ["called", case, *SPOKE, *following], catch_exceptions=False)
    assert line.promise(now(line, case).id).state is PromiseState.OPEN

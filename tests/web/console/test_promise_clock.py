"""The clock at the head of a case, from the promise to the talk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import at
from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, Line
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.instants import Instants
from voicebot.domain.ticket import Ticket
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.web.console.promise_clock import PromiseClock, promise_clock


@pytest.fixture
def line(migrated_file: Path, definitions: FlowFiles, tmp_path: Path) -> Iterator[Line]:
    """A hotline on SQLite, Wednesday at ten in New York."""
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    yield Line(engine, definitions, WEDNESDAY_TEN)
    engine.dispose()


def clock_of(line: Line, ticket: Ticket) -> PromiseClock:
    instants = Instants(zone="America/New_York", now=line.clock.now())
    return promise_clock(view_case(line.hotline, ticket.case_number), instants)


@pytest.mark.parametrize(
    ("now", "urgency", "headline"),
    [
        ("10:00:00", "ahead", "Call promised: the window opens in 1 h"),
        ("10:59:59", "ahead", "Call promised: the window opens in less than a minute"),
        ("11:00:00", "soon", "Call now: the window closes in 2 h"),
        ("12:59:59", "soon", "Call now: the window closes in less than a minute"),
        ("13:00:00", "missed", "Window closed less than a minute ago, and no talk is logged"),
        ("13:08:00", "missed", "Window closed 8 min ago, and no talk is logged"),
    ],
)
def test_an_open_promise_counts_down_also_before_any_sweep(line: Line, now: str, urgency: str, headline: str) -> None:
    ticket = line.ticket(line.told_call())
    line.clock.at = at(f"Wednesday 18 November 2026 {now}")
    clock = clock_of(line, ticket)
    assert (clock.urgency, clock.headline) == (urgency, headline)
    assert clock.detail == "Window today 11:00–13:00 EST."
    assert clock.words.startswith("That is our promise")


@pytest.mark.requirement("S0-12")
def test_a_miss_stays_at_the_head_until_somebody_was_reached(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    line.clock.at = at("Wednesday 18 November 2026 13:08:00")
    line.sweep()
    clock = clock_of(line, ticket)
    assert (clock.urgency, clock.headline) == ("missed", "Missed: 8 min overdue")
    assert "New window, told with the apology: today 14:00–16:00 EST." in clock.detail
    assert clock.words.startswith("Harbour Goods: we did not call you")
    log_callback(line.hotline, ticket.case_number, reason="all is well", actor="owner_1")
    line.step(minutes=3)
    clock = clock_of(line, ticket)
    assert (clock.urgency, clock.headline) == ("quiet", "Called 3 min ago")
    assert clock.detail.startswith("First handler spoke with the complainant Wed 18 Nov 2026, 13:08 EST: all is well")


def test_a_miss_without_a_new_window_says_to_call_now(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, may_text=False)
    line.clock.at = at("Wednesday 18 November 2026 13:00:00")
    line.sweep()
    clock = clock_of(line, line.ticket(answer))
    assert clock.detail.endswith("Call now.")
    assert clock.words == ""


def test_a_case_from_whom_nobody_can_call_asks_for_a_number_and_speaks_of_no_promise(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender="PARCELS", body="my lamp broke"))
    with line.work() as work:
        (ticket,) = work.tickets.all()
    clock = clock_of(line, ticket)
    assert (clock.urgency, clock.headline) == ("ahead", "Find a number to call: in 3 h")
    line.step(hours=4)
    for _ in range(2):
        clock = clock_of(line, ticket)
        assert (clock.urgency, clock.headline) == ("missed", "Find a number to call: 1 h overdue")
        assert "spoken with" not in clock.detail
        line.sweep()


def test_a_case_without_a_promise_says_why(line: Line) -> None:
    answer = line.ring("anonymous")
    assert clock_of(line, line.ticket(answer)).headline == "On the line now"
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    clock = clock_of(line, line.ticket(answer))
    assert clock.headline == "No call is promised"
    assert "no number to call" in clock.detail
    line.change_ticket(answer, complainant_number=CALLER)
    assert "Call when you can" in clock_of(line, line.ticket(answer)).detail

"""A case whose contents are gone is still a case: every page of it can be read, and the hotline goes on beside it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN, definitions
from tests.service.lines import CALLER, Line
from tests.web.console.desk import ConsoleDesk
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_number import written
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.call_timeline import view_calls
from voicebot.service.queries.case_view import view_case
from voicebot.service.upkeep.retention import erase_due

__all__ = ["definitions"]


@pytest.fixture
def desk(migrated_file: Path, definitions: FlowFiles, tmp_path: Path) -> ConsoleDesk:
    """A console beside a hotline whose only case was missed, answered late, and forgotten years ago."""
    engine: Engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    line = Line(engine, definitions, WEDNESDAY_TEN)
    case = line.ticket(line.told_call()).case_number
    for _ in range(8):
        line.step(hours=6)
        line.sweep()
    log_callback(line.hotline, case, reason="we are sorry", actor="owner_1")
    line.step(days=3)
    line.sweep()
    line.step(days=4000)
    assert all(each.cases == 1 for each in erase_due(line.hotline).classes)
    return ConsoleDesk(line, engine, tmp_path / "clips")


def the_case(desk: ConsoleDesk) -> str:
    """Return its number."""
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
    return ticket.case_number


def test_its_pages_can_be_read_and_say_nothing_of_the_person(desk: ConsoleDesk) -> None:
    browser = desk.logged_in()
    page = browser.get(f"/console/cases/{written(the_case(desk))}")
    assert page.status_code == 200
    assert "parcel" not in page.text
    assert CALLER not in page.text
    assert browser.get("/console/").status_code == 200


def test_its_calls_and_its_case_can_be_shown(desk: ConsoleDesk) -> None:
    case = the_case(desk)
    life = view_calls(desk.line.hotline, case)
    assert len(life.calls) == 1
    view = view_case(desk.line.hotline, case)
    assert view.ticket.problem == ""
    assert view.breaches


def test_caller_of_long_ago_is_new_when_they_ring_again(desk: ConsoleDesk) -> None:
    again = desk.line.told_call("CA9")
    assert desk.line.ticket(again).case_number != the_case_but(desk, again.call.ticket_id)


def the_case_but(desk: ConsoleDesk, ticket_id: str) -> str:
    """Return the number of the other case."""
    with desk.line.work() as work:
        (other,) = (ticket for ticket in work.tickets.all() if ticket.id != ticket_id)
    return other.case_number

"""A case about a member of staff, or of a kind for some: no page, form or file tells whom it is closed to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import url_for
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, OTHER, Line
from tests.service.ticket.kinds import with_kinds
from tests.web.console.conftest import console, definitions, engine
from tests.web.console.desk import Browser, ConsoleDesk
from tests.web.console.test_case_routes import answers, case_path, told
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_number import written
from voicebot.domain.permission import Permission
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.about import complaining_about
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.category import categorising
from voicebot.service.watch.morning import morning_text, view_morning
from voicebot.web.guard.guards import needed_for

__all__ = ["console", "definitions", "engine"]

pytestmark = pytest.mark.requirement("S3-09")
NOTE = "the shouting was heard by three"


def about(console: ConsoleDesk, staff_id: str) -> Ticket:
    """A case with words, voice, a note and a missed call, that is then said to be about somebody."""
    ticket = told(console)
    hotline, number = console.line.hotline, ticket.case_number
    write_note(hotline, number, text=NOTE, actor="deputy_1")
    if staff_id:
        act(hotline, number, complaining_about(staff_id, actor="deputy_1"))
    console.line.step(hours=5)
    console.line.sweep()
    console.line.told_call("CA2", OTHER)
    return ticket


def addresses(console: ConsoleDesk, ticket: Ticket) -> Iterator[str]:
    """Yield every page and file of staff, those of the case with its own number, and what can be asked by words."""
    case, answer = written(ticket.case_number), answers(console, ticket)[0].id
    values = {"case": case, "answer_id": answer, "picture_id": "SM1-0", "person": ticket.owner_id}
    for rule in console.app.url_map.iter_rules():
        needed = needed_for(console.app.view_functions[rule.endpoint])
        if needed not in {None, Permission.OWN_ACCOUNT} and "GET" in (rule.methods or set()):
            with console.app.test_request_context():
                address = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments if name in values})
            yield address
    for words in ("shouting", "parcel", CALLER):
        yield f"/console/search?q={words.replace('+', '%2B')}"
    yield from (f"/console/?lane={lane}" for lane in ("call_now", "missed", "later", "no_date", "mine"))
    yield "/console/cases?show=all"


def _whole(page: TestResponse) -> TestResponse:
    """Read a page to its end before anybody else asks, since a sheet streams while its reader is known."""
    page.get_data()
    page.close()
    return page


def tells(page: TestResponse, ticket: Ticket) -> bool:
    shown = page.data.decode(errors="replace") + page.headers.get("Location", "")
    return any(words in shown for words in (written(ticket.case_number), ticket.case_number, NOTE))


@pytest.mark.parametrize("role", [Role.HANDLER, Role.ADMINISTRATOR])
def test_no_page_says_a_word_of_it_to_whom_it_is_about(console: ConsoleDesk, role: Role) -> None:
    ticket = about(console, "owner_1")
    check_that_no_page_tells(console, ticket, console.logged_in(role=role, member_id="owner_1"))


def test_no_page_says_a_word_of_a_case_whose_kind_their_role_may_not_see(
    engine: Engine, definitions: FlowFiles, tmp_path: Path
) -> None:
    line = Line(engine, definitions, WEDNESDAY_TEN)
    with_kinds(line, tmp_path / "policy", warranty={"seen_by": ["management", "administrator"]})
    console = ConsoleDesk(line, engine, tmp_path / "clips")
    ticket = about(console, "")
    act(line.hotline, ticket.case_number, categorising("warranty", actor="supervisor_1"))
    check_that_no_page_tells(console, ticket, console.logged_in(role=Role.SUPERVISOR))


def check_that_no_page_tells(console: ConsoleDesk, ticket: Ticket, them: Browser) -> None:
    colleague = console.logged_in("col@firm.example", name="Col", role=Role.ADMINISTRATOR)
    seen = []
    for address in addresses(console, ticket):
        page, theirs = _whole(them.get(address)), _whole(colleague.get(address))
        assert page.status_code >= 300 or not (written(ticket.case_number) in address or tells(page, ticket)), address
        assert page.status_code != 302 or not tells(page, ticket), address
        seen += [address] if theirs.status_code == 200 and tells(theirs, ticket) else []
    assert len(seen) > 9, f"a colleague reads of it on these pages alone: {seen}"


def test_its_address_answers_like_one_of_a_case_that_is_not_there(console: ConsoleDesk) -> None:
    ticket = about(console, "owner_1")
    them = console.logged_in(member_id="owner_1")
    path, nobody = case_path(ticket), "/console/cases/482-719-300"

    def same(page: TestResponse, other: TestResponse) -> bool:
        shown = [re.sub(r'csrf_token" value="[^"]+', "", each.text) for each in (page, other)]
        own, none = path.rpartition("/")[2], nobody.rpartition("/")[2]
        shown[0] = shown[0].replace(own, none).replace(ticket.case_number, none.replace("-", ""))
        return page.status_code == other.status_code and shown[0] == shown[1]

    for rest in ("", "/review", "/words.txt", "/words"):
        assert same(them.get(path + rest), them.get(nobody + rest)), rest
    search = "/console/search?q="
    assert same(them.get(search + ticket.case_number), them.get(f"{search}482719300"))
    window = {"window": "2026-11-20T14:00:00+00:00"}
    sent = {"text": "x", "reason": "x", "outcome": "reached", "next": "stands", "other": "x", **window}
    for form in ("called", "notes", "owner", "acknowledge", "about", "window", "joined"):
        page, other = (them.send("/console/", sent, to=f"{each}/{form}") for each in (path, nobody))
        assert same(page, other), form
    mine = console.line.ticket(console.line.told_call("CA3", "+12025550133"))
    joined = {"text": "one", "other": written(ticket.case_number)}
    page = them.send("/console/", joined, to=f"{case_path(mine)}/joined")
    assert page.status_code == 409
    assert "there is no case" in page.text


def test_the_morning_list_of_whom_it_is_about_leaves_it_out(console: ConsoleDesk) -> None:
    ticket = about(console, "supervisor_1")
    hotline = console.line.hotline
    assert written(ticket.case_number) in morning_text(view_morning(hotline))
    assert written(ticket.case_number) not in morning_text(view_morning(seen_by(hotline, lambda: "supervisor_1")))


def test_nobody_but_the_person_is_kept_from_it_and_the_page_names_them(console: ConsoleDesk) -> None:
    ticket = told(console)
    browser = console.logged_in("col@firm.example", name="Col")
    path = case_path(ticket)
    sent = browser.send(path, {"about": "owner_1", "seen": "0"}, to=f"{path}/about")
    assert sent.status_code == 303
    page = browser.get(path).text
    assert "Complains about First handler" in page
    options = re.findall(r'<option value="(\w*)">', page[page.index('id="about-about"') :])
    assert options[:2] == ["owner_1", ""], "whom it is about stands first, and stays where nobody changes it"

"""What is masked is seen and heard by who may, after they said why, and each look is kept."""

import pytest

from tests.service.lines import Line
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.web.console.access_book import ACCESS_BOOK

CARD = "4242 4242 4242 4242"


@pytest.fixture
def path(console: ConsoleDesk) -> str:
    """The address of a case in which a card's number was said."""
    line = console.line
    told = line.say(line.reach("ask_story"), f"pay it to {CARD} please", seconds=4.0)
    line.run_jobs()
    return f"/console/cases/{written(line.ticket(told).case_number)}"


def voice(line: Line, path: str) -> str:
    with line.work() as work:
        (ticket,) = work.tickets.all()
        return f"{path}/original/answers/{work.tickets.answers(ticket.id)[0].id}/audio"


def opened(browser: Browser, path: str) -> str:
    """Say why, and return the page that opens."""
    answer = browser.send(f"{path}/original", {"why": "they doubt the digits"})
    assert (answer.status_code, answer.location) == (303, f"{path}/original")
    return browser.get(f"{path}/original").text


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGEMENT, Role.ADMINISTRATOR])
def test_who_may_says_why_and_sees_and_hears_it(console: ConsoleDesk, path: str, role: Role) -> None:
    browser = console.logged_in(role=role)
    masked = browser.get(path).text
    assert "[card number]" in masked
    assert CARD not in masked
    assert f'href="{path}/original"' in masked
    heard = voice(console.line, path)
    assert browser.get(heard).status_code == 403
    page = opened(browser, path)
    assert page.count(">4242<") == 4
    assert "[card number]" not in page
    assert (heard in page, browser.get(heard, headers={"Range": "bytes=0-9"}).status_code) == (True, 206)
    console.app.extensions[ACCESS_BOOK].flush()
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
        kinds = [(access.kind.value, access.answer_id is None) for access in work.accesses.of_ticket(ticket.id)]
    assert kinds.count(("original", True)) == kinds.count(("original", False)) == 1


@pytest.mark.parametrize("role", [Role.HANDLER, Role.QUALITY, Role.AUDITOR])
def test_who_may_not_is_told_who_may(console: ConsoleDesk, path: str, role: Role) -> None:
    browser = console.logged_in(role=role)
    assert f"{path}/original" not in browser.get(path).text
    for address in (f"{path}/original", voice(console.line, path)):
        assert browser.get(address).status_code == 403


def test_without_a_reason_the_form_says_what_is_missing(console: ConsoleDesk, path: str) -> None:
    browser = console.logged_in(role=Role.SUPERVISOR)
    answer = browser.send(f"{path}/original", {"why": " "})
    assert (answer.status_code, "This needs a reason" in answer.text) == (409, True)
    assert CARD not in browser.get(f"{path}/original").text


def test_an_unknown_case_or_answer_is_not_there(console: ConsoleDesk, path: str) -> None:
    browser = console.logged_in(role=Role.SUPERVISOR)
    assert browser.get("/console/cases/000-000-000/original").status_code == 404
    opened(browser, path)
    assert browser.get(f"{path}/original/answers/none/audio").status_code == 404


def test_a_mark_that_stands_for_nothing_private_is_lifted_on_a_page_of_its_own_and_put_back(
    console: ConsoleDesk, path: str
) -> None:
    browser, reader = console.logged_in(role=Role.SUPERVISOR), console.logged_in("dan@firm.example")
    marks = f"{path}/original/marks"
    assert "Why you need to see them" in browser.get(marks).text
    closed = browser.send(f"{path}/original", {"key": "abc", "why": "x"}, to=marks)
    assert "Why you need to see them" in closed.text
    assert f'href="{marks}"' in opened(browser, path)
    page = browser.get(marks).text
    assert f"Card number: <bdi>{CARD}</bdi>" in page
    key = page.partition('name="key" value="')[2].partition('"')[0]
    missing = browser.send(marks, {"key": key, "why": " ", "do": "lift"})
    assert (missing.status_code, "This needs a reason" in missing.text) == (409, True)
    said = browser.send(marks, {"key": key, "why": "an order", "do": "lift"})
    assert (said.status_code, said.location) == (303, marks)
    shown = reader.get(path).text
    assert (shown.count(">4242<"), "[card number]" in shown, "an order" in shown) == (4, False, True)
    assert "Mask it again" in browser.get(marks).text
    browser.send(marks, {"key": key, "why": "a card after all", "do": "mask"})
    assert "[card number]" in reader.get(path).text
    assert reader.get(marks).status_code == 403

"""The morning list in a browser: always there for those who supervise."""

import pytest

from tests.service.lines import CALLER
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.staff import Role

pytestmark = pytest.mark.requirement("D-07")

PAGE = "/console/morning"


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)


def test_a_supervisor_sees_the_list_with_links_to_its_cases_and_who_has_got_it(console_on_both: ConsoleDesk) -> None:
    line = console_on_both.line
    answer = line.told_call()
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at
    line.sweep()
    page = boss(console_on_both).get(PAGE).text
    assert f'href="/console/cases/{line.ticket(answer).case_number}"' in page
    for words in ("Promised calls that we missed (1)", "NOT REACHED YET", "Managing director: not told yet"):
        assert words in page
    assert CALLER not in page


def test_the_morning_page_opens_before_anything_has_happened(console: ConsoleDesk) -> None:
    page = boss(console).get(PAGE).text
    assert "No case is open." in page


def test_handlers_do_not_see_it(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    assert browser.get(PAGE).status_code == 403
    assert PAGE not in browser.get("/console/").text
    assert PAGE in boss(console).get("/console/").text

"""From a case back to the list, where one was: filter, page and row."""

import re

import pytest

from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written

LIST = "/console/cases?show=all&page=1"
BACK = "?back=/console/cases?show%3Dall%26page%3D1"


@pytest.fixture
def case(console: ConsoleDesk) -> str:
    return written(console.line.ticket(console.line.told_call()).case_number)


def test_a_case_leads_back_to_the_list_with_its_filter_and_to_its_own_row(console: ConsoleDesk, case: str) -> None:
    browser = console.logged_in()
    page = browser.get(LIST).text
    assert f'id="case-{case}"' in page
    link = re.search(rf'href="(/console/cases/{case}[^"]*)"', page)
    assert link is not None
    opened = browser.get(link[1].replace("&amp;", "&")).text
    assert f'href="/console/cases?show=all&amp;page=1#case-{case}"' in opened


def test_what_is_done_on_a_case_forgets_no_way_back(console: ConsoleDesk, case: str) -> None:
    browser = console.logged_in()
    page = browser.get(f"/console/cases/{case}{BACK}").text
    (form,) = re.findall(r'action="([^"]*/notes[^"]*)"', page)
    answer = browser.send(f"/console/cases/{case}", {"text": "house number missing"}, to=form.replace("&amp;", "&"))
    assert answer.location == f"/console/cases/{case}{BACK}"
    assert "back=" not in "".join(re.findall(r'src="([^"]*/audio[^"]*)"', page))


def test_a_case_without_hyphens_keeps_its_way_back(console: ConsoleDesk, case: str) -> None:
    answer = console.logged_in().get(f"/console/cases/{case.replace('-', '')}{BACK}")
    assert answer.location == f"/console/cases/{case}{BACK}"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/console/", "javascript:alert(1)", "/console/\\evil", "/console/\nx", "/x"],
)
def test_a_way_that_is_not_ours_is_no_way_back(console: ConsoleDesk, case: str, elsewhere: str) -> None:
    browser = console.logged_in()
    page = browser.get(f"/console/cases/{case}", query_string={"back": elsewhere}).text
    assert f'href="/console/#case-{case}"' in page
    assert "evil" not in page

"""The few lines by which a browser learns that a call of its member is over."""

from tests.service.callback.callers import a_case, ordered, talk
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written

PATH = "/console/own-call"


def test_the_owner_is_told_of_the_call_and_then_of_its_wrap_up(console: ConsoleDesk) -> None:
    browser = console.logged_in(member_id="owner_1")
    assert "data-call" not in browser.get(PATH).text
    ticket = a_case(console.line)
    call = ordered(console.line, ticket)
    under_way = browser.get(PATH).text
    assert f'data-call="{call.id}" data-over="no"' in under_way
    assert "<a " not in under_way
    talk(console.line, call, keyed="1")
    case = written(ticket.case_number)
    assert f'data-call="{call.id}" data-over="yes"' in browser.get(PATH).text
    assert f'href="/console/cases/{case}#actions"' in browser.get(PATH).text


def test_every_page_of_a_member_has_the_place_and_asks(console: ConsoleDesk) -> None:
    page = console.logged_in(member_id="owner_1").get("/console/").text
    assert f'id="own-call" aria-live="polite" data-source="{PATH}"' in page
    assert "own-call.js" in page
    assert "own-call.js" not in console.browser().get("/console/login").text


def test_only_the_member_who_is_rung_sees_the_call_on_their_page(console: ConsoleDesk) -> None:
    browser = console.logged_in(member_id="deputy_1")
    talk(console.line, ordered(console.line, a_case(console.line)), keyed="1")
    assert "data-call" not in browser.get(PATH).text
    assert console.browser().get(PATH).status_code == 302

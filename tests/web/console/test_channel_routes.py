"""The page that says how staff are reached, and rings a phone to try it."""

import pytest

from tests.service.lines import DEPUTY, OWNER
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.staff import Role

PAGE = "/console/channels"


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)


def ring(browser: Browser, person: str, channel: str = "text message") -> int:
    return browser.send(PAGE, {"person": person, "channel": channel}, to=f"{PAGE}/trials").status_code


@pytest.mark.requirement("D-10")
def test_a_supervisor_rings_a_phone_and_sees_what_came_of_it(console: ConsoleDesk) -> None:
    browser = boss(console)
    page = browser.get(PAGE).text
    assert "First handler" in page
    assert OWNER not in page
    assert ring(browser, "owner_1") == 303
    assert [number for number, _ in console.line.sender.sent] == [OWNER]
    assert "text message: sent" in browser.get(PAGE).text
    assert ring(browser, "owner_1") == 303
    assert "wait a minute" in browser.get(PAGE).text
    assert len(console.line.sender.sent) == 1


def test_a_handler_rings_nobody_but_themselves(console: ConsoleDesk) -> None:
    browser = console.logged_in("dee@firm.example", name="Dee", role=Role.HANDLER, member_id="deputy_1")
    assert ring(browser, "owner_1") == 403
    assert console.line.sender.sent == []
    assert ring(browser, "deputy_1") == 303
    assert [number for number, _ in console.line.sender.sent] == [DEPUTY]


def test_a_name_or_a_channel_that_is_none_gets_a_sentence(console: ConsoleDesk) -> None:
    browser = boss(console)
    for person, channel, said in (
        ("nobody_1", "", "nobody here goes by"),
        ("owner_1", "pigeon", "no channel of theirs"),
    ):
        assert ring(browser, person, channel) == 303
        assert said in browser.get(PAGE).text
    assert console.line.sender.sent == []

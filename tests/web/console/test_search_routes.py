"""The one box and what it finds, as a page."""

import re

import pytest

from tests.builders import a_history_entry
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written

SEARCH = "/console/search"


@pytest.mark.requirement("S1-01")
def test_the_box_stands_in_every_page_and_finds_without_script(console_on_both: ConsoleDesk) -> None:
    console = console_on_both
    ticket = console.line.ticket(console.line.told_call())
    browser = console.logged_in()
    for page in ("/console/", "/console/rota", f"/console/cases/{written(ticket.case_number)}"):
        assert 'role="search" method="get" action="/console/search"' in browser.get(page).text, page
    page = browser.get(f"{SEARCH}?q=0143").text
    assert f'href="/console/cases/{written(ticket.case_number)}"' in page
    assert "<mark>+12025550143</mark>" in page
    assert 'value="0143"' in page


def test_a_spoken_word_leads_to_its_moment(console: ConsoleDesk) -> None:
    console.line.told_call()
    console.line.sweep()
    page = console.logged_in().get(f"{SEARCH}?q=broken").text
    (link,) = set(re.findall(r'href="(/console/cases/[^"]*answer-[^"]*)"', page))
    assert re.fullmatch(r"/console/cases/[\d-]+\?at=1\.20#answer-\w+", link)


@pytest.mark.requirement("S1-20")
def test_a_case_number_opens_its_case_and_a_wrong_digit_is_said(console: ConsoleDesk) -> None:
    number = console.line.ticket(console.line.told_call()).case_number
    browser = console.logged_in()
    found = browser.get(f"{SEARCH}?q={number[:3]}+{number[3:]}")
    assert (found.status_code, found.location) == (302, f"/console/cases/{written(number)}")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "is no case number: a digit is wrong" in browser.get(f"{SEARCH}?q={wrong}").text
    assert "There is no case 482-719-300." in browser.get(f"{SEARCH}?q=482719300").text


def test_nothing_asked_and_nothing_found_say_what_to_type(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    assert "Type into the box above" in browser.get(SEARCH).text
    assert "No case has that" in browser.get(f"{SEARCH}?q=broken&page=x").text


def test_words_of_strangers_and_of_the_asker_are_no_markup_and_the_pin_is_nowhere(console: ConsoleDesk) -> None:
    ticket = console.line.ticket(console.line.told_call())
    with console.line.work() as work:
        words = f"<b>harm</b> {ticket.pin} &amp;"
        work.tickets.note(a_history_entry(ticket_id=ticket.id, verb="note_written", after=words))
        work.commit()
    browser = console.logged_in()
    page = browser.get(f"{SEARCH}?q=harm").text
    assert "&lt;b&gt;<mark>harm</mark>&lt;/b&gt; **** &amp;amp;" in page
    assert "<b>" not in browser.get(f"{SEARCH}?q=<b>harm</b>").text
    assert written(ticket.case_number) not in browser.get(f"{SEARCH}?q={ticket.pin}").text

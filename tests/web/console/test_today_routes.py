"""The first screen: what is owed stands in words and in its lane, and every choice stands in the address."""

import re

import pytest

from tests.builders import at
from tests.service.lines import CALLER, OTHER
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.case_task import TaskKind
from voicebot.domain.promise import CallOutcome
from voicebot.domain.ticket import Ticket
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.today import CALLED, SHOWN
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.hand_over import take_over
from voicebot.service.ticket.tasks import NewTask, asking
from voicebot.web.console.today_routes import MOST_ASIDE

OPEN, CLOSED = "Wednesday 18 November 2026 12:51:00", "Wednesday 18 November 2026 13:08:00"
"""The window of a call at ten is from eleven to one."""


def told(console: ConsoleDesk, *call: str) -> Ticket:
    ticket = console.line.ticket(console.line.told_call(*call))
    console.line.run_jobs()
    return ticket


def lane(page: str, name: str) -> str:
    """Return one lane of a page as its text, each row's words in a row."""
    found = re.search(rf'data-lane="{name}">(.*?)</ol>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1] if found else "").split())


def counts(page: str) -> list[str]:
    return re.findall(r"<strong>(\d+\+?)</strong> ([^<]*)</a>", page)


def test_the_state_of_a_window_stands_in_words_as_the_clock_goes_on(console: ConsoleDesk) -> None:
    case = told(console)
    browser = console.logged_in()
    assert lane(browser.get("/console/").text, "later").startswith("in 1 h opens 11:00, closes 13:00 …0143")
    console.line.ring("+12025550178", "CA9")
    assert "1 on the line now" in browser.get("/console/").text
    console.line.clock.at = at("Tuesday 17 November 2026 11:00:00")
    assert lane(browser.get("/console/").text, "days").startswith("in 1 day opens Wed 18 Nov 11:00 …0143")
    console.line.clock.at = at(OPEN)
    assert lane(browser.get("/console/").text, "now").startswith("9 min left open until 13:00 …0143")
    console.line.clock.at = at(CLOSED)
    assert "8 min overdue no new window" in lane(browser.get("/console/").text, "missed")
    console.line.sweep()
    missed = lane(browser.get("/console/").text, "missed")
    assert "8 min overdue opens again 14:00, closes 16:00" in missed
    for words in (f"Case {written(case.case_number)}: a refund please", "First handler"):
        assert words in missed


def test_counts_are_filters_in_the_address_beside_what_was_kept(console: ConsoleDesk) -> None:
    case, other = told(console), told(console, "CA2", OTHER)
    take_over(console.line.hotline, case.case_number, actor="deputy_1")
    log_callback(console.line.hotline, other.case_number, reason="spoke", actor="owner_1")
    new = NewTask(kind=TaskKind.CONSULT, to="deputy_1", words="does branch five have the part")
    act(console.line.hotline, other.case_number, asking(new, actor="owner_1"))
    browser = console.logged_in(member_id="deputy_1")
    page = browser.get("/console/").text
    assert counts(page) == [
        ("0", "Call now"),
        ("0", "Missed"),
        ("1", "Opens later today"),
        ("0", "On later days"),
        ("0", "No date"),
        ("1", "Waits for me"),
    ]
    assert "kept today 1 of 1." in page
    assert "on the line now" not in page
    assert "a task of yours, by" in lane(page, "mine")
    only = browser.get("/console/?lane=mine&whose=mine").text
    assert (lane(only, "later"), written(other.case_number) in lane(only, "mine")) == ("", True)
    assert '<a href="/console/?lane=later&amp;whose=mine">' in only
    for strange in ("/console/?lane=<b>", "/console/?lane=later&page=x", "/console/?aside=%00.x"):
        assert "a refund please" in lane(browser.get(strange).text, "later")
    assert browser.get("/console/?lane=later&whose=mine&page=7").location == "/console/?lane=later&whose=mine&page=1"


@pytest.mark.requirement("D-04")
@pytest.mark.requirement("S1-01")
def test_the_next_call_says_before_it_is_made_what_was_promised_and_wanted(console: ConsoleDesk) -> None:
    case = told(console)
    console.line.clock.at = at(OPEN)
    console.line.change_ticket(console.line.told_call("CA2", CALLER), supervisor_asked_at=console.line.clock.now())
    log_callback(console.line.hotline, case.case_number, reason="", actor="owner_1", outcome=CallOutcome.NO_ANSWER)
    page = console.logged_in().get("/console/").text
    card = page[page.index('id="next-call"') : page.index('id="lanes-news"')]
    promise = console.line.promises(case.id)[0]
    for words in (
        f">{written(case.case_number)}</a>",
        "<strong>9 min left</strong> open until 13:00",
        "a refund please",
        "my parcel came broken",
        "Promised on Wed 18 Nov 2026, 10:00 EST",
        promise.words.split(".")[0],
        f"tries: 1 of {console.line.policy.endings.tries}",
        "came 2 times",
        "/audio",
        "#actions",
        'data-shortcut="c"',
    ):
        assert words in card, words


def test_without_a_number_the_next_call_has_no_button_that_rings(console: ConsoleDesk) -> None:
    answer = console.line.told_call()
    console.line.change_ticket(answer, complainant_number=None)
    page = console.logged_in().get("/console/").text
    assert 'id="next-title"' in page
    assert 'data-shortcut="c"' not in page
    assert "no number" in lane(page, "later")


def test_not_now_brings_the_next_call_and_the_address_remembers(console: ConsoleDesk) -> None:
    first, second = told(console), told(console, "CA2", OTHER)
    console.line.clock.at = at(OPEN)
    browser = console.logged_in()
    page = browser.get("/console/?lane=now").text
    link = re.search(r'href="([^"]*)" title="The next one comes', page)
    assert link is not None
    then = browser.get(link[1].replace("&amp;", "&")).text
    assert "lane=now" in link[1]
    assert re.findall(r'id="next-title"[^>]*>Next call: <a [^>]*>([^<]*)', then) == [written(second.case_number)]
    assert written(first.case_number) in lane(then, "now")
    assert "1 put aside" in then
    assert f"lane%3Dnow%26aside%3D{written(first.case_number)}" in then


def test_however_many_are_put_aside_the_next_call_is_one_of_the_lane_that_comes_first() -> None:
    assert min(SHOWN[lane] for lane in CALLED) > MOST_ASIDE


def test_the_log_tells_what_happened_today_with_names(console: ConsoleDesk) -> None:
    case = told(console)
    write_note(console.line.hotline, case.case_number, text="house number <b>missing</b>", actor="deputy_1")
    log_callback(console.line.hotline, case.case_number, reason="spoke", actor="owner_1")
    page = console.logged_in().get("/console/").text
    log = page[page.index('id="day-log"') :]
    order = [log.index(words) for words in ("First handler spoke with them", "Deputy noted", "Somebody rang")]
    assert order == sorted(order)
    assert "house number &lt;b&gt;missing&lt;/b&gt;" in log


def test_a_lane_with_more_than_it_shows_leads_to_its_pages(console: ConsoleDesk) -> None:
    for number in range(21):
        told(console, f"CA{number}", f"+12025551{number:03}")
    browser = console.logged_in()
    page = browser.get("/console/").text
    assert page.count("data-row=") == 20
    assert "All 21 of “Opens later today”" in page
    assert browser.get("/console/?lane=later").text.count("data-row=") == 21


def test_a_first_day_and_a_quiet_one_are_told_apart(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    assert "No cases yet." in browser.get("/console/").text
    case = told(console)
    log_callback(console.line.hotline, case.case_number, reason="spoke", actor="owner_1")
    assert "Nobody is to be called today, and nothing waits for you." in browser.get("/console/").text

"""Every page of the console serves everybody: axe-core finds nothing, nothing is wider than a phone."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.axe import axe_source, findings
from tests.browser.conftest import WIDTHS, OpenPage
from tests.browser.stage import Stage, later
from tests.service.webhook.test_deliver import AWAY, CRM, an_endpoint, work
from voicebot.domain.case_number import written
from voicebot.service.ticket.actions import write_note

HEBREW = "שלום קוראים לי רות אף אחד לא הגיע ביום שלישי ואני מחכה כבר שבוע"
NARROW = "document.documentElement.scrollWidth <= 320"
DIRECTION = "part => getComputedStyle(part).direction"
LOGOUT = "/console/logout"
MIXED = (
    "/console/",
    "/console/cases?show=all",
    "/console/cases/{case}",
    "/console/search?q=washing",
    "/console/webhooks",
)
"""Where staff are all day, and the widest table: looked at in the dark and on a phone as well."""


@pytest.fixture
def case(stage: Stage) -> str:
    """Two missed cases, one of them in Hebrew, one that can still be kept, and a note."""
    ticket = stage.told()
    stage.told(carrier_call_id="CA2", story=HEBREW, demand=HEBREW)
    later(stage.line, hours=4)
    an_endpoint(stage.line, events="case.opened")
    stage.line.webhooks.answers[CRM] = [AWAY]
    stage.told(carrier_call_id="CA3")
    work(stage.line)
    write_note(stage.line.hotline, ticket.case_number, text="she prefers mornings", actor="owner_1")
    later(stage.line, minutes=5)
    return written(ticket.case_number)


def pages(stage: Stage, case: str) -> list[str]:
    """Return the address of every page that takes nothing, or the number of a case."""
    rules = [
        rule.rule
        for rule in stage.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.rule.startswith("/console/") and rule.arguments <= {"case"}
    ]
    return sorted({re.sub(r"<[^>]*>", case, rule) for rule in rules} - {LOGOUT})


def is_page(page: Page, address: str) -> bool:
    """Tell pages from downloads, pictures and pieces of pages, without opening them."""
    answer = page.request.get(address)
    assert answer.status < 500, address
    return answer.headers["content-type"].startswith("text/html") and "<html" in answer.text()


@pytest.mark.heavy
def test_axe_finds_nothing_on_any_page(stage: Stage, case: str, open_page: OpenPage) -> None:
    """Staff with a screen reader, with a keyboard alone or with weak eyes lose what axe finds."""
    source, page, found = axe_source(), open_page(), {}
    looked_at = [address for address in pages(stage, case) if is_page(page, stage.url + address)]
    assert len(looked_at) >= 15
    for address in looked_at:
        page.goto(stage.url + address)
        found[address] = findings(page, source)
    page.set_content("<input>")
    assert findings(page, source), "a page with faults must be found out, or nothing was looked at"
    assert {address: what for address, what in found.items() if what} == {}


def test_axe_finds_nothing_in_the_dark_and_on_a_phone(stage: Stage, case: str, open_page: OpenPage) -> None:
    source, page = axe_source(), open_page(width=WIDTHS["phone"])
    for address in MIXED:
        page.emulate_media(color_scheme="dark", forced_colors="none")
        page.goto(stage.url + address.format(case=case))
        assert findings(page, source) == [], address
        page.emulate_media(color_scheme="light", forced_colors="active")
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate(NARROW), address
        page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})


def test_each_text_says_the_language_of_its_script(stage: Stage, case: str, open_page: OpenPage) -> None:
    """A screen reader reads Hebrew as English where nothing says otherwise (WCAG 3.1.2), which axe cannot see."""
    page = open_page("/console/cases?show=all")
    page.get_by_text(HEBREW[:20]).first.wait_for()
    for number in range(page.get_by_text(HEBREW[:20]).count()):
        words = page.get_by_text(HEBREW[:20]).nth(number)
        assert words.evaluate("part => part.closest('[lang]').lang") == "he"
        assert words.evaluate(DIRECTION) == "rtl"


def test_hebrew_runs_from_the_right_and_its_player_from_the_left(stage: Stage, open_page: OpenPage) -> None:
    """Time runs to the right in every language, as it does on every player."""
    case = written(stage.told(story=HEBREW, demand=HEBREW).case_number)
    page = open_page(f"/console/cases/{case}")
    assert page.locator("[data-start]").first.evaluate(DIRECTION) == "rtl"
    assert page.locator("#voice").evaluate(DIRECTION) == "ltr"
    assert page.locator("#case-head").evaluate(DIRECTION) == "ltr"


def test_a_transcript_is_read_aloud_as_sentences_and_not_as_buttons(
    stage: Stage, case: str, open_page: OpenPage
) -> None:
    """302 words were 302 buttons: "the, button, bridge, button" (WCAG 2.4.3 in spirit; axe cannot hear it)."""
    words = open_page(f"/console/cases/{case}").locator(".transcript").first
    heard = words.aria_snapshot()
    assert "good morning my name is" in " ".join(heard.split())
    assert not {"button", "link"} & set(heard.replace(":", " ").split())

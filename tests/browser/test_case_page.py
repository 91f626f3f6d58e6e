"""The page of a case in a real browser: its head and its wrap-up stay in sight, one player goes through its answers."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, OpenPage
from tests.browser.stage import Stage
from voicebot.domain.case_number import written

SHORT = "nobody came"
LONG = "and nobody called when i rang the shop they said the driver had the wrong street " * 40
SLASH_IN_ZAGREB = """() => document.body.dispatchEvent(
  new KeyboardEvent("keydown", { key: "/", code: "Digit7", shiftKey: true, bubbles: true, cancelable: true })
)"""
"""Keyboards of Croatian and German have the slash over the 7."""
TOP = "part => Math.round(part.getBoundingClientRect().top)"
BOTTOM = "part => Math.round(part.getBoundingClientRect().bottom)"


def opened(stage: Stage, open_page: OpenPage, *, width: int, story: str = SHORT, demand: str = LONG) -> Page:
    """Open a case of two answers."""
    case = written(stage.told(story=story, demand=demand).case_number)
    page = open_page(f"/console/cases/{case}", width=width)
    page.wait_for_selector(".has-live-words")
    return page


def scrolled_to_the_end_of_the_words(page: Page) -> None:
    """Look at the last word, as somebody does who reads on."""
    page.locator("[data-start]").last.evaluate("word => word.scrollIntoView({block: 'center', behavior: 'instant'})")


def test_head_player_and_wrap_up_stay_in_sight_while_a_long_case_is_read(stage: Stage, open_page: OpenPage) -> None:
    page = opened(stage, open_page, width=WIDTHS["desk"])
    scrolled_to_the_end_of_the_words(page)
    head = page.locator("#case-head")
    assert head.evaluate(TOP) == 0
    assert 48 <= head.evaluate("head => head.offsetHeight") <= 64
    for words in ("Case", "First handler", "opens in 1 h", "+12025550143"):
        expect(head).to_contain_text(words)
    assert page.locator("[data-player]").evaluate(TOP) == head.evaluate(BOTTOM)
    expect(page.get_by_label("I spoke with the complainant")).to_be_in_viewport()
    page.keyboard.press("l")
    expect(page.get_by_label("I spoke with the complainant")).to_be_focused()
    page.keyboard.press("3")
    expect(page.get_by_label("Nobody answered")).to_be_checked()


@pytest.mark.heavy
def test_on_paper_a_case_is_read_whole_in_black_on_white_without_what_can_be_done(
    stage: Stage, open_page: OpenPage
) -> None:
    """Who takes a case along on paper has the number to ring and the whole story, and no row of grey buttons."""
    page = opened(stage, open_page, width=WIDTHS["phone"], story=LONG)
    page.emulate_media(media="print", color_scheme="dark")
    for part in page.locator("button:not([hidden]), form, audio, .site-head, #actions").all():
        expect(part).to_be_hidden()
    expect(page.locator(".call-number")).to_be_visible()
    assert page.locator(".case-head-actions").evaluate("part => getComputedStyle(part).position") == "static"
    assert page.locator(".first-lines").evaluate("words => words.scrollHeight - words.clientHeight") == 0
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_one_player_goes_on_to_the_next_answer_and_the_word_stays_in_sight(stage: Stage, open_page: OpenPage) -> None:
    page = opened(stage, open_page, width=WIDTHS["desk"])
    assert page.locator("audio").count() == 1
    expect(page.locator("#player-now")).to_contain_text("What happened")
    page.locator("#voice").evaluate("voice => voice.play()")
    expect(page.locator("#player-now")).to_contain_text("What would put it right")
    expect(page.locator("[data-answer]").nth(1).locator(".word[aria-current]")).to_be_visible()
    last = page.locator("[data-answer]").nth(1).locator("[data-start]").last
    page.locator("#voice").evaluate(f"voice => {{ voice.currentTime = {last.get_attribute('data-start')}; }}")
    expect(last).to_be_in_viewport()
    page.locator("[data-answer]").first.locator("[data-start]").first.evaluate("word => word.click()")
    expect(page.locator("#player-now")).to_contain_text("What happened")


def test_on_a_phone_the_wrap_up_is_a_sheet_at_the_foot(stage: Stage, open_page: OpenPage) -> None:
    page = opened(stage, open_page, width=WIDTHS["phone"])
    scrolled_to_the_end_of_the_words(page)
    assert page.locator("#case-head").evaluate(TOP) == 0
    spoke = page.get_by_label("I spoke with the complainant")
    expect(spoke).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 640})
    assert (
        page.get_by_role("link", name="Next", exact=True).evaluate("link => link.getBoundingClientRect().right") <= 320
    )
    page.get_by_role("link", name="Log", exact=True).click()
    expect(spoke).to_be_in_viewport()
    spoke.check()
    page.get_by_role("link", name="Put it away").click()
    expect(spoke).to_be_hidden()


@pytest.mark.requirement("S4-08")
def test_one_key_says_what_kind_of_complaint_it_is_unless_somebody_writes(stage: Stage, open_page: OpenPage) -> None:
    page = opened(stage, open_page, width=WIDTHS["desk"])
    page.get_by_label("Who was reached, what was said").press("Shift+Digit7")
    expect(page.locator("#kind-now .tag")).to_have_count(0)
    page.locator("h1").click()
    page.evaluate(SLASH_IN_ZAGREB)
    expect(page.locator("#search-box")).to_be_focused()
    expect(page.locator("#kind-now .tag")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("Shift+Digit7")
    expect(page.locator("#case-head")).to_contain_text("Warranty")
    expect(page.get_by_label("Amount asked for the repair")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Shift 7Warranty")
    page.get_by_label("Single letters work as keys here").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Digit5")
    page.reload()
    expect(page.locator("#kind-now .tag")).to_have_text("Warranty")

"""The one box in a real browser: by its key, on a phone, and the moment that a hit plays."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage
from tests.browser.test_console import until
from voicebot.domain.case_number import written


def test_a_word_is_found_by_the_keyboard_and_heard_at_its_moment(stage: Stage, open_page: OpenPage) -> None:
    case = written(stage.told().case_number)
    page = open_page()
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    box.fill("neighbours")
    page.keyboard.press("Enter")
    expect(page.locator(".found-case mark").first).to_have_text("neighbours")
    expect(box).to_have_value("neighbours")
    page.get_by_role("link", name="Hear it at").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(case)
    word = page.locator("[data-start]", has_text="neighbours")
    start = float(word.get_attribute("data-start") or "nan")
    until(page, f"document.querySelector('#voice').currentTime >= {start}")


def test_the_box_fits_a_narrow_window_and_needs_no_script(stage: Stage, open_page: OpenPage) -> None:
    case = written(stage.told().case_number)
    page = open_page("/console/search?q=the+washing+machine", width=320, has_script=False)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    expect(page.get_by_role("link", name=case).first).to_be_visible()
    page.get_by_role("searchbox").fill("0143")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("mark")).to_have_text("+12025550143")

"""The first screen in a browser: the next call at the top, and rows that never move under a pointer."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage, later
from tests.service.lines import OTHER
from voicebot.domain.case_number import written

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
THIRD = "+12025550178"


def test_the_lanes_show_whom_to_call_and_move_nothing_under_the_pointer(stage: Stage, open_page: OpenPage) -> None:
    first = stage.told()
    later(stage.line, hours=2)
    page = open_page()
    expect(page.get_by_role("heading", name="Next call")).to_contain_text(written(first.case_number))
    expect(page.locator("#next-call")).to_be_in_viewport()
    row = page.locator(".lane-row")
    expect(row).to_contain_text("1 h left")
    height = row.bounding_box()
    assert height is not None
    assert height["height"] <= 50
    row.hover()
    stage.told(carrier_call_id="CA2", caller=OTHER)
    page.evaluate(LOOK)
    news = page.get_by_role("button", name="1 new: show them")
    expect(news).to_be_visible()
    expect(row).to_have_count(1)
    expect(page.locator("#counts")).to_contain_text("1 Opens later today")
    news.click()
    expect(row).to_have_count(2)
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    stage.told(carrier_call_id="CA3", caller=THIRD)
    page.evaluate(LOOK)
    expect(row).to_have_count(3)
    expect(page.locator("#lanes-news")).to_have_text("1 new")


def test_from_a_case_back_leads_to_the_row_in_the_lane_that_was_chosen(stage: Stage, open_page: OpenPage) -> None:
    case = written(stage.told().case_number)
    page = open_page("/console/?lane=later")
    page.locator(".lane-row").click(position={"x": 5, "y": 5})
    page.get_by_role("link", name="← Back to the list").click()
    page.wait_for_url(f"**/console/?lane=later#case-{case}")
    expect(page.locator(".lane-row:target")).to_be_in_viewport()

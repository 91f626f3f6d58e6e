"""The first screen in a browser: the next call at the top, and rows that never move under a pointer."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage, later
from tests.service.lines import OTHER
from voicebot.domain.access import Seen
from voicebot.domain.case_number import written
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.presence import note_presence
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.hand_over import take_over

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


def test_the_next_call_stays_while_somebody_points_at_its_button(stage: Stage, open_page: OpenPage) -> None:
    first = stage.told()
    second = stage.told(carrier_call_id="CA2", caller=OTHER)
    later(stage.line, hours=2)
    page = open_page()
    title = page.get_by_role("heading", name="Next call")
    page.locator("#next-call").get_by_role("button", name="Call").hover()
    log_callback(stage.line.hotline, first.case_number, reason="spoke", actor="deputy_1")
    page.evaluate(LOOK)
    expect(page.locator("#lanes-news")).to_have_text("1 gone")
    expect(title).to_contain_text(written(first.case_number))
    page.mouse.move(1, 1)
    page.evaluate(LOOK)
    expect(title).to_contain_text(written(second.case_number))


def test_from_a_case_back_leads_to_the_row_in_the_lane_that_was_chosen(stage: Stage, open_page: OpenPage) -> None:
    case = written(stage.told().case_number)
    page = open_page("/console/?lane=later")
    page.locator(".lane-row").click(position={"x": 5, "y": 5})
    page.get_by_role("link", name="← Back to the list").click()
    page.wait_for_url(f"**/console/?lane=later#case-{case}")
    expect(page.locator(".lane-row:target")).to_be_in_viewport()


def test_what_a_colleague_does_arrives_while_somebody_types_and_no_word_is_lost(
    stage: Stage, open_page: OpenPage
) -> None:
    case = stage.told().case_number
    page = open_page(f"/console/cases/{written(case)}")
    typed = "Maria; the machine comes on"
    page.get_by_label("Who was reached").press_sequentially(typed)
    write_note(stage.line.hotline, case, text="her house is the one at the back", actor="deputy_1")
    take_over(stage.line.hotline, case, actor="deputy_1")
    note_presence(stage.line.hotline, Seen(case=case, at=stage.line.clock.now(), staff_id="deputy_1"))
    page.evaluate(LOOK)
    expect(page.locator("#timeline")).to_contain_text("her house is the one at the back")
    expect(page.locator("#case-news")).to_contain_text("Deputy took the case over")
    expect(page.locator("#presence")).to_have_text("Deputy is here")
    expect(page.get_by_label("Who was reached")).to_have_value(typed)
    expect(page.get_by_label("Who was reached")).to_be_focused()
    assert page.locator("form[action$='/called'] input[name=seen]").input_value() == "0", "it was begun before"
    assert page.locator("form[action$='/notes'] input[name=seen]").input_value() == "2"

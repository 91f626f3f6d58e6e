"""When my call is over my browser goes to its wrap-up by itself, and never while I am writing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage
from tests.domain.test_staff_call import a_staff_call
from voicebot.domain.case_number import written
from voicebot.domain.staff_call import StaffCall, StaffCallState
from voicebot.domain.ticket import Ticket


def my_call(stage: Stage, ticket: Ticket, *, is_over: bool) -> StaffCall:
    """Let a call of who is logged in go on, or be over."""
    now = stage.line.clock.now()
    with stage.line.work() as work:
        (me,) = work.staff.all()
        call = a_staff_call(
            ticket_id=ticket.id,
            promise_id=None,
            member_id=me.id,
            ordered_at=now,
            state=StaffCallState.ENDED if is_over else StaffCallState.TAKEN,
            result="reached" if is_over else "",
            ended_at=now if is_over else None,
            dial_status="completed" if is_over else "",
        )
        if not work.staff_calls.add(call):
            work.staff_calls.save(call)
        work.commit()
    return call


def test_the_page_goes_to_the_wrap_up_once_the_call_is_over(stage: Stage, open_page: OpenPage) -> None:
    ticket = stage.told()
    my_call(stage, ticket, is_over=False)
    page = open_page("/console/")
    expect(page.locator("#own-call")).to_have_attribute("data-over", "no")
    my_call(stage, ticket, is_over=True)
    page.wait_for_url(f"**/cases/{written(ticket.case_number)}#actions")
    expect(page.get_by_role("group", name="What comes next")).to_be_in_viewport()
    page.goto(f"{stage.url}/console/")
    expect(page.get_by_role("link", name="write down what came of it")).to_be_visible()
    assert page.url.endswith("/console/"), "it leads there once, and then offers"


def test_whoever_is_writing_is_not_taken_away_and_finds_a_link(stage: Stage, open_page: OpenPage) -> None:
    mine, other = stage.told(), stage.told(carrier_call_id="CA2", caller="+12025550177")
    my_call(stage, mine, is_over=False)
    page = open_page(f"/console/cases/{written(other.case_number)}")
    page.get_by_label("Who was reached, what was said").fill("They will send the")
    expect(page.locator("#own-call")).to_have_attribute("data-over", "no")
    my_call(stage, mine, is_over=True)
    link = page.get_by_role("link", name="write down what came of it")
    expect(link).to_be_visible()
    assert page.url.endswith(written(other.case_number))
    assert page.get_by_label("Who was reached, what was said").input_value() == "They will send the"
    link.click()
    page.wait_for_url(f"**/cases/{written(mine.case_number)}#actions")


@pytest.mark.heavy
def test_without_a_script_nothing_is_lost(stage: Stage, open_page: OpenPage) -> None:
    my_call(stage, stage.told(), is_over=True)
    page = open_page("/console/", has_script=False)
    expect(page.locator(".lane-row")).to_have_count(1)

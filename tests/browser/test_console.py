"""Staff at work, in a real browser: from the list to a logged call."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDTHS, OpenPage, log_in
from tests.browser.stage import EMAIL, Stage, later
from tests.web.console.desk import PASSWORD
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import Ticket
from voicebot.service.ticket.hand_over import take_over

LONG_STORY = ("здравствуйте я жду вашего звонка уже третью неделю " * 57).strip()
NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def test_staff_log_in_and_out(stage: Stage, chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{stage.url}/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill("not this one at all")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_contain_text("wrong")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
        page.goto(f"{stage.url}/console/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_an_empty_list_says_what_will_stand_there_and_how_to_ring(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.locator(".empty")).to_contain_text("No cases yet")
    expect(page.get_by_role("link", name="+12025550100")).to_have_attribute("href", "tel:+12025550100")


def test_the_list_leads_to_a_case_with_its_promise_and_its_voice(stage: Stage, open_page: OpenPage) -> None:
    ticket = stage.told()
    page = open_page("/console/cases")
    line = page.locator(".case-line")
    expect(line).to_contain_text("in 3 h")
    expect(line).to_contain_text("13:00 EST")
    line.get_by_role("link", name=written(ticket.case_number)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(written(ticket.case_number))
    expect(page.locator("#clock")).to_contain_text("the window opens in 1 h")
    expect(page.locator("#clock blockquote")).to_contain_text("That is our promise")
    expect(page.get_by_role("link", name=re.compile("Call the complainant"))).to_have_attribute(
        "href", f"tel:{ticket.complainant_number}"
    )


def test_the_voice_plays_and_the_word_being_heard_is_marked(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    page.evaluate("document.querySelector('audio').play()")
    until(page, "document.querySelector('audio').currentTime > 0.4")
    expect(page.locator(".word[aria-current]").first).to_be_visible()
    assert page.evaluate("document.querySelector('audio').error") is None


def test_a_word_is_heard_by_mouse_and_in_review_by_keyboard(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page, "/review")
    words = page.locator("[data-answer]").first.locator("[data-start]")
    words.nth(20).click()
    until(page, f"document.querySelector('audio').currentTime >= {words.nth(20).get_attribute('data-start')}")
    expect(words.nth(20)).to_have_attribute("tabindex", "0")
    page.evaluate("document.querySelector('audio').pause()")
    words.nth(20).focus()
    page.keyboard.press("ArrowRight")
    expect(words.nth(21)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('audio').currentTime < 1.5")
    assert page.locator("[data-answer]").first.locator("[tabindex='0']").count() == 1


def test_doubtful_words_are_marked_by_more_than_colour_and_found_in_turn(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page, "/review")
    doubtful = page.locator("[data-answer]").first.locator("[data-doubtful]")
    unsure, number = (page.locator(f"[data-answer] .doubt-{doubt}").first for doubt in ("unsure", "weighty"))
    expect(unsure).to_contain_text("(doubtful)")
    assert "?" in unsure.evaluate("word => getComputedStyle(word, '::after').content")
    expect(number).to_contain_text("(check)")
    styles = [word.evaluate("word => getComputedStyle(word).textDecorationStyle") for word in (unsure, number)]
    assert styles == ["wavy", "dotted"]
    page.get_by_role("button", name="Hear the next word to check").first.click()
    expect(doubtful.first).to_be_focused()


def test_a_call_is_logged_and_keeps_the_promise(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    page.get_by_label("I spoke with the complainant").check()
    page.get_by_label("Who was reached").fill("Maria; the machine comes on Friday")
    page.get_by_label("What is due stands as it is").check()
    page.get_by_role("button", name="Log the call").click()
    expect(page.get_by_role("status")).to_contain_text("the promise is kept")
    expect(page.locator("#clock")).to_contain_text("Ana Ruiz spoke with the complainant")
    (ticket_id,) = (line.id for line in tickets(stage))
    assert stage.line.promise(ticket_id).state is PromiseState.KEPT


def test_a_voicemail_is_a_try_and_the_promise_waits(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    page.get_by_label("Voicemail").check()
    page.get_by_label("What is due stands as it is").check()
    page.get_by_role("button", name="Log the call").click()
    expect(page.get_by_role("status")).to_contain_text("still waits for a talk")
    expect(page.locator("#clock")).to_contain_text("Call promised")


def test_a_case_is_taken_over_noted_and_seen(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_role("status")).to_contain_text("The case is yours now")
    page.get_by_label("A note for colleagues").fill("house number missing")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("article").filter(has_text="house number missing")).to_be_visible()
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_role("status")).to_contain_text("The ladder rests")
    page.goto(f"{stage.url}/console/cases?show=mine")
    expect(page.locator(".case-line")).to_contain_text("Ana Ruiz (you)")


def test_a_double_click_is_one_note(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    page.get_by_label("A note for colleagues").fill("once only")
    page.get_by_role("button", name="Keep the note").dblclick()
    expect(page.get_by_role("article").filter(has_text="once only")).to_have_count(1)
    assert stage.line.verbs(tickets(stage)[0].id).count("note_written") == 1


def test_without_script_the_pages_work_the_same(stage: Stage, open_page: OpenPage) -> None:
    stage.told()
    page = open_page(has_script=False)
    page.locator(".lane-gist").click()
    page.get_by_label("A note for colleagues").fill("no script")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("article").filter(has_text="no script")).to_be_visible()


def test_the_list_takes_over_what_changed_when_somebody_looks_again(stage: Stage, open_page: OpenPage) -> None:
    ticket = stage.told()
    page = open_page("/console/cases")
    expect(page.locator(".case-line")).to_contain_text("in 3 h")
    later(stage.line, hours=3, minutes=8)
    take_over(stage.line.hotline, ticket.case_number, actor="deputy_1")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".case-line")).to_contain_text("8 min overdue")
    expect(page.locator(".case-line")).to_contain_text("Deputy")


def test_a_session_that_ends_leaves_what_is_being_typed_where_it_is(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    page.get_by_label("Who was reached").fill("Maria; the machine comes on Friday")
    page.get_by_label("What is due stands as it is").check()
    stage.line.clock.step(timedelta(hours=12))
    for _ in range(2):  # a page that the first one sent away would not be there for the second
        with page.expect_response(lambda answer: "/console/login" in answer.url):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_label("Who was reached")).to_have_value("Maria; the machine comes on Friday")


def test_a_session_that_ends_shows_who_is_not_typing_to_the_login(stage: Stage, open_page: OpenPage) -> None:
    page = case_page(stage, open_page)
    stage.line.clock.step(timedelta(hours=12))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_after_a_session_that_ended_the_login_leads_back_to_the_case_and_to_what_was_typed(
    stage: Stage, chromium: Browser
) -> None:
    ticket = stage.told()
    with chromium.new_context() as context:
        log_in(context, stage)
        page = context.new_page()
        page.goto(f"{stage.url}/console/cases/{ticket.case_number}")
        page.locator("[name=q]").fill("Maria")
        stage.line.clock.step(timedelta(hours=12))
        with page.expect_response("**/console/login**"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.get_by_label("Nobody answered").check()
        page.get_by_label("Who was reached").fill("the driver had the wrong street")
        expect(page.locator("[name=q]")).to_have_value("Maria")
        page.get_by_label("What is due stands as it is").check()
        page.get_by_role("button", name="Log the call").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are not logged in")
        expect(page.get_by_label("What you wrote")).to_have_value("the driver had the wrong street")
        assert "complainant_tried" not in stage.line.verbs(ticket.id)
        page.get_by_role("link", name="To the login").click()
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(written(ticket.case_number))
        expect(page.get_by_text("What you wrote was not kept and stands here again")).to_be_visible()
        for label in ("Nobody answered", "What is due stands as it is"):
            expect(page.get_by_label(label)).to_be_checked()
        expect(page.get_by_label("Who was reached")).to_have_value("the driver had the wrong street")
        page.get_by_role("button", name="Log the call").click()
        expect(page.get_by_text("Logged as a try")).to_be_visible()
        expect(page.get_by_label("Who was reached")).to_have_value("")
    assert stage.line.verbs(ticket.id).count("complainant_tried") == 1


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_is_wider_than_its_window(stage: Stage, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    assert page.evaluate(NARROW), "the empty list"
    ticket = stage.told(story=LONG_STORY, demand="W" * 200)
    later(stage.line, hours=3, minutes=8)
    for path in ("/console/", "/console/cases?show=all", f"/console/cases/{ticket.case_number}", "/console/password"):
        page.goto(stage.url + path)
        assert page.evaluate(NARROW), path
        assert page.get_by_role("heading", level=1).count() == 1


def case_page(stage: Stage, open_page: OpenPage, door: str = "") -> Page:
    """Open a case with words and voice, or one of its other doors."""
    page = open_page(f"/console/cases/{written(stage.told().case_number)}{door}")
    page.wait_for_selector(".has-live-words")
    return page


def until(page: Page, is_so: str) -> None:
    """Wait for a condition; from outside, for the page itself evaluates no strings."""
    for _ in range(200):
        if page.evaluate(is_so):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"waited in vain: {is_so}")


def tickets(stage: Stage) -> list[Ticket]:
    """Return every ticket."""
    with stage.line.work() as work:
        return list(work.tickets.all())


def test_a_wrap_up_asks_for_what_the_choice_needs_before_it_is_sent(stage: Stage, open_page: OpenPage) -> None:
    ticket = stage.told()
    page = open_page(f"/console/cases/{written(ticket.case_number)}")
    page.get_by_label("I spoke with the complainant").check()
    day = page.get_by_label("Until this day we wait for the complainant")
    expect(day).to_be_hidden()
    page.get_by_label("They are to send or say something").check()
    expect(day).to_be_visible()
    page.get_by_role("button", name="Log the call").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case")
    page.get_by_label("Who was reached, what was said").fill("x" * 2_100)
    expect(page.get_by_text("100 characters too many")).to_be_visible()
    page.get_by_role("button", name="Log the call").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case")
    page.get_by_label("Who was reached, what was said").fill("she sends the receipt")
    day.fill("2026-11-23")
    page.get_by_role("button", name="Log the call").click()
    expect(page.get_by_text("Logged: the promise is kept")).to_be_visible()
    expect(page.get_by_text("We wait no longer")).to_be_visible()


def test_two_clicks_on_join_are_one_and_the_case_that_goes_on_is_shown(stage: Stage, open_page: OpenPage) -> None:
    older, newer = stage.told(), stage.told(carrier_call_id="CA2", story="the bill is wrong")
    page = open_page(f"/console/cases/{written(newer.case_number)}", width=WIDTHS["phone"])
    page.get_by_text("Join it with another case").click()
    assert page.evaluate(NARROW)
    page.get_by_label("Number of the case that goes on").fill(written(older.case_number))
    page.get_by_label("Why they are one").fill("the same machine")
    page.get_by_role("button", name="Join them").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text(written(older.case_number))
    expect(page.get_by_text(f"{written(newer.case_number)} was joined into this one")).to_be_visible()

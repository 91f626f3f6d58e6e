"""A transcript reviewed in a real browser: by keyboard alone, and by two people at once."""

from datetime import timedelta

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage, log_in
from tests.browser.stage import Stage
from tests.browser.test_console import until
from voicebot.domain.case_number import written
from voicebot.domain.review import Span
from voicebot.domain.ticket import Answer, Ticket
from voicebot.service.ticket.review import Reviewed, correct

STORY = "the bridge you delivered on monday is broken and nobody came to mend it or to take it away again"


def opened(stage: Stage, open_page: OpenPage) -> tuple[Ticket, Page]:
    """Open a case that nobody has listened to."""
    answer = stage.line.told_call("CA1", is_heard=False)
    ticket = stage.retell(answer, story=STORY, demand="please mend it")
    page = open_page(f"/console/cases/{written(ticket.case_number)}")
    page.wait_for_selector(".has-live-words")
    return ticket, page


def story_of(stage: Stage, ticket: Ticket) -> Answer:
    with stage.line.work() as work:
        return work.tickets.answers(ticket.id)[0]


def now(stage: Stage, ticket: Ticket) -> str:
    with stage.line.work() as work:
        found = work.tickets.get(ticket.id)
    assert found is not None
    return found.problem


def test_a_case_is_reviewed_by_keyboard_alone(stage: Stage, open_page: OpenPage) -> None:
    ticket, page = opened(stage, open_page)
    story = page.locator("[data-answer]").first
    assert story.get_by_role("button", name="bridge").count() == 0, "plain text outside the review"
    page.keyboard.press("e")
    expect(story.get_by_role("button", name="bridge")).to_be_visible()
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    doubtful = story.locator("[data-doubtful]")
    marked = doubtful.count()
    page.keyboard.press("d")
    expect(doubtful.nth(0)).to_be_focused()
    until(page, "document.querySelector('#voice').paused && document.querySelector('#voice').currentTime > 0")
    cut_off(page, "a", "e")
    page.keyboard.press("a")
    expect(story).to_contain_text(f"1 of {marked} doubtful words checked")
    page.keyboard.press("d")
    expect(doubtful.nth(0)).to_be_focused()
    page.keyboard.press("d")
    expect(doubtful.nth(1)).to_be_focused()
    page.keyboard.press("Shift+D")
    expect(doubtful.nth(0)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("e")
    expect(page.get_by_label("What is said there")).to_be_focused()
    page.keyboard.type("fridge d.")
    page.keyboard.press("Enter")
    expect(story.get_by_role("button", name="fridge d. (corrected)")).to_be_focused()
    assert now(stage, ticket).startswith("the fridge d. you")
    expect(page.locator(".gist")).to_contain_text("the fridge d. you delivered")
    page.keyboard.press("z")
    expect(story.get_by_role("button", name="bridge")).to_be_focused()
    assert now(stage, ticket) == STORY
    keys_of_the_player(page)
    letters_are_switched_off(page)


def cut_off(page: Page, *keys: str) -> None:
    """Press keys of the review without a network: it is said each time, and nothing is changed."""
    status = page.locator("[data-review-said]")
    page.context.set_offline(True)
    for key in keys:
        page.keyboard.press(key)
        expect(status).to_have_text("It could not be fetched: try again when you are online.")
        status.evaluate("line => { line.textContent = ''; }")
    page.context.set_offline(False)


def keys_of_the_player(page: Page) -> None:
    """Play, pause, go back, loop and change the speed, which is remembered."""
    page.keyboard.press("Alt+Equal")
    assert page.evaluate("document.querySelector('#voice').playbackRate") == 1.1
    page.keyboard.press(".")
    until(page, "!document.querySelector('#voice').paused")
    page.keyboard.press(".")
    until(page, "document.querySelector('#voice').paused")
    page.evaluate("document.querySelector('#voice').currentTime = 4")
    page.keyboard.press("Alt+KeyK")
    assert page.evaluate("document.querySelector('#voice').currentTime") < 3.5, "two seconds back"
    page.keyboard.press("Alt+KeyK")
    assert page.evaluate("document.querySelector('#voice').paused")
    page.reload()
    page.wait_for_selector(".has-live-words")
    assert page.evaluate("document.querySelector('#voice').playbackRate") == 1.1


def letters_are_switched_off(page: Page) -> None:
    """List the keys, and switch single letters off (WCAG 2.1.4)."""
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    expect(keys).to_contain_text("two seconds back")
    keys.get_by_label("Single letters work as keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("e")
    assert page.evaluate("document.querySelector('#voice').currentTime") == 0
    expect(page.get_by_label("What is said there")).to_have_count(0)


def test_the_second_reviewer_sees_the_first_ones_change_and_loses_nothing_typed(
    stage: Stage, open_page: OpenPage
) -> None:
    ticket, page = opened(stage, open_page)
    page.goto(f"{page.url}/review")
    page.wait_for_selector(".has-live-words")
    page.locator("[data-answer]").first.get_by_role("button", name="bridge").focus()
    page.keyboard.press("e")
    page.get_by_label("What is said there").fill("carriage")
    what = Reviewed(answer_id=story_of(stage, ticket).id, span=Span(first=1, end=2), actor="deputy_1")
    correct(stage.line.hotline, ticket.case_number, what, text="fridge")
    page.get_by_role("button", name="Keep the correction").click()
    alert = page.get_by_role("alert")
    for words in ("reviewed since you opened the page", "Deputy", "fridge"):
        expect(alert).to_contain_text(words)
    expect(page.get_by_label("What is said there")).to_have_value("carriage")
    assert now(stage, ticket).startswith("the fridge you")
    page.get_by_role("button", name="Keep the correction").click()
    expect(page.locator("[data-answer]").first.get_by_role("button", name="carriage (corrected)")).to_be_visible()
    assert now(stage, ticket).startswith("the carriage you")
    whole_voice_is_played(stage, ticket, page)


def whole_voice_is_played(stage: Stage, ticket: Ticket, page: Page) -> None:
    """Let the answer be played to its end, after which it counts as heard; and copy its words."""
    page.evaluate("document.querySelector('#voice').playbackRate = 8")
    page.locator("[data-hear]").first.click()
    expect(page.locator("[data-answer]").first).to_contain_text("Heard by Ana Ruiz", timeout=15_000)
    with stage.line.work() as work:
        assert {each.by for each in work.reviews.heard_of(ticket.id)} == {"ana_ruiz"}
    page.goto(page.url.partition("/review")[0])
    words = page.locator(".transcript").first
    copied = words.evaluate("part => { getSelection().selectAllChildren(part); return getSelection().toString(); }")
    assert " ".join(copied.split()) == STORY.replace("bridge", "carriage")


def test_taking_back_in_a_session_that_ended_changes_no_other_form(stage: Stage, chromium: Browser) -> None:
    ticket = stage.retell(stage.line.told_call("CA1", is_heard=False), story=STORY, demand="please mend it")
    answer_id = story_of(stage, ticket).id
    for at, text in enumerate(("a", "fridge")):
        what = Reviewed(answer_id=answer_id, span=Span(first=at, end=at + 1), actor="deputy_1")
        correct(stage.line.hotline, ticket.case_number, what, text=text)
    with chromium.new_context() as context:
        log_in(context, stage)
        page = context.new_page()
        page.goto(f"{stage.url}/console/cases/{written(ticket.case_number)}/review")
        page.wait_for_selector(".has-live-words")
        stage.line.clock.step(timedelta(hours=12))
        page.get_by_role("button", name="Take it back").nth(1).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are not logged in")
        log_in(context, stage)
        page.goto(f"{stage.url}/console/cases/{written(ticket.case_number)}/review")
        expect(page.get_by_text("What you wrote was not kept")).to_have_count(0)
        page.get_by_role("button", name="Take it back").first.click()
        expect(page.get_by_role("button", name="Take it back")).to_have_count(1)
        expect(page.locator("[data-answer]").first.get_by_role("button", name="bridge")).to_be_visible()
        stage.line.clock.step(timedelta(hours=12))
        page.locator("[data-range]").nth(3).focus()
        page.keyboard.press("e")
        page.wait_for_url(lambda address: "/console/login?next=" in address)
    assert now(stage, ticket).startswith("a bridge you")

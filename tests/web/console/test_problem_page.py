"""What goes wrong in the console is a page that says what to do, and tells nothing of the inside."""

from collections.abc import Callable

import pytest
from flask import abort
from markupsafe import escape
from sqlalchemy import Engine

from tests.web.console.desk import ConsoleDesk
from voicebot.errors import Refused, Unavailable
from voicebot.web.guard.guards import Guard, guarded


def _raising(error: Exception) -> Callable[[], str]:
    @guarded(Guard.PUBLIC)
    def view() -> str:
        raise error

    return view


@guarded(Guard.PUBLIC)
def _too_long() -> str:
    abort(413)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (Refused("closing a case: nobody has called"), 409, "Closing a case: nobody has called."),
        (Unavailable("the database is away"), 503, "The database is away."),
        (KeyError("a secret of the inside"), 500, "Something went wrong on our side"),
    ],
)
def test_an_error_is_a_page_that_names_who_must_act(
    console: ConsoleDesk, error: Exception, status: int, told: str
) -> None:
    console.app.add_url_rule("/console/broken", "broken", _raising(error))
    page = console.browser().get("/console/broken")
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert told in page.text
    assert "secret of the inside" not in page.text


def test_a_page_too_long_says_what_to_do(console: ConsoleDesk) -> None:
    console.app.add_url_rule("/console/long", "long", _too_long)
    assert "Shorten what you wrote" in console.browser().get("/console/long").text


def test_words_of_strangers_are_shown_as_words(console: ConsoleDesk) -> None:
    console.app.add_url_rule("/console/broken", "broken", _raising(Refused("<script>alert(1)</script>")))
    page = console.browser().get("/console/broken")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_without_its_frame_the_page_is_plain_words(console: ConsoleDesk, engine: Engine) -> None:
    """The database that failed the page fails the question who is logged in, too."""
    browser = console.logged_in()
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE staff_account RENAME TO gone")
    page = browser.get("/console/")
    assert (page.status_code, page.mimetype) == (503, "text/plain")
    assert page.text.startswith("This cannot be done now. Looking up an account: the database is away")
    assert page.headers["Retry-After"] == "10"
    assert page.headers["Cache-Control"] == "no-store"


def test_outside_the_console_nothing_changes(console: ConsoleDesk) -> None:
    answer = console.app.test_client().get("/no-such-address")
    assert (answer.status_code, answer.text, answer.mimetype) == (404, "Not Found\n", "text/plain")


OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
NOTES = "/console/cases/482719305/notes"


@pytest.mark.parametrize("form", [{"text": "a long note"}, {"reason": "she <b>agreed"}])
def test_words_that_could_not_be_kept_are_given_back(console: ConsoleDesk, form: dict[str, str]) -> None:
    for browser, status in ((console.browser(), 401), (console.logged_in(), 400)):
        page = browser.post(NOTES, form, headers=OUR_PAGE)
        assert page.status_code == status
        assert "What you wrote, to take with you" in page.text
        assert all(escape(words) in page.text for words in form.values())


def test_without_words_nothing_is_given_back(console: ConsoleDesk) -> None:
    page = console.browser().post(NOTES, {"seen": "2", "text": " "}, headers=OUR_PAGE)
    assert (page.status_code, "What you wrote" in page.text) == (401, False)


def test_words_that_another_site_sends_stand_on_no_page_of_ours(console: ConsoleDesk) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}):
        page = console.browser().post(NOTES, {"text": "ring this number"}, headers=headers)
        assert (page.status_code, "ring this number" in page.text) == (401, False)


def test_a_form_too_long_to_be_read_gives_nothing_back(console: ConsoleDesk) -> None:
    console.app.config["MAX_CONTENT_LENGTH"] = 100
    page = console.browser().post(NOTES, {"text": "w" * 200}, headers=OUR_PAGE)
    assert (page.status_code, "wwww" in page.text) == (401, False)

"""Setting up a second factor in the console, and who must have one."""

import re
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine

from tests.web.console.desk import LOGIN, PASSWORD, Browser, ConsoleDesk, token_in
from voicebot.domain.staff import Role

EMAIL = "anna@firm.example"
BEGIN, NEW = "/console/second-factor", "/console/second-factor/new"


def key_on(browser: Browser) -> str:
    """Return the key that the page shows as text."""
    (shown,) = re.findall(r'second-factor-key">([A-Z2-7 ]+)<', browser.get(NEW).text)
    return str(shown).replace(" ", "")


def begin(browser: Browser, code: str = "") -> str:
    """Begin with the password, and return the key."""
    answer = browser.send(BEGIN, {"password": PASSWORD, "code": code})
    assert (answer.status_code, answer.location) == (303, NEW)
    return key_on(browser)


def code_of(console: ConsoleDesk, key: str) -> str:
    """Return what a telephone with this key shows."""
    return pyotp.TOTP(key).at(console.line.clock.now())


def test_a_key_is_taken_up_confirmed_and_its_recovery_codes_are_shown_once(console: ConsoleDesk) -> None:
    browser, elsewhere = console.logged_in(), console.browser("203.0.113.9")
    elsewhere.log_in(EMAIL)
    assert "your password alone lets you in" in browser.get(BEGIN).text
    key = begin(browser)
    page = browser.get(NEW)
    assert "<svg" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    wrong = browser.send(NEW, {"code": "000000"})
    assert "This code does not count." in wrong.text
    done = browser.post(NEW, {"csrf_token": token_in(browser.get(NEW)), "code": code_of(console, key)})
    codes = re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", done.text)
    assert len(codes) == 10
    for path in (BEGIN, "/console/", "/console/password"):
        shown = browser.get(path)
        assert shown.status_code == 200, "this session goes on"
        assert key not in shown.text.replace(" ", "")
        assert codes[0] not in shown.text
    assert browser.get(NEW).location == BEGIN
    assert elsewhere.get("/console/").status_code == 302, "every other session has ended"


def test_a_wrong_password_begins_nothing(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    page = browser.send(BEGIN, {"password": "not the password"})
    assert (page.status_code, "not your present password" in page.text) == (200, True)
    assert browser.get(NEW).location == BEGIN
    tries = [browser.send(BEGIN, {"password": "not the password"}).status_code for _ in range(8)]
    assert tries[-1] == 429


def test_who_has_a_second_factor_needs_it_to_change_it(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    key = begin(browser)
    browser.send(NEW, {"code": code_of(console, key)})
    page = browser.send(BEGIN, {"password": PASSWORD, "code": "000000"})
    assert "This code does not count." in page.text
    console.line.clock.step(timedelta(seconds=30))
    again = begin(browser, code_of(console, key))
    assert again != key


def test_codes_are_no_quicker_guessed_at_an_open_session(console: ConsoleDesk) -> None:
    """Ten a day, as at the login, also where a new password begins a new session."""
    browser = console.logged_in()
    browser.send(NEW, {"code": code_of(console, begin(browser))})
    wrong = {"password": PASSWORD, "code": "000000"}
    assert {browser.send(BEGIN, wrong).status_code for _ in range(8)} == {200}
    new = "seven herons on one leg"
    browser.send("/console/password", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    tries = [browser.send(BEGIN, wrong | {"password": new}).status_code for _ in range(3)]
    assert tries == [200, 200, 429]


@pytest.fixture
def strict(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> ConsoleDesk:
    """A console whose administrators must have a second factor."""
    must_have = frozenset({Role.ADMINISTRATOR})
    return ConsoleDesk(console.line, engine, tmp_path / "clips", second_factor_for=must_have)


def test_who_must_have_one_sees_nothing_before_it_is_set_up(strict: ConsoleDesk) -> None:
    browser = strict.logged_in(role=Role.ADMINISTRATOR)
    assert browser.get("/console/").location == BEGIN
    token = token_in(browser.get(BEGIN))
    refused = browser.post("/console/channels/trials", {"csrf_token": token, "person": "owner_1"})
    assert refused.status_code == 403
    assert "set yours up first" in refused.text
    assert browser.get("/console/password").status_code == 200
    key = begin(browser)
    browser.send(NEW, {"code": code_of(strict, key)})
    assert browser.get("/console/").status_code == 200


def test_others_may_do_without(strict: ConsoleDesk) -> None:
    assert strict.logged_in(role=Role.SUPERVISOR).get("/console/").status_code == 200


def test_a_role_that_the_policy_gives_must_have_one_like_that_of_the_account(
    console: ConsoleDesk, engine: Engine, tmp_path: Path
) -> None:
    """A handler's account whom the policy names supervisor may all that a supervisor may."""
    strict = ConsoleDesk(console.line, engine, tmp_path / "clips", second_factor_for=frozenset({Role.SUPERVISOR}))
    assert strict.logged_in(member_id="supervisor_1").get("/console/rota").location == BEGIN
    assert strict.logged_in("h@firm.example", member_id="owner_1", name="H").get("/console/").status_code == 200
    auditor = strict.logged_in("a@firm.example", member_id="supervisor_2", name="A", role=Role.AUDITOR)
    assert auditor.get("/console/").status_code == 200, "nothing comes on top of a limit"


def test_who_must_have_one_may_leave(strict: ConsoleDesk) -> None:
    browser = strict.logged_in(role=Role.ADMINISTRATOR)
    assert browser.send(BEGIN, {}, to="/console/logout").location == LOGIN

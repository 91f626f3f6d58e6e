"""Logging in and out, changing one's password, and what a stranger learns from trying."""

from pathlib import Path
from time import process_time

import pytest
from sqlalchemy import Engine, event

from tests.web.console.desk import CHANGE, LOGIN, LOGOUT, PASSWORD, Browser, ConsoleDesk, hashed, token_in
from voicebot.adapters.passwords import hash_password
from voicebot.adapters.store import open_engine
from voicebot.service.staff.accounts import all_accounts, disable_account, find_account, set_password
from voicebot.web.console.door import SESSION_LIFE
from voicebot.web.console.security import WRONG

EMAIL = "anna@firm.example"
NEW = "seven herons on one leg"


def is_in(browser: Browser) -> bool:
    """Tell whether the browser is logged in."""
    return browser.get("/console/").status_code == 200


def test_who_knows_the_password_comes_in(console_on_both: ConsoleDesk) -> None:
    console_on_both.add()
    browser = console_on_both.browser()
    answer = browser.log_in(" Anna@Firm.example ")
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert "Anna Ruiz" in browser.get("/console/").text


def test_the_last_login_is_kept(console_on_both: ConsoleDesk) -> None:
    console_on_both.logged_in()
    (account,) = all_accounts(console_on_both.line.hotline)
    assert account.last_login_at == console_on_both.line.clock.now()


def test_a_login_writes_once_and_after_the_password_was_checked(console: ConsoleDesk, engine: Engine) -> None:
    """SQLite has one writer: nobody may hold it while a password is hashed."""
    console.add()
    before = find_account(console.line.hotline, EMAIL).password_hash
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: seen.append(sql.split()[0]))
    event.listen(engine, "commit", lambda _c: seen.append("COMMIT"))
    console.browser().log_in(EMAIL)
    assert [what for what in seen if what != "SELECT"] == ["DELETE", "INSERT", "UPDATE", "COMMIT"]
    assert seen[-2:] == ["UPDATE", "COMMIT"]
    assert find_account(console.line.hotline, EMAIL).password_hash == before


def test_a_login_that_cannot_be_noted_is_a_page_that_asks_to_try_again(console: ConsoleDesk, engine: Engine) -> None:
    console.add()
    impatient = open_engine(str(engine.url), busy_timeout_ms=20)
    hasty = ConsoleDesk(console.line, impatient, Path("clips"))
    browser = hasty.browser()
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token_in(browser.get(LOGIN))}
    with engine.connect() as writer:
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        page = browser.post(LOGIN, form)
    impatient.dispose()
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "try again in a moment" in page.text


def test_unknown_wrong_and_disabled_answer_alike(console: ConsoleDesk) -> None:
    console.add()
    console.add("old@firm.example", name="Old")
    disable_account(console.line.hotline, "old@firm.example")
    tries = [("nobody@firm.example", PASSWORD), (EMAIL, "not the password"), ("old@firm.example", PASSWORD), ("", "")]
    pages = [console.browser().log_in(email, password) for email, password in tries]
    assert {page.status_code for page in pages} == {200}
    assert [page.text.count(WRONG) for page in pages] == [1, 1, 1, 1]
    typed = [email for email, _ in tries]
    bare = {_without(page.text, [token_in(page), email]) for page, email in zip(pages, typed, strict=True)}
    assert len(bare) == 1


def test_unknown_and_wrong_cost_alike(console: ConsoleDesk) -> None:
    desk = ConsoleDesk(console.line, console.line.engine, console.clips_dir, is_dear=True)
    desk.add()
    unknown, wrong = (min(_cost(desk, email) for _ in range(3)) for email in ("nobody@firm.example", EMAIL))
    assert 0.25 < unknown / wrong < 4, "without hashing one would cost a twentieth of the other"
    context = desk.app.extensions["security"].pwd_context
    assert not context.needs_update(hash_password(PASSWORD)), "what the command line hashes, the login takes as it is"
    assert context.needs_update(hashed(PASSWORD))


def test_the_session_is_a_cookie_that_only_this_site_sends_over_https(console: ConsoleDesk) -> None:
    console.add()
    cookies = console.browser().log_in(EMAIL).headers.getlist("Set-Cookie")
    (cookie,) = [cookie for cookie in cookies if "device" not in cookie]
    assert cookie.startswith("__Host-voicebot=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_nothing_is_remembered_beyond_the_session(console: ConsoleDesk) -> None:
    console.add()
    answer = console.browser().send(LOGIN, {"email": EMAIL, "password": PASSWORD, "remember": "y"})
    assert answer.status_code == 302
    assert not any("remember" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_what_a_stranger_planted_is_of_no_use_after_the_login(console: ConsoleDesk) -> None:
    console.add()
    browser = console.browser()
    planted = token_in(browser.get(LOGIN))
    old_cookie = browser.client.get_cookie("__Host-voicebot", domain="hotline.example")
    assert old_cookie is not None
    assert browser.post(LOGIN, {"email": EMAIL, "password": PASSWORD, "csrf_token": planted}).status_code == 302
    assert browser.post(LOGOUT, {"csrf_token": planted}).status_code == 400
    assert is_in(browser)
    other = console.browser()
    other.client.set_cookie("__Host-voicebot", old_cookie.value, domain="hotline.example", secure=True)
    assert not is_in(other)


def test_logging_out_ends_the_session(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    assert browser.get(LOGOUT).status_code == 405
    answer = browser.send("/console/", {}, to=LOGOUT)
    assert (answer.status_code, answer.location) == (302, "/console/login")
    assert not is_in(browser)


def test_logging_out_ends_a_copied_cookie_too(console_on_both: ConsoleDesk) -> None:
    browser, thief = console_on_both.logged_in(), console_on_both.browser("203.0.113.9")
    cookie = browser.client.get_cookie("__Host-voicebot", domain="hotline.example")
    assert cookie is not None
    thief.client.set_cookie("__Host-voicebot", cookie.value, domain="hotline.example", secure=True)
    assert is_in(thief)
    browser.send("/console/", {}, to=LOGOUT)
    assert not is_in(thief)
    assert browser.log_in(EMAIL).status_code == 302
    assert not is_in(thief), "the next login is a session of its own"


def test_logging_out_ends_this_session_and_no_other(console: ConsoleDesk) -> None:
    browser, at_home = console.logged_in(), console.browser("203.0.113.9")
    at_home.log_in(EMAIL)
    browser.send("/console/", {}, to=LOGOUT)
    assert is_in(at_home)


def test_old_sessions_are_swept_and_only_digests_are_kept(console: ConsoleDesk, engine: Engine) -> None:
    browser = console.logged_in()

    def digests() -> list[str]:
        with engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT digest FROM staff_session").scalars())

    (first,) = digests()
    with browser.client.session_transaction(base_url="https://hotline.example") as session:
        assert first not in str(dict(session))
    console.line.clock.step(SESSION_LIFE)
    assert not is_in(browser)
    browser.log_in(EMAIL)
    console.browser().log_in(EMAIL)
    assert first not in digests()
    assert len(digests()) == 2


def test_a_disabled_account_is_out_at_once(console_on_both: ConsoleDesk) -> None:
    browser = console_on_both.logged_in()
    disable_account(console_on_both.line.hotline, EMAIL)
    assert not is_in(browser)
    assert browser.log_in(EMAIL).status_code == 200


def test_a_new_password_from_the_administrator_ends_every_session(console_on_both: ConsoleDesk) -> None:
    browser = console_on_both.logged_in()
    set_password(console_on_both.line.hotline, EMAIL, hashed(NEW))
    assert not is_in(browser)
    assert browser.log_in(EMAIL).status_code == 200
    assert browser.log_in(EMAIL, NEW).status_code == 302


def test_changing_the_password_keeps_this_session_and_ends_the_others(console_on_both: ConsoleDesk) -> None:
    here, elsewhere = console_on_both.logged_in(), console_on_both.browser("198.51.100.9")
    elsewhere.log_in(EMAIL)
    answer = here.send(CHANGE, {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW})
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert "Every other session of yours has ended" in here.get("/console/").text
    assert not is_in(elsewhere)
    assert console_on_both.browser().log_in(EMAIL, NEW).status_code == 302


@pytest.mark.parametrize(
    ("present", "new", "again", "told"),
    [
        ("not the password", NEW, NEW, "This is not your present password."),
        (PASSWORD, "short", "short", "at least 10 characters"),
        (PASSWORD, NEW, NEW + "!", "The two new passwords differ."),
        (PASSWORD, PASSWORD, PASSWORD, "choose another"),
        (PASSWORD, "x" * 201, "x" * 201, "at most 200 characters"),
    ],
)
def test_a_password_is_not_changed_for(console: ConsoleDesk, present: str, new: str, again: str, told: str) -> None:
    browser = console.logged_in()
    page = browser.send(CHANGE, {"password": present, "new_password": new, "new_password_confirm": again})
    assert page.status_code == 200
    assert told in page.text
    assert console.browser().log_in(EMAIL).status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "https:evil",
        "javascript:alert(1)",
        " //evil.example",
        "\t//evil.example",
        "https://hotline.example.evil.example/",
        "https://hotline.example@evil.example/",
        "/console/../x",
        "/console/\r\nSet-Cookie: a=b",
        "evil.example",
        "/twilio/voice",
    ],
)
def test_the_login_leads_nowhere_else(console: ConsoleDesk, elsewhere: str) -> None:
    console.add()
    browser = console.browser()
    asked = browser.client.get(LOGIN, query_string={"next": elsewhere}, base_url="https://hotline.example")
    assert "evil" not in asked.text
    answer = browser.log_in(EMAIL, then=elsewhere)
    assert (answer.status_code, answer.location) == (302, "/console/")
    again = browser.client.get(LOGIN, query_string={"next": elsewhere}, base_url="https://hotline.example")
    assert (again.status_code, again.location) == (302, "/console/")


def test_the_login_leads_back_to_where_it_was_asked_for(console: ConsoleDesk) -> None:
    console.add()
    browser = console.browser()
    asked = browser.get("/console/cases/482-913-756?page=2")
    assert asked.location == "/console/login?next=/console/cases/482-913-756?page%3D2"
    page = browser.get(asked.location)
    assert 'value="/console/cases/482-913-756?page=2"' in page.text
    assert browser.log_in(EMAIL, then="/console/cases/482-913-756?page=2").location.endswith("756?page=2")


def test_programs_get_neither_answers_nor_tokens(console: ConsoleDesk) -> None:
    console.add()
    browser = console.browser()
    token = token_in(browser.get(LOGIN))
    wanted = {"email": EMAIL, "password": PASSWORD}
    site = "https://hotline.example"
    answer = browser.client.post(LOGIN, json=wanted, headers={"X-CSRFToken": token}, base_url=site)
    assert answer.status_code == 415
    asked = browser.get(f"{LOGIN}?include_auth_token", headers={"Accept": "application/json"})
    assert asked.mimetype == "text/html"
    assert not is_in(browser)


@pytest.mark.parametrize("path", ["register", "reset", "verify", "confirm", "us-signin", "fs-static/x", "tf-setup"])
def test_nothing_else_of_the_library_is_switched_on(console: ConsoleDesk, path: str) -> None:
    assert console.browser().get(f"/console/{path}").status_code == 404
    assert console.browser().get(f"/{path}").status_code == 404


def _cost(console: ConsoleDesk, email: str) -> float:
    browser = console.browser()
    form = {"email": email, "password": "not the password", "csrf_token": token_in(browser.get(LOGIN))}
    began = process_time()
    assert browser.post(LOGIN, form).status_code == 200
    return process_time() - began


def _without(text: str, parts: list[str]) -> str:
    for part in parts:
        text = text.replace(part, "") if part else text
    return text

"""Who may ask for a page of staff, and with what."""

from datetime import timedelta

import pytest
from flask import Flask, redirect
from flask.typing import ResponseReturnValue

from tests.web.console.desk import LOGOUT, ConsoleDesk, token_in
from voicebot.domain.permission import Permission
from voicebot.domain.staff import Role
from voicebot.web.console import current_member
from voicebot.web.console.door import SESSION_LIFE
from voicebot.web.guard.guards import Guard, guarded


@guarded(Guard.STAFF, Permission.PLAN_ROTA)
def _for_supervisors() -> ResponseReturnValue:
    member = current_member()
    return f"{member.id}: {member.name}, {member.role}"


@guarded(Guard.STAFF, Permission.RUN_HOTLINE)
def _for_administrators() -> ResponseReturnValue:
    return current_member().name


@guarded(Guard.STAFF, Permission.READ_CASES)
def _for_all() -> ResponseReturnValue:
    return redirect("/console/")


@pytest.fixture
def app(console: ConsoleDesk) -> Flask:
    """The console with three more routes."""
    console.app.add_url_rule("/console/supervisors", "supervisors", _for_supervisors)
    console.app.add_url_rule("/console/administrators", "administrators", _for_administrators)
    console.app.add_url_rule("/console/all", "all", _for_all, methods=["POST"])
    return console.app


def test_a_handler_is_told_who_may(app: Flask, console: ConsoleDesk) -> None:
    browser = console.logged_in()
    page = browser.get("/console/supervisors")
    assert page.status_code == 403
    assert "This is for a supervisor or an administrator; your account is a handler. Ask one of them." in page.text
    page = browser.get("/console/administrators")
    assert page.status_code == 403
    assert "This is for an administrator; your account is a handler." in page.text


@pytest.mark.parametrize(
    ("role", "statuses"), [("handler", [403, 403]), ("supervisor", [200, 403]), ("administrator", [200, 200])]
)
def test_a_role_may_all_that_those_before_it_may(
    app: Flask, console: ConsoleDesk, role: str, statuses: list[int]
) -> None:
    browser = console.logged_in(role=Role(role))
    assert [browser.get(f"/console/{whose}").status_code for whose in ("supervisors", "administrators")] == statuses


def test_a_member_of_the_policy_acts_under_that_members_id(app: Flask, console: ConsoleDesk) -> None:
    browser = console.logged_in(member_id="owner_1", role=Role.SUPERVISOR)
    assert browser.get("/console/supervisors").text == "owner_1: Anna Ruiz, supervisor"


def test_a_form_without_the_token_changes_nothing_and_says_what_to_do(app: Flask, console: ConsoleDesk) -> None:
    browser = console.logged_in()
    page = browser.post("/console/all", {"note": "x"})
    assert page.status_code == 400
    assert "Nothing was changed. Go back, reload the page and send it again." in page.text
    assert browser.post("/console/all", {"csrf_token": "made-up"}).status_code == 400
    assert browser.send("/console/", {}, to="/console/all").status_code == 302


def test_the_token_of_another_session_is_worth_nothing(app: Flask, console: ConsoleDesk) -> None:
    browser = console.logged_in()
    other = console.browser()
    assert browser.post("/console/all", {"csrf_token": token_in(other.get("/console/login"))}).status_code == 400


def test_a_login_without_the_token_is_refused(console: ConsoleDesk) -> None:
    page = console.browser().post("/console/login", {"email": "anna@firm.example", "password": "x"})
    assert page.status_code == 400
    assert "reload the page" in page.text


@pytest.mark.parametrize("mimetype", ["application/json", "text/plain", ""])
def test_only_forms_are_taken(app: Flask, console: ConsoleDesk, mimetype: str) -> None:
    browser = console.logged_in()
    token = token_in(browser.get("/console/"))
    answer = browser.client.post(
        "/console/all",
        data=b"x=1",
        content_type=mimetype,
        base_url="https://hotline.example",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 415


def test_a_session_ends_twelve_hours_after_its_login_however_busy(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    for _ in range(11):
        console.line.clock.step(timedelta(hours=1))
        assert browser.get("/console/").status_code == 200
    console.line.clock.step(SESSION_LIFE - timedelta(hours=11))
    assert browser.get("/console/").location == "/console/login?next=/console/"
    assert browser.post(LOGOUT, {}).status_code == 401


def test_who_is_no_longer_logged_in_is_told_so_before_anything_else(app: Flask, console: ConsoleDesk) -> None:
    page = console.browser().post("/console/all", {})
    assert page.status_code == 401
    assert "Your session has ended. Log in, then do it again." in page.text

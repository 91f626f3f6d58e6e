"""Who may ask for a page of staff, and with what."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, func, select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.house.test_routes import VALUES
from tests.web.console.desk import LOGOUT, Browser, ConsoleDesk, token_in
from tests.web.console.test_case_routes import case_path, told
from voicebot.adapters.store.tables import metadata
from voicebot.domain.permission import PERMISSIONS, Permission, who_may
from voicebot.domain.staff import Role
from voicebot.web.console import current_member
from voicebot.web.console.door import SESSION_LIFE
from voicebot.web.guard.guards import Guard, guard_of, guarded, needed_for

TYPED = "my neighbour took the parcel"
FORM = {"text": TYPED, "reason": TYPED}


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


def _rows(engine: Engine) -> dict[str, int]:
    """Count every table but what a login writes."""
    with engine.connect() as connection:
        counted = {table: select(func.count()).select_from(table) for table in metadata.sorted_tables}
        return {
            table.name: connection.scalar(one) or 0 for table, one in counted.items() if table.name != "staff_session"
        }


def _doors(app: Flask) -> Iterator[tuple[str, str, Permission]]:
    """Yield method, address and what is needed, for every route of staff."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        needed = needed_for(view)
        if needed is not None and guard_of(view) is Guard.STAFF:
            with app.test_request_context():
                address = url_for(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield method, address, needed


@pytest.mark.parametrize("role", Role)
def test_each_role_meets_a_closed_door_exactly_where_the_table_says_so(
    console: ConsoleDesk, engine: Engine, role: Role
) -> None:
    """The page says who may, nothing is done, and the log holds nothing of what was typed."""
    console.line.told_call()
    browser, doors = console.logged_in(role=role), list(_doors(console.app))
    for method, address, needed in doors:
        if needed in PERMISSIONS[role]:
            assert _knock(browser, method, address).status_code != 403, (method, address)
    before, closed = _rows(engine), [door for door in doors if door[2] not in PERMISSIONS[role]]
    for method, address, needed in closed:
        with capture_logs() as lines:
            page = _knock(browser, method, address)
        assert page.status_code == 403, (method, address)
        assert f"This is for {who_may(needed)}; your account is {role.said}." in page.text
        assert [line["needed"] for line in lines if line["event"] == "staff_refused"] == [needed.name]
        assert TYPED not in str(lines)
    assert _rows(engine) == before
    assert closed or role in {Role.SUPERVISOR, Role.ADMINISTRATOR}


def _knock(browser: Browser, method: str, address: str) -> TestResponse:
    return browser.post(address, FORM) if method == "POST" else browser.get(address)


@pytest.mark.parametrize("role", Role)
def test_no_page_offers_a_form_that_its_reader_may_not_send(console: ConsoleDesk, role: Role) -> None:
    case = case_path(told(console))
    browser = console.logged_in(role=role)
    routes = console.app.url_map.bind("hotline.example", url_scheme="https")
    offered = set()
    for address in ("/console/", case, f"{case}/review", "/console/cases", "/console/rota", "/console/channels"):
        page = browser.get(address)
        for sent_to in re.findall(r'<form[^>]*method="post"[^>]*action="([^"?#]+)', page.text):
            endpoint, _values = routes.match(unescape(sent_to), method="POST")
            offered.add(needed_for(console.app.view_functions[endpoint]))
        for link in re.findall(r'<a [^>]*href="(/console/[^"?#]*)', page.text):
            endpoint, _values = routes.match(unescape(link), method="GET")
            assert needed_for(console.app.view_functions[endpoint]) in {*PERMISSIONS[role], None}, link
    assert offered <= PERMISSIONS[role]
    assert {Permission.SERVE, Permission.DECIDE} & PERMISSIONS[role] <= offered


def test_the_one_person_of_a_firm_is_let_in_by_what_the_policy_calls_them(console: ConsoleDesk) -> None:
    browser = console.logged_in(member_id="executive_1")
    assert browser.get("/console/figures").status_code == 200
    ticket = console.line.ticket(console.line.told_call(is_heard=False))
    assert browser.get(case_path(ticket)).text.count("why nobody listened") > 1

"""Every web route states who may ask for it; where nothing is stated, nobody may."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, url_for

from tests.house import tree
from voicebot.adapters.provider_discovery import ProviderOptions
from voicebot.bootstrap import build_hotline, console_secret, open_logins
from voicebot.cli.database import migrate_database
from voicebot.config import Settings
from voicebot.web.app import WebOptions, create_app
from voicebot.web.console import ConsoleOptions
from voicebot.web.guard.guards import Guard, guard_of

PUBLIC = {
    "/healthz",
    "/livez",
    "/readyz",
    "/identity/<challenge>",
    "/clips/<locale>/<name>.wav",
    "/clips/pause/<int:milliseconds>.wav",
    "/",
    "/console/static/<path:filename>",
    "/console/static/bootstrap.min.css",
}
"""What strangers may ask for: it holds no personal data and changes nothing."""
STATIC = {"/twilio/voice/fallback", "/twilio/voice/goodbye"}
"""These answer strangers with fixed words, since a rotated token must not kill the line."""
LOGIN = {
    "/console/login",
    "/console/second-factor/code",
    "/console/sign-in",
    "/console/sign-in/done",
    "/console/sign-in/out",
}
"""Where staff say who they are: open to anybody who sends back the page's token."""
SECRET = {"/console/rota/calendars/<token>.ics"}
"""What calendar programs ask for, by an address that nobody can guess: when one person is on duty."""
PROVIDER = ProviderOptions(issuer="https://login.example", client_id="hotline", client_secret="a-secret")
VALUES = {
    "person": "owner_1",
    "token": "a-token",
    "case": "482-913-756",
    "answer_id": "answer-1",
    "picture_id": "SM1-0",
}
"""What stands in the console's addresses when strangers knock."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(data_dir=tmp_path)
    migrate_database(settings.resolved_database_url())
    logins = open_logins(settings)
    console = ConsoleOptions(secret_key=console_secret(settings), logins=logins, provider=PROVIDER)
    hotline = build_hotline(settings)
    yield create_app(hotline, WebOptions(auth_tokens=("a-token",), clips_dir=tmp_path, console=console))
    logins.close()


def _routes(app: Flask, *guards: Guard) -> set[str]:
    rules = app.url_map.iter_rules()
    return {rule.rule for rule in rules if guard_of(app.view_functions[rule.endpoint]) in guards}


def test_every_route_states_its_guard(app: Flask) -> None:
    stated = _routes(app, *Guard)
    assert {rule.rule for rule in app.url_map.iter_rules()} - stated == set()


def test_only_these_routes_are_open_to_strangers(app: Flask) -> None:
    assert _routes(app, Guard.PUBLIC) == PUBLIC
    assert _routes(app, Guard.STATIC_UNLESS_SIGNED) == STATIC
    assert _routes(app, Guard.LOGIN) == LOGIN
    assert _routes(app, Guard.SECRET_ADDRESS) == SECRET


def test_the_console_has_no_other_way_in_than_the_login(app: Flask) -> None:
    below = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console")}
    assert below - _routes(app, Guard.STAFF, Guard.LOGIN) <= PUBLIC | SECRET
    assert below & PUBLIC == {rule for rule in PUBLIC if rule.startswith("/console")}


def test_every_route_for_programs_asks_for_a_token(app: Flask) -> None:
    below = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert below == _routes(app, Guard.TOKEN)
    assert len(below) > 3


def test_a_stranger_reaches_no_route_of_staff(app: Flask) -> None:
    stranger = app.test_client()
    rules = [rule for rule in app.url_map.iter_rules() if guard_of(app.view_functions[rule.endpoint]) is Guard.STAFF]
    assert len(rules) > 5
    for rule in rules:
        with app.test_request_context():
            address = url_for(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
        for method in (rule.methods or set()) - {"OPTIONS"}:
            answer = stranger.open(address, method=method)
            is_page = method != "POST" and app.view_functions[rule.endpoint].__dict__["is_page"]
            assert answer.status_code == (302 if is_page else 401), (method, rule.rule)
            assert not is_page or answer.location.startswith("/console/login?next=")
            assert "voicebot" not in answer.headers.get("Set-Cookie", "")


def test_a_route_that_states_nothing_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "words")
    assert app.test_client().get("/forgotten").status_code == 403


FORMS = {
    f"{page.name}: {' '.join(form.split())[:70]}": form
    for page in sorted((tree.PROJECT_DIR / "voicebot/web/console/templates/console").glob("*.html"))
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", page.read_text(), re.DOTALL)
    if "security." not in form
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_form_of_staff_carries_the_token_and_goes_once(form: str) -> None:
    """Without the token it is refused. A second click on a page that is slow does nothing."""
    assert re.search(r"csrf_token|token\(\)|hidden\(page\)", form)
    assert "data-once" in form.split(">")[0] + form.split(">")[1]

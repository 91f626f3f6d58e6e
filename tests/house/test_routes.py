"""Every web route states who may ask for it; where nothing is stated, nobody may."""

from pathlib import Path

import pytest
from flask import Flask

from voicebot.bootstrap import build_hotline
from voicebot.config import Settings
from voicebot.web.app import WebOptions, create_app
from voicebot.web.guards import Guard, guard_of

PUBLIC = {"/healthz", "/clips/<locale>/<name>.wav", "/clips/pause/<int:milliseconds>.wav"}
"""What strangers may ask for: it holds no personal data and changes nothing."""
STATIC = {"/twilio/voice/fallback", "/twilio/voice/goodbye"}
"""These answer strangers with fixed words, since a rotated token must not kill the line."""


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    hotline = build_hotline(Settings(data_dir=tmp_path))
    return create_app(hotline, WebOptions(auth_tokens=("a-token",), clips_dir=tmp_path))


def _routes(app: Flask, *guards: Guard) -> set[str]:
    rules = app.url_map.iter_rules()
    return {rule.rule for rule in rules if guard_of(app.view_functions[rule.endpoint]) in guards}


def test_every_route_states_its_guard(app: Flask) -> None:
    stated = _routes(app, *Guard)
    assert {rule.rule for rule in app.url_map.iter_rules()} - stated == set()


def test_only_these_routes_are_open_to_strangers(app: Flask) -> None:
    assert _routes(app, Guard.PUBLIC) == PUBLIC
    assert _routes(app, Guard.STATIC_UNLESS_SIGNED) == STATIC


def test_a_route_that_states_nothing_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "words")
    assert app.test_client().get("/forgotten").status_code == 403

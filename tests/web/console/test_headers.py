"""Every answer of the console tells browsers to run and load nothing but our own, and to keep nothing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.web.console.desk import ConsoleDesk
from tests.web.desk import a_call_form
from voicebot.web.console import site
from voicebot.web.console.headers import POLICY

PACKAGE = Path(site.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\|\s*safe\b|autoescape false"
)
STRANGE_HOST = re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//")


def test_the_policy_lets_nothing_through_but_our_own() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'", "'self' data:"}
    assert {"script-src", "style-src", "form-action", "base-uri", "frame-ancestors"} <= set(rules)
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    ("path", "to_staff", "to_strangers"),
    [
        ("/", 302, 302),
        ("/console", 308, 308),
        ("/console/", 200, 302),
        ("/console/login", 302, 200),
        ("/console/password", 200, 302),
        ("/console/logout", 405, 405),
        ("/console/no-such-page", 404, 404),
        ("/console/cases/482-913-756", 404, 302),
        ("/console/cases/482-913-756/answers/x/audio", 404, 401),
    ],
)
def test_every_answer_carries_the_headers(console: ConsoleDesk, path: str, to_staff: int, to_strangers: int) -> None:
    for browser, status in ((console.logged_in(), to_staff), (console.browser(), to_strangers)):
        answer = browser.get(path)
        assert answer.status_code == status
        assert answer.mimetype == "text/html"
        headers = answer.headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_forms_and_refusals_carry_them_too(console: ConsoleDesk) -> None:
    for answer in (console.browser().get("/console/login"), console.browser().post("/console/login", {})):
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["icon.svg", "console.css", "bootstrap.min.css"])
def test_styles_and_pictures_may_be_kept(console: ConsoleDesk, name: str) -> None:
    with console.browser().get(f"/console/static/{name}") as answer:
        assert answer.status_code == 200
        assert "no-store" not in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.danger("path traversal")
@pytest.mark.parametrize("name", ["../site.py", "%2e%2e/site.py", "..%2fsite.py", "/etc/passwd", "x/../../door.py"])
def test_nothing_but_styles_and_pictures_is_handed_out(console: ConsoleDesk, name: str) -> None:
    assert console.browser().get(f"/console/static/{name}", follow_redirects=True).status_code == 404


def test_plain_http_promises_no_https(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> None:
    hotline = console.line.hotline
    console.line.hotline = replace(hotline, rules=replace(hotline.rules, public_url="http://127.0.0.1:8080"))
    console = ConsoleDesk(console.line, engine, tmp_path)
    answer = console.app.test_client().get("/console/login")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("voicebot=")
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_the_carrier_is_spared_the_headers_of_browsers(console: ConsoleDesk) -> None:
    answer = console.app.test_client().post("/twilio/voice", data=a_call_form())
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_page_holds_a_script_or_style_of_its_own_or_asks_another_host(template: Path) -> None:
    text = template.read_text()
    assert [found.group() for found in INLINE.finditer(text)] == []
    assert [found.group() for found in STRANGE_HOST.finditer(text)] == []

"""Whatever stands in an address, no route fails, and none gives a file from outside its folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.service.conftest import definitions
from tests.web.console.conftest import console_on_both
from tests.web.console.desk import SITE, TOKEN, Browser, ConsoleDesk
from tests.web.desk import a_call_form
from voicebot.speech.audio import silence, write_wav

__all__ = ["console_on_both", "definitions"]

_PLACE = re.compile(r"<(?:[^:<>]*:)?(\w+)>")
SECRET = "only for the owner of this machine"
NUMBERS = ("-1", "0", "100001", "99999999999999999999", "1e3", "%31", "٣")
NAMES = (
    "..",
    "../secret.txt",
    "../../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "%2e%2e%5csecret.txt",
    "..\\secret.txt",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "secret.txt%00",
    "%00",
    "%0d%0aSet-Cookie:a=b",
    ".",
    "-",
    "~",
    "CON",
    "con\u202etxt.terces",
    "ﬁle",
    "\U0001f525",
    "%ff%fe",
    "${jndi:x}",
    "{{7*7}}",
    "' OR 1=1 --",
    "x" * 5_000,
)


@pytest.fixture
def browser(console_on_both: ConsoleDesk, tmp_path: Path) -> Browser:
    """A colleague at the console, clips in a folder, and a file beside it that is nobody's business."""
    folder = tmp_path / "clips"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "goodbye.wav").write_bytes(write_wav(silence(0.1)))
    (tmp_path / "secret.txt").write_text(SECRET)
    (folder / "secret.txt").write_text(SECRET)
    (tmp_path / "goodbye.wav").write_text(SECRET)
    return console_on_both.logged_in()


def _addresses(rule: Rule, turn: int, *, turns: int) -> Iterator[str]:
    """Yield the rule with hostile values at each of its places, plain values at the others.

    Of so many routes that follow one another each takes its turn of the values, so that together they meet all.
    """
    for place in sorted(rule.arguments):
        for hostile in (*NAMES, *NUMBERS)[turn % turns :: turns]:
            yield _PLACE.sub(lambda found: _raw(hostile) if found[1] == place else "1", rule.rule)  # noqa: B023


def _raw(hostile: str) -> str:
    """Return the value as a client would send it that does not care what is allowed."""
    return quote(hostile, safe="%/:$-'~\\{}")


def _ask(desk: ConsoleDesk, browser: Browser, rule: Rule, address: str) -> list[TestResponse]:
    form = a_call_form(RecordingSid="RE" + "1" * 32, RecordingStatus="completed", RecordingDuration="3", Digits="1")
    signature = str(RequestValidator(TOKEN).compute_signature(SITE + address, form))
    answers = []
    if "POST" in (rule.methods or ()):
        signed = {"X-Twilio-Signature": signature}
        answers.append(
            desk.app.test_client().post(address, data=form, headers=signed, environ_overrides=_wire(address))
        )
        answers.append(browser.post(address, {"csrf_token": "x", "note": "x", "reason": "x"}))
    if "GET" in (rule.methods or ()) and not rule.websocket:
        answers.append(browser.get(address))
    return answers


def _wire(address: str) -> dict[str, str]:
    return {"RAW_URI": address}


@pytest.mark.timeout(600)
@pytest.mark.danger("path traversal")
@pytest.mark.parametrize(
    ("migrated_engine", "turns"),
    [
        ("sqlite", 3),
        pytest.param("sqlite", 1, marks=pytest.mark.heavy),
        pytest.param("postgresql", 1, marks=pytest.mark.heavy),
    ],
    indirect=["migrated_engine"],
)
def test_no_address_makes_a_route_fail_or_give_a_file_from_outside(
    console_on_both: ConsoleDesk, browser: Browser, turns: int
) -> None:
    desk, asked = console_on_both, 0
    for turn, rule in enumerate(desk.app.url_map.iter_rules()):
        for address in _addresses(rule, turn, turns=turns) if rule.arguments else ():
            for answer in _ask(desk, browser, rule, address):
                asked += 1
                assert answer.status_code < 500, f"{rule.rule} fails on {address[:80]!r}"
                assert SECRET.encode() not in answer.data
                assert b"root:" not in answer.data
                assert "Set-Cookie:a" not in str(answer.headers).replace(" ", "")
    assert asked > 300, "no route with a place was found"

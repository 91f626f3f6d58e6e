"""Whatever a stranger says, writes or is called, it stands on pages and terminals as words and does nothing."""

import io
import json
import re
from dataclasses import asdict
from html.parser import HTMLParser

import pytest
from rich.console import Console
from sqlalchemy import Engine, String, Text, update
from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Response

from tests.service.conftest import definitions
from tests.service.lines import CALLER, Line
from tests.web.console.conftest import console, engine
from tests.web.console.desk import TOKEN, ConsoleDesk
from tests.web.desk import PUBLIC, a_call_form
from voicebot.adapters.store.tables import metadata
from voicebot.cli.terminal import json_text
from voicebot.cli.ticket_page import case_page
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.original import open_original

__all__ = ["console", "definitions", "engine"]

MARK = "zzqx"
HTML = f"<img src=x onerror=alert(1) class={MARK}>\"'><script>{MARK}()</script>{{{{7*191}}}}</textarea></title>"
TERMINAL = (
    f"{MARK}\x1b[2J\x1b]0;{MARK}\x07\x9b31m\u202e[red]{MARK}[/red][link=https://evil.example]{MARK}[/link]\r{MARK}"
)
INERT = ("text/plain", "text/csv", "application/json")
"""What a browser shows or saves, and never runs, as long as it may not guess another kind."""
DANGER = pytest.mark.danger("stored XSS")
SKIPPED = {"event", "session", "instructions", "words_json", "second_words_json", "audio_key", "pin"}
"""JSON of our own shapes, which holds no caller's words but both `words_json`; the key of a file; digits."""


def hostile(console: ConsoleDesk, engine: Engine, words: str) -> Ticket:
    """Take a call that broke its promise, then put the words into every personal column that holds free text."""
    line = console.line
    answer = line.told_call()
    line.step(hours=4)
    line.sweep()
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if column.info.get("personal") and _is_free_text(column) and column.name not in SKIPPED:
                    connection.execute(update(table).where(column.is_not(None)).values({column.name: words}))
        spoken, again = (
            json.dumps([{"text": said, "start_s": 0.0, "end_s": 0.5, "confidence": 0.2}])
            for said in (words, f"a {words}")
        )
        heard = {"words_json": spoken, "second_words_json": again, "second_by": "another"}
        connection.execute(update(metadata.tables["answers"]).values(heard))
        # Words of the promise, a staff note's author and a name are written by us or staff, and shown as well.
        connection.execute(update(metadata.tables["promises"]).values(words=words))
        connection.execute(update(metadata.tables["history"]).values(actor=words[:60]))
    return line.ticket(answer)


def _is_free_text(column: object) -> bool:
    kind = getattr(column, "type", None)
    return isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or 0) >= 20)


class Tags(HTMLParser):
    """Collects elements and attributes as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what could run."""
        names = [name for name, _ in attrs]
        classes = dict(attrs).get("class") or ""
        if MARK in (tag, classes) or any(name.startswith("on") for name in names):
            self.found.append(f"<{tag} {attrs}>")
        if tag == "script" and not dict(attrs).get("src"):
            self.found.append("inline script")
        if any(str(value).strip().lower().startswith("javascript:") for _, value in attrs):
            self.found.append(f"<{tag} {attrs}>")


def harm_in(page: str) -> list[str]:
    """Return what a browser would run or build from the page that we did not write."""
    tags = Tags()
    tags.feed(page)
    return tags.found + (["a template was filled in"] if "1337" in page else [])


def harm_of(page: Response) -> list[str]:
    """Return what a browser would run of an answer. Only HTML runs, and what else it is no browser may guess."""
    if page.mimetype == "text/html":
        return harm_in(page.get_data(as_text=True))
    sent = (page.mimetype, page.headers.get("X-Content-Type-Options"))
    return [] if sent in {(kind, "nosniff") for kind in INERT} else [f"sent as {sent}"]


@DANGER
def test_the_look_out_for_harm_can_see_it() -> None:
    assert len(harm_in(f"<p>{HTML}</p>")) >= 2
    assert harm_in("<p>1337</p>")
    nosniff = {"X-Content-Type-Options": "nosniff"}
    assert harm_of(Response(HTML, mimetype="text/plain"))
    assert harm_of(Response(HTML, mimetype="image/svg+xml", headers=nosniff))
    assert not harm_of(Response(HTML, mimetype="text/plain", headers=nosniff))


@DANGER
def test_no_personal_field_does_anything_on_a_page_of_the_console(console: ConsoleDesk, engine: Engine) -> None:
    browser = console.logged_in(role=Role.ADMINISTRATOR)
    ticket = hostile(console, engine, HTML)
    open_original(console.line.hotline, ticket.case_number, why=HTML, actor="anna_ruiz")
    seen = 0
    for path in _pages(console, ticket):
        page = browser.get(path, follow_redirects=True)
        assert all(step.headers["Location"].startswith("/console/") for step in page.history), path
        assert page.status_code == 200, path
        assert harm_of(page) == [], path
        seen += page.text.count(MARK)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert seen >= 10, "the words must stand on the pages, or nothing was tried"


def _pages(console: ConsoleDesk, ticket: Ticket) -> list[str]:
    """Return every page of the console that takes nothing, or the case's number."""
    case, found = written(ticket.case_number), []
    for rule in console.app.url_map.iter_rules():
        if not rule.rule.startswith("/console/") or "GET" not in (rule.methods or ()) or "static" in rule.rule:
            continue
        if rule.arguments <= {"case"} and rule.endpoint.startswith("console."):
            found.append(re.sub(r"<[^>]*>", case, rule.rule))
    assert f"/console/cases/{case}" in found
    away = "/console/rota/sick/owner_1?until=2026-12-01&everything=on"
    return [*found, "/console/cases?show=all", "/console/cases?show=open", away]


@DANGER
def test_a_text_message_is_shown_as_it_was_written(console: ConsoleDesk) -> None:
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body=HTML))
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    page = console.logged_in().get(f"/console/cases/{written(ticket.case_number)}").text
    assert harm_in(page) == []
    assert "&lt;script&gt;" in page


@DANGER
def test_a_caller_s_name_is_kept_nowhere(console: ConsoleDesk, engine: Engine) -> None:
    form = a_call_form(CallerName=HTML, CallerCity=HTML, NewField=HTML)
    signature = str(RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/twilio/voice", form))
    client = console.app.test_client()
    answer = client.post("/twilio/voice", data=form, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    assert MARK not in answer.text
    with engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(table.select())]
    assert rows
    assert MARK not in repr(rows)


@DANGER
def test_no_personal_field_moves_a_cursor_or_paints_a_word_on_a_terminal(console: ConsoleDesk, engine: Engine) -> None:
    ticket = hostile(console, engine, TERMINAL)
    shown = _on_a_terminal(console.line, ticket)
    assert shown.count(MARK) > 10
    assert not [character for character in shown if not character.isprintable() and character != "\n"]
    assert "[red]" in shown


@DANGER
def test_json_of_a_case_says_everything_and_moves_nothing(console: ConsoleDesk, engine: Engine) -> None:
    ticket = hostile(console, engine, TERMINAL)
    written_out = json_text(asdict(view_case(console.line.hotline, ticket.case_number)))
    assert not [character for character in written_out if not character.isprintable() and character != "\n"]
    assert json.loads(written_out)["ticket"]["problem"] == TERMINAL


def _on_a_terminal(line: Line, ticket: Ticket) -> str:
    terminal = Console(file=io.StringIO(), width=160, no_color=True)
    for part in case_page(view_case(line.hotline, ticket.case_number), now=line.clock.now()):
        terminal.print(part)
    assert isinstance(terminal.file, io.StringIO)
    return terminal.file.getvalue()

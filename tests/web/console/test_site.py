"""The console in the application: its addresses, and whose address a request is said to come from."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from tests.service.lines import OTHER
from tests.web.console.desk import SITE, TOKEN, Browser, ConsoleDesk
from tests.web.desk import a_call_form
from voicebot.cli.staff_call import call as staff_call
from voicebot.cli.ticket import tickets
from voicebot.cli.who_may import NEEDED
from voicebot.domain.case_number import written
from voicebot.domain.picture import FileSent
from voicebot.domain.staff import Role
from voicebot.errors import SettingFault
from voicebot.service.staff.rota import open_feed
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.original import open_original
from voicebot.web.guard.guards import needed_for

SIX = "2026-11-18T18:00"
SICK_WITHOUT_A_DAY = "/console/rota/sick/owner_1"
TAKEN_ALONG = "/console/cases.csv"
"""Who takes it is written down before a line of it leaves, so this alone waits for its turn to write."""
FORWARDED = {"X-Forwarded-For": "203.0.113.5, 198.51.100.20"}


def test_the_bare_address_leads_to_the_console(console: ConsoleDesk) -> None:
    assert console.browser().get("/").location == "/console/"


def _wrong_tries(browser: Browser, times: int) -> list[int]:
    """Try passwords from behind a proxy, each time naming another address of one's own."""
    page = browser.get("/console/login")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return [
        browser.post(
            "/console/login",
            {"email": f"n{i}@firm.example", "password": "x" * 201, "csrf_token": token},
            headers={"X-Forwarded-For": f"192.0.2.{i}, 198.51.100.20"},
        ).status_code
        for i in range(times)
    ]


def test_unasked_no_header_says_where_a_request_comes_from(console: ConsoleDesk) -> None:
    assert _wrong_tries(console.browser(), 31) == [200] * 30 + [429]
    assert console.browser("203.0.113.77").get("/console/login").status_code == 200


@pytest.mark.parametrize(("hops", "last"), [(1, 429), (2, 200)])
def test_so_many_proxies_are_believed_as_the_setting_says(
    console: ConsoleDesk, engine: Engine, tmp_path: Path, hops: int, last: int
) -> None:
    behind = ConsoleDesk(console.line, engine, tmp_path, proxy_hops=hops)
    assert _wrong_tries(behind.browser(), 31) == [200] * 30 + [last]


def test_a_login_is_kept_with_the_address_believed(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> None:
    behind = ConsoleDesk(console.line, engine, tmp_path, proxy_hops=1)
    behind.add()
    browser = behind.browser("10.0.0.1")
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.5, 198.51.100.20"
    assert browser.log_in("anna@firm.example").status_code == 302
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT last_login_from FROM staff_account").scalar() == "198.51.100.20"


def test_proxies_change_nothing_about_signatures(console: ConsoleDesk, engine: Engine, tmp_path: Path) -> None:
    behind = ConsoleDesk(console.line, engine, tmp_path, proxy_hops=1)
    form = a_call_form()
    signature = RequestValidator(TOKEN).compute_signature(f"{SITE}/twilio/voice", form)
    headers = {**FORWARDED, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/x"}
    answer = behind.app.test_client().post(
        "/twilio/voice", data=form, headers={**headers, "X-Twilio-Signature": str(signature)}
    )
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")


def test_a_store_of_counts_that_cannot_be_had_is_named_at_the_start(
    console: ConsoleDesk, engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_LIMITER_STORAGE"):
        ConsoleDesk(console.line, engine, tmp_path, limiter_storage="carrier-pigeon://loft")


def _places(console: ConsoleDesk) -> dict[str, str]:
    """Tell a case with a voice, a picture and windows to choose from; return what the addresses ask for."""
    line, media_sid = console.line, "ME" + "0" * 32
    ticket = line.ticket(line.told_call("CA1", OTHER))
    line.carrier.media[("SM1", media_sid)] = b"\xff\xd8"
    files = (FileSent(kind="image/jpeg", media_sid=media_sid),)
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="see this", files=files))
    line.run_jobs()
    with line.work() as work:
        story = next(answer for answer in work.tickets.answers(ticket.id) if answer.slot == "story")
        (picture,) = work.pictures.of_ticket(ticket.id)
    token = open_feed(line.hotline, "owner_1", actor="sam")
    return {
        "case": written(ticket.case_number),
        "answer_id": story.id,
        "picture_id": picture.id,
        "person": "owner_1",
        "token": token,
        "filename": "console.css",
    }


def _pages(console: ConsoleDesk, places: dict[str, str]) -> Iterator[str]:
    """Yield the address of everything that the console shows."""
    with console.app.test_request_context():
        for rule in console.app.url_map.iter_rules():
            if rule.rule.startswith("/console/") and "GET" in (rule.methods or ()):
                built = rule.build({name: places[name] for name in rule.arguments})
                assert built is not None, rule.rule
                yield built[1]


def test_every_page_is_shown_while_somebody_else_is_writing(console: ConsoleDesk, tmp_path: Path) -> None:
    """Who looks waits for nobody: a page that took the writer's turn would wait fifteen seconds for it, then fail."""
    places = _places(console)
    pages = [page for page in _pages(console, places) if page != TAKEN_ALONG]
    browser = console.logged_in("sam@firm.example", name="Sam", role=Role.ADMINISTRATOR)
    open_original(console.line.hotline, places["case"], why="they ask", actor="sam")
    other = sqlite3.connect(tmp_path / "voicebot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shown = {}
    for page in [*pages, f"{SICK_WITHOUT_A_DAY}?until={SIX}"]:
        with browser.get(page) as answer:
            shown[page] = answer.status_code
    with console.browser().get("/console/login") as answer:
        shown["the login of a stranger"] = answer.status_code
    other.close()
    assert {page: status for page, status in shown.items() if status not in (200, 302)} == {SICK_WITHOUT_A_DAY: 409}
    assert len(pages) > 12


@pytest.mark.danger("stored XSS")
def test_what_nobody_sees_in_words_of_strangers_is_a_mark_on_every_page(console: ConsoleDesk) -> None:
    hidden = "\u202eevil\u200b\U000e0068\u2066"
    log_text(console.line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body=f"kettle {hidden}"))
    with console.line.work() as work:
        (ticket,) = work.tickets.all()
    write_note(console.line.hotline, ticket.case_number, text=f"note {hidden}", actor="owner_1")
    browser = console.logged_in()
    for path in ("/console/", "/console/?show=all", f"/console/cases/{written(ticket.case_number)}"):
        page = browser.get(path).text
        assert "[U+202E]evil[U+200B][U+E0068][U+2066]" in page
        assert not [each for each in hidden if not each.isalpha() and each in page]


VERBS = {
    "called": "tickets called",
    "call": "call",
    "acknowledge": "tickets acknowledge",
    "owner": "tickets take",
    "given": "tickets assign",
    "notes": "tickets note",
    "window": "tickets move",
    "late": "tickets late",
    "number": "tickets number",
    "talk-back": "tickets take-back",
    "waiting": "tickets wait",
    "waiting-over": "tickets go-on",
    "decision-kind": "tickets kind",
    "about": "tickets about",
    "category": "tickets category",
    "delay": "tickets why-late",
    "decided": "tickets answered",
    "second-look": "tickets second-look",
    "closed": "tickets close",
    "no-complaint": "tickets not-a-complaint",
    "reopened": "tickets reopen",
    "task": "tickets ask",
    "task-done": "tickets done",
    "joined": "tickets join",
    "taken-out": "tickets take-out",
    "split": "tickets split",
    "offer-ended": "tickets end-offer",
    "fields": "tickets fields",
    "lookups": "tickets look-up",
    "follows": "tickets follow",
    "follows-none": "tickets follow-none",
    "update": "tickets update",
    "adjustments": "tickets adjust",
    "adjustments/withdrawn": "tickets unadjust",
    "answers/<answer_id>/words": "tickets review",
    "answers/<answer_id>/heard": "tickets heard",
    "original": "tickets original",
    "original/marks": "tickets unmask",
}
"""What staff do to a case: where its form is sent, and the command at the terminal."""


def test_everything_that_is_done_on_a_page_can_be_done_at_the_terminal_and_the_other_way_round(
    console: ConsoleDesk,
) -> None:
    posts = (rule.rule for rule in console.app.url_map.iter_rules() if "POST" in (rule.methods or ()))
    prefix = "/console/cases/<case>/"
    assert {path.removeprefix(prefix) for path in posts if path.startswith(prefix)} == set(VERBS)
    only_read = {"tickets adjustments", "tickets find", "tickets show", "tickets words"}
    at_terminal = {f"tickets {name}" for name in tickets.commands} - only_read | {str(staff_call.name)}
    assert at_terminal == set(VERBS.values())


def test_a_page_and_the_terminal_ask_the_same_permission_for_the_same_thing(console: ConsoleDesk) -> None:
    prefix = "/console/cases/<case>/"
    asked = {
        rule.rule.removeprefix(prefix): needed_for(console.app.view_functions[rule.endpoint])
        for rule in console.app.url_map.iter_rules()
        if rule.rule.startswith(prefix) and "POST" in (rule.methods or ())
    }
    assert asked == {path: NEEDED[command] for path, command in VERBS.items()}

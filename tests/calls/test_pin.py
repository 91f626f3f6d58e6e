"""No page, no command and no log shows the PIN of a case; only the complainant has it, by text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, FLOWS_DIR, OTHER, OWN, Line, a_policy_dir
from tests.service.texting import cases, write_text
from tests.web.console.desk import ConsoleDesk
from voicebot.adapters.flow_files import FlowFiles
from voicebot.cli import main
from voicebot.domain.call import CallEnd
from voicebot.domain.case_field import FieldName
from voicebot.domain.case_number import BLOT, written
from voicebot.domain.retention import RetentionClass
from voicebot.domain.review import Span
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.purpose import FOR_STAFF
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.tokens import NewToken, make_token
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.original import open_original
from voicebot.service.ticket.review import Reviewed, correct
from voicebot.web.guard.guards import METRICS_TOKEN, Guard, guard_of


@dataclass
class House:
    """Cases of every origin, the pages and the command line."""

    line: Line
    engine: Engine
    folder: Path

    def run(self, *words: str) -> str:
        """Run a command and return all that it printed."""
        done = CliRunner().invoke(main, words, input="")
        assert done.exit_code in {0, 1}, done.output
        return done.output + done.stderr


@pytest.fixture
def house(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    policy = a_policy_dir(tmp_path / "policy")
    settings = {"VOICEBOT_DATA_DIR": tmp_path, "VOICEBOT_POLICY_DIR": policy, "TWILIO_PHONE_NUMBER": OWN}
    for name, value in (settings | {"COLUMNS": 500}).items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    yield House(Line(engine, FlowFiles(FLOWS_DIR, policy), WEDNESDAY_TEN), engine, tmp_path)
    engine.dispose()


def fill(line: Line) -> None:
    """Take calls and texts of every kind, and let windows close."""
    line.told_call("CA1")
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=OTHER, body="My kettle leaks"))
    line.ring(CALLER, "CA2")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.ring("+12025550188", "CA3")
    end_call(line.hotline, "CA3", CallEnd.CALLER_HUNG_UP)
    for hours in (0, 0.02, 4, 4):
        line.step(hours=hours)
        line.sweep()


def own_words(pin: str) -> list[str]:
    """Return the code as a complainant may say or type it. This is a witness, which shares no words with the house."""
    digits = [WORDS[int(digit)] for digit in pin]
    return [
        pin,
        " ".join(pin),
        "-".join(pin),
        f"{pin[:2]} {pin[2:]}",
        f"{pin[0]} uh {pin[1]} {pin[2]} and {pin[3]}",
        "x".join(pin),
        " ".join(digits),
        f"{digits[0]} {pin[1]} {digits[2]}, {digits[3]}",
        f"{PAIRS[int(pin[0])]} {digits[1]} {digits[2]} {digits[3]}" if pin[0] > "1" < pin[1] else " ".join(digits),
        f"{digits[0]} double {digits[1]} {digits[3]}" if pin[1] == pin[2] else " ".join(digits),
    ]


WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PAIRS = ["", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]]


def tell_codes(line: Line) -> None:
    """Let each complainant tell their own code in every way, by text and by call, and staff write it down."""
    for number, ticket in enumerate(cases(line)):
        told = "my code is " + " and again ".join(own_words(ticket.pin))
        write_text(line, told, f"SM-{number}", sender=ticket.complainant_number or CALLER)
        write_note(line.hotline, ticket.case_number, text=told, actor="owner_1")
        keep_fields(line.hotline, ticket.case_number, {FieldName.ORDER_NUMBER: told[:60]}, actor="owner_1")
        with line.work() as work:
            promise = work.promises.open_of_ticket(ticket.id)
            if promise is not None:
                work.promises.save(replace(promise, words=told))
            work.commit()
        first = spoken_answer(line, ticket.id)
        if first is not None:
            span = Span(first=0, end=1)
            correct(
                line.hotline,
                ticket.case_number,
                Reviewed(answer_id=first, span=span, actor="owner_1"),
                text=told,
                why=told,
            )
    ticket = cases(line)[0]
    answer = line.ring(CALLER, "CA4")
    answer = line.say(line.go_to(answer, "ask_story"), "once more " + " or again ".join(own_words(ticket.pin)))
    end_call(line.hotline, "CA4", CallEnd.CALLER_HUNG_UP)
    line.sweep()


def spoken_answer(line: Line, ticket_id: str) -> str | None:
    """Return the first answer of a case that was said."""
    with line.hotline.look() as work:
        return next((each.id for each in work.tickets.answers(ticket_id) if each.words_json != "[]"), None)


def told_nowhere(tickets: list[Ticket], shown: dict[str, str]) -> None:
    """Check that no text shows a PIN in any of its forms; a PIN inside a longer number is none."""
    for place, said in shown.items():
        plain = " ".join(re.sub("<[^>]*>", " ", said).split()).lower()
        for ticket in tickets:
            forms = "|".join(re.escape(form) for form in own_words(ticket.pin))
            found = re.search(rf"(?<![\d.:])(?:{forms})(?!\d)", plain)
            assert not found, f"{place} shows a PIN: …{plain[max(0, found.start() - 60) :][:90]}…"


PARTS = {"person": "owner_1", "picture_id": "none", "token": "none"}
"""What stands in an address that is about no case."""
NOT_PAGES = ("audio", "original_audio", "picture")
OF_STAFF = (Guard.STAFF, Guard.METRICS, Guard.SECRET_ADDRESS, Guard.LOGIN, Guard.TOKEN)


def addresses(desk: ConsoleDesk) -> Iterator[str]:
    """Yield every address of the application that can be opened, for every case and answer. A new one is among them."""
    for rule in desk.app.url_map.iter_rules():
        name = rule.endpoint.rpartition(".")[2]
        guard = guard_of(desk.app.view_functions[rule.endpoint])
        if "GET" not in (rule.methods or ()) or guard not in OF_STAFF or name in NOT_PAGES:
            continue
        for ticket in cases(desk.line) if "case" in rule.arguments else [None]:
            number = "" if ticket is None else written(ticket.case_number)
            for answer in answers_of(desk.line, ticket) if "answer_id" in rule.arguments else [""]:
                parts = PARTS | {"case": number, "answer_id": answer}
                yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found, parts=parts: parts[found[1]], rule.rule)


def answers_of(line: Line, ticket: Ticket | None) -> list[str]:
    with line.work() as work:
        return [] if ticket is None else [each.id for each in work.tickets.answers(ticket.id)]


def pages(house: House) -> dict[str, str]:
    """Open every page of the console as an administrator."""
    desk = ConsoleDesk(house.line, house.engine, house.folder)
    desk.app.config[METRICS_TOKEN] = "x" * 20
    browser = desk.logged_in(role=Role.ADMINISTRATOR)
    more = ["/console/cases?show=all", "/console/cases?show=mine", "/console/search?q=code", "/console/search?q=again"]
    more += [f"/console/cases/{written(ticket.case_number)}?machine=1" for ticket in cases(house.line)]
    paths = [path for path in addresses(desk) if "logout" not in path]
    token = make_token(house.line.hotline, NewToken(name="Reports", role=Role.ADMINISTRATOR, made_by="anna"))[1]
    for ticket in cases(house.line):
        open_original(house.line.hotline, ticket.case_number, why="asked by them", actor="anna_ruiz")
    shown = {}
    for path in (*paths, *more):
        bearer = {"Authorization": f"Bearer {token if path.startswith('/api') else 'x' * 20}"}
        answer = browser.get(path, follow_redirects=True, headers=bearer)
        assert answer.status_code in (200, 404, 409), f"{path}: {answer.status_code}"
        shown[path] = answer.text
    return shown


OF_A_CASE = ("tickets show", "tickets words", "tickets fields", "calls show")
OF_ALL = (
    "tickets", "tickets --all", "tickets find code", "tickets find again", "calls live", "calls turned-away",
    "retention --dry-run", "retention holds",
    "figures", "management", "morning", "drill", "canary", "staff list", "rota", "folders",
    "settings", "database status", "customers", "tokens", "webhooks deliveries", f"person erase {CALLER}",
    "export cases", "export calls", "export log",
)  # fmt: skip
NO_CASES = "serve release web worker demo doctor flows docs restore model twilio simulate bench call backup"
ABOUT_NO_CASE = frozenset(NO_CASES.split())
"""Commands that start programs, or tell of files and settings. A backup is the whole database, PINs and all, and is
locked away like it (docs/operating.md)."""


def commands(house: House) -> dict[str, str]:
    """Run every command that tells of cases, with each of its forms."""
    asked = [words.split() for words in OF_ALL if words.split()[0] in main.commands]
    asked += [["tickets", "--json"], ["figures", "--json"], ["morning", "--json"], ["management", "--json"]]
    for ticket in cases(house.line):
        case = written(ticket.case_number)
        asked += [[*words.split(), case] for words in OF_A_CASE]
        asked += [["tickets", "show", case, "--json"], ["calls", "show", case, "--json"]]
        asked.append(["retention", "erase", case, "--reason", "asked", "--yes"])
    return {" ".join(words): house.run(*words) for words in asked}


def exports(house: House) -> dict[str, str]:
    """Hand out everything about the callers, and return each file that can be read."""
    for number in (CALLER, OTHER):
        house.run("person", "export", number, "--out", str(house.folder / number), "--reason", "asked")
    files = [path for number in (CALLER, OTHER) for path in (house.folder / number).glob("*.*")]
    assert len(files) == 6
    return {str(path): path.read_text() for path in files}


def test_each_command_that_tells_of_cases_is_asked() -> None:
    """A new group of commands is either looked at here, or has to be named as one that is about no case."""
    looked_at = {words.split()[0] for words in (*OF_A_CASE, *OF_ALL)}
    assert set(main.list_commands(Context(main))) <= looked_at | ABOUT_NO_CASE


@pytest.fixture
def told(house: House) -> tuple[House, str]:
    """A house in which every code was told in every way, and the log of it."""
    with capture_logs() as lines:
        fill(house.line)
        tell_codes(house.line)
        for _ in range(3):
            house.line.step(hours=4)
            house.line.sweep()
    return house, "\n".join(map(str, lines))


def test_no_page_file_log_or_message_shows_a_pin(told: tuple[House, str]) -> None:
    house, log = told
    with capture_logs() as lines:
        shown = pages(house)
    assert sum(BLOT in text for text in shown.values()) > len(cases(house.line)), "what was told is to be seen"
    logs = {"log": log, "log of the pages": "\n".join(map(str, lines))}
    told_nowhere(cases(house.line), shown | logs | messages(house))


def test_no_command_shows_a_pin(told: tuple[House, str]) -> None:
    house, _ = told
    shown = exports(house) | commands(house)
    assert sum(BLOT in text for text in shown.values()) > len(cases(house.line)), "what was told is to be seen"
    told_nowhere(cases(house.line), shown)


def test_no_word_by_which_cases_are_found_is_a_pin(told: tuple[House, str]) -> None:
    house, _ = told
    with house.engine.connect() as connection:
        kept = {row.ticket_id: row.words.split() for row in connection.execute(text("SELECT * FROM case_words"))}
    assert sum("code" in words for words in kept.values()) > 2
    for ticket in cases(house.line):
        assert not {ticket.pin} & set(kept[ticket.id])
        assert not {WORDS[int(digit)] for digit in ticket.pin} <= set(kept[ticket.id])


def messages(house: House) -> dict[str, str]:
    """Return what staff were told, by text and otherwise."""
    sent = "SELECT id, purpose, body FROM sms UNION ALL SELECT id, purpose, body FROM staff_messages"
    with house.engine.connect() as connection:
        bodies = [row for row in connection.execute(text(sent)) if row.purpose.split(":")[0] in FOR_STAFF]
    assert bodies
    return {f"{row.purpose} {row.id}": row.body for row in bodies}


def test_the_complainant_is_texted_the_pin(house: House) -> None:
    fill(house.line)
    sent = " ".join(body for _, body in house.line.sender.sent)
    assert any(f"Code {pin}" in sent for pin in (ticket.pin for ticket in cases(house.line)))


@pytest.mark.heavy
def test_a_pin_that_went_with_its_number_is_not_left_in_texts_kept_longer(house: House) -> None:
    fill(house.line)
    tickets = cases(house.line)
    for ticket in tickets:
        if ticket.merged_into is None:
            log_callback(house.line.hotline, ticket.case_number, reason="mended", actor="owner_1")
    with house.line.work() as work:
        for ticket in tickets:
            work.retention.erase(ticket.id, RetentionClass.NUMBERS, house.line.clock.now())
        work.commit()
    shown = pages(house)
    assert any(BLOT in text for text in shown.values())
    told_nowhere(tickets, shown)

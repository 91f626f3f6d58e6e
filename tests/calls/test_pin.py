"""No page, no command and no log shows the PIN of a case; only the complainant has it, by text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from structlog.testing import capture_logs

from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, FLOWS_DIR, OTHER, OWN, Line, a_policy_dir
from tests.web.console.desk import ConsoleDesk
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.cli import main
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import BLOT, written
from voicebot.domain.retention import RetentionClass
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.inbound_text import IncomingText, log_text


@dataclass
class House:
    """Cases of every origin, the pages and the command line."""

    line: Line
    engine: Engine
    folder: Path

    def cases(self) -> list[Ticket]:
        """Read every case, merged ones too."""
        with self.line.work() as work:
            return list(work.tickets.all())

    def pins(self) -> list[str]:
        """Read every PIN."""
        return [ticket.pin for ticket in self.cases()]

    def run(self, *words: str) -> str:
        """Run a command and return all that it printed."""
        done = CliRunner().invoke(main, words, input="")
        assert done.exit_code in {0, 1}, done.output
        return done.output + done.stderr


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    policy = a_policy_dir(tmp_path / "policy")
    settings = {"VOICEBOT_DATA_DIR": tmp_path, "VOICEBOT_POLICY_DIR": policy, "TWILIO_PHONE_NUMBER": OWN}
    for name, value in (settings | {"COLUMNS": 500}).items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    migrate(engine)
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


def told_nowhere(pins: list[str], shown: dict[str, str]) -> None:
    """Check that no text shows a PIN; a PIN inside a longer number is none."""
    for place, text in shown.items():
        found = [pin for pin in pins if re.search(rf"(?<![\d.:]){pin}(?!\d)", text)]
        assert not found, f"{place} shows a PIN: …{text[max(0, text.find(found[0]) - 60) :][:80]}…"


def pages(house: House) -> dict[str, str]:
    """Open every page of the console as an administrator."""
    browser = ConsoleDesk(house.line, house.engine, house.folder).logged_in(role=Role.ADMINISTRATOR)
    paths = ["/console/", "/console/cases?show=all", "/console/cases?show=mine", "/console/password"]
    paths += [f"/console/cases/{written(ticket.case_number)}" for ticket in house.cases()]
    return {path: browser.get(path, follow_redirects=True).text for path in paths}


def commands(house: House) -> dict[str, str]:
    """Run every command that tells of cases."""
    wanted = [["tickets"], ["tickets", "--json"], ["calls", "live"], ["retention", "--dry-run"], ["retention", "holds"]]
    for case in (written(ticket.case_number) for ticket in house.cases()):
        wanted += [["tickets", "show", case], ["tickets", "show", case, "--json"]]
        wanted += [["calls", "show", case], ["calls", "show", case, "--json"]]
        wanted += [["retention", "erase", case, "--reason", "asked", "--yes"]]
    wanted += [["backup", "--to", str(house.folder / "out.zip")], ["backup", "--check", str(house.folder / "out.zip")]]
    return {" ".join(words): house.run(*words) for words in wanted}


@pytest.mark.parametrize("ask", [pages, commands])
def test_no_page_and_no_command_shows_a_pin(house: House, ask: Callable[[House], dict[str, str]]) -> None:
    fill(house.line)
    pins = house.pins()
    shown = ask(house)
    assert any(BLOT in text for text in shown.values()), (
        "what the complainant was texted is to be seen, but for the PIN"
    )
    told_nowhere(pins, shown)


def test_no_line_of_the_log_tells_a_pin(house: House) -> None:
    with capture_logs() as lines:
        fill(house.line)
        pages(house)
    told_nowhere(house.pins(), {"log": "\n".join(map(str, lines))})


def test_the_complainant_is_texted_the_pin(house: House) -> None:
    fill(house.line)
    sent = " ".join(body for _, body in house.line.sender.sent)
    assert any(f"Code {pin}" in sent for pin in house.pins())


def test_a_pin_that_went_with_its_number_is_not_left_in_texts_kept_longer(house: House) -> None:
    fill(house.line)
    pins = house.pins()
    for ticket in house.cases():
        if ticket.merged_into is None:
            log_callback(house.line.hotline, ticket.case_number, reason="mended", actor="owner_1")
    cases = house.cases()
    with house.line.work() as work:
        for ticket in cases:
            work.retention.erase(ticket.id, RetentionClass.NUMBERS, house.line.clock.now())
        work.commit()
    shown = pages(house)
    assert any(BLOT in text for text in shown.values())
    told_nowhere(pins, shown)

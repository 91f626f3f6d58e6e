"""`voicebot retention`: what goes, what would go, holds, erasing on request."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders import MONDAY_TEN, a_history_entry, a_ticket, an_answer
from voicebot.bootstrap import build_hotline
from voicebot.cli import main
from voicebot.config import read_settings
from voicebot.domain.ticket import AnswerState, Ticket
from voicebot.service.hotline import Hotline

CASE = "177-763-172"
Run = Callable[..., Result]


@pytest.fixture
def hotline(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """A hotline with one case, long at rest, whose complainant was called and whose voice is kept."""
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "")
    shutil.copy(migrated_file, tmp_path / "voicebot.db")
    hotline = build_hotline(read_settings())
    long_ago = MONDAY_TEN.replace(year=2020)
    hotline.audio.put("ticket-1/call-1/2-story.wav", b"RIFF")
    with hotline.unit_of_work() as work:
        work.tickets.add(a_ticket(case_number=CASE.replace("-", ""), problem="it broke", opened_at=long_ago))
        work.tickets.add_answer(
            an_answer(state=AnswerState.DONE, audio_key="ticket-1/call-1/2-story.wav", at=long_ago, text="it broke")
        )
        work.tickets.note(a_history_entry(verb="complainant_called", after="spoke to her", at=long_ago))
        work.commit()
    return hotline


@pytest.fixture
def run(hotline: Hotline) -> Run:
    """The command line on it."""
    return lambda *words, **more: CliRunner().invoke(main, ["retention", *words], **more)


def the_ticket(hotline: Hotline) -> Ticket:
    """Read the case."""
    with hotline.unit_of_work() as work:
        (ticket,) = work.tickets.all()
    return ticket


def test_dry_run_tells_and_the_run_does(run: Run, hotline: Hotline) -> None:
    said = run("--dry-run")
    assert said.exit_code == 0, said.output
    assert "What would go now" in said.output
    assert "Nothing was changed." in said.output
    assert the_ticket(hotline).problem == "it broke"
    done = run()
    assert "What went" in done.output
    assert the_ticket(hotline).problem == ""
    assert not hotline.audio.exists("ticket-1/call-1/2-story.wav")


def test_report_for_programs(run: Run) -> None:
    told = json.loads(run("--dry-run", "--json").output)
    (audio,) = (each for each in told["classes"] if each["kind"] == "audio")
    assert (audio["keep_days"], audio["cases"], audio["voices"]) == (180, 1, 1)
    assert audio["oldest_at"].startswith("2020-03-02")


def test_hold_is_laid_listed_and_lifted(run: Run, hotline: Hotline) -> None:
    assert "No case is under a hold." in run("holds").output
    assert run("hold", CASE, "--reason", "court", "--by", "quality_1").output.startswith("Held")
    assert "already" in run("hold", CASE, "--reason", "court").output
    listed = run("holds").output
    assert CASE in listed
    assert "by quality_1: court" in listed
    run()
    assert the_ticket(hotline).problem == "it broke"
    assert run("lift", CASE, "--reason", "settled").output == "Lifted.\n"
    assert "no hold" in run("lift", CASE, "--reason", "settled").output


def test_erasing_asks_first(run: Run, hotline: Hotline) -> None:
    said = run("erase", CASE, "--reason", "she asked", input="n\n")
    assert said.exit_code == 1
    assert the_ticket(hotline).problem == "it broke"
    assert run("erase", CASE, "--reason", "she asked", input="y\n").exit_code == 0
    assert the_ticket(hotline).problem == ""
    assert run("erase", CASE, "--reason", "again", "--yes").exit_code == 0


def test_unknown_case_is_one_sentence(run: Run) -> None:
    said = run("hold", "123", "--reason", "court")
    assert said.exit_code == 1
    assert said.output.startswith("voicebot: '123' is no case number")

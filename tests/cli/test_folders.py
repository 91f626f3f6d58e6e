"""`voicebot folders`: what each machine holds, and one that is given up."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders import MONDAY_TEN, a_history_entry, a_ticket, an_answer
from voicebot.bootstrap import build_hotline
from voicebot.cli import main
from voicebot.config import read_settings
from voicebot.domain.ticket import AnswerState
from voicebot.service.hotline import Hotline

GONE = "f" * 32
Run = Callable[..., Result]


@pytest.fixture
def hotline(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """A hotline in which another machine holds a voice."""
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "")
    shutil.copy(migrated_file, tmp_path / "voicebot.db")
    hotline = build_hotline(read_settings())
    with hotline.unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.tickets.note(a_history_entry())
        work.tickets.add_answer(an_answer(spool_name="call-1-2.ulaw", spool_folder=GONE))
        work.folders.show(hotline.spool.folder_id, "here", MONDAY_TEN)
        work.folders.show(GONE, "there", MONDAY_TEN)
        work.commit()
    return hotline


def run(*command: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["folders", *command])


def test_each_folder_is_listed_with_its_machine_and_what_it_holds(hotline: Hotline) -> None:
    lines = sorted(run().output.splitlines())
    assert [line.split(":")[0] for line in lines] == sorted([f"{hotline.spool.folder_id} (this machine)", GONE])
    (there,) = [line for line in lines if line.startswith(GONE)]
    assert "on there, seen Mon 2 Mar 2026, 05:00:00 EST; voices 1, calls not settled 0" in there


def test_a_folder_that_is_gone_is_given_up_with_a_reason_after_asking(hotline: Hotline) -> None:
    assert run("give-up", GONE, "--reason", "burnt").exit_code == 1, "nobody confirmed"
    done = run("give-up", GONE, "--reason", "burnt", "--by", "me", "--yes")
    assert "1 voices are lost" in done.output
    with hotline.look() as work:
        answer = work.tickets.answer("answer-1")
        assert answer is not None
        assert answer.state is AnswerState.LOST
        assert work.tickets.history("ticket-1")[-1].after == "story: its data folder is gone for good: burnt"
    assert run("give-up", GONE, "--reason", "burnt", "--yes").exit_code == 1

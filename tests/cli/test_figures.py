"""`voicebot figures` on a terminal, over a real database and the real clock."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.service.lines import FLOWS_DIR, OWN, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.cli import main
from voicebot.cli.figures import figures


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A hotline on the database that the command line will open."""
    policy = a_policy_dir(tmp_path / "policy")
    for name, value in {
        "VOICEBOT_DATA_DIR": tmp_path,
        "VOICEBOT_POLICY_DIR": policy,
        "TWILIO_PHONE_NUMBER": OWN,
        "COLUMNS": 200,
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    migrate(engine)
    return Line(engine, FlowFiles(FLOWS_DIR, policy), datetime.now(UTC))


def run(*words: str) -> str:
    result = CliRunner().invoke(figures, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_empty_hotline_says_when_figures_appear(line: Line) -> None:
    assert "Nothing has happened yet" in run()


def test_tables_for_people_and_the_same_for_programs(line: Line) -> None:
    line.told_call()
    shown = run("--by", "owner")
    for words in ("Promised calls", "Kept rate", "Moved by us", "Cases and calls", "First handler", "in all"):
        assert words in shown
    told = json.loads(run("--by", "owner", "--json"))
    assert (told["figures"][-1]["cases"], told["load"][0]["open_cases"]) == (1, 1)
    rows = list(csv.DictReader(io.StringIO(run("--weeks", "2", "--csv"))))
    assert [row["cases"] for row in rows] == ["0", "1", "1"]


def test_more_weeks_than_a_year_has_are_refused(line: Line) -> None:
    result = CliRunner().invoke(main, ["figures", "--weeks", "99"])
    assert result.exit_code == 1
    assert result.output.startswith("voicebot: figures are shown of 1 to 53 weeks")

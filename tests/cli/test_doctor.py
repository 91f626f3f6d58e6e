"""`voicebot doctor` on a terminal: its lines, its JSON, its exit code."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.service.lines import a_policy_dir
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.store import migrate, open_engine
from voicebot.cli import main
from voicebot.distribution import PROJECT_DIR
from voicebot.service.doctor.finding import Verdict


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hotline that is migrated and set, has no model, and does not run."""
    for name, value in {
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": "a-token-that-nobody-may-see",
        "TWILIO_PHONE_NUMBER": "+12025550100",
        "VOICEBOT_PUBLIC_URL": "http://127.0.0.1:1",
        "VOICEBOT_TWILIO_API_URL": "http://127.0.0.1:1",
        "VOICEBOT_DATA_DIR": tmp_path,
        "VOICEBOT_MODEL_DIR": tmp_path / "models",
        "VOICEBOT_POLICY_DIR": a_policy_dir(tmp_path / "policy"),
        "VOICEBOT_MAX_RECOGNISERS": 1,
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'voicebot.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    migrate_jobs(url)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *words])


def test_every_check_is_a_line_and_what_is_broken_has_its_cure(folder: Path) -> None:
    result = run("--offline")
    lines = result.output.splitlines()
    assert lines[0] == "fine    settings         account, number and public URL are set"
    assert "fine    spool            a probe was appended, read back and deleted" in lines
    at = lines.index("broken  logins           nobody can log in to the console")
    assert lines[at + 1] == " " * 25 + "→ add yourself: `voicebot staff add EMAIL --name … --role administrator`"
    assert "not asked: everything that asks Twilio or our public address (--offline)" in lines
    assert lines[-1].endswith("Callers or promises would be let down: put right what is broken.")
    assert all(line == line.rstrip() and len(line) <= 118 for line in lines)
    assert result.exit_code == 1


def test_nothing_stays_behind_and_no_secret_is_told(folder: Path) -> None:
    before = {path.name for path in folder.rglob("*") if "voicebot.db" not in path.name}
    output = run().output
    after = {path.name for path in folder.rglob("*") if "voicebot.db" not in path.name}
    assert after - before <= {"audio", "spool", "folder_id"}
    assert "nobody-may-see" not in output
    assert "2025550100" not in output


def test_programs_read_json(folder: Path) -> None:
    result = run("--offline", "--json")
    told = json.loads(result.stdout)
    assert (told["is_broken"], result.exit_code) == (True, 1)
    assert set(told["checks"][0]) == {"check", "verdict", "found", "cure", "took_s"}
    assert {check["verdict"] for check in told["checks"]} <= {verdict.value for verdict in Verdict}
    assert told["not_asked"] == ["everything that asks Twilio or our public address (--offline)"]


def test_faults_of_flows_are_those_that_flows_check_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flows = folder / "flows"
    shutil.copytree(PROJECT_DIR / "flows", flows, ignore=shutil.ignore_patterns("policy", "*.wav"))
    flow = flows / "complaint" / "flow.yaml"
    flow.write_text(flow.read_text().replace("start: ", "start: nowhere_", 1))
    monkeypatch.setenv("VOICEBOT_FLOWS_DIR", str(flows))
    output = run("--offline").output
    assert "broken  flows " in output
    assert "voicebot flows check" in output


def test_answer_of_last_resort_is_all_that_is_printed(folder: Path) -> None:
    result = run("--last-resort")
    assert result.exit_code == 0
    assert result.output.startswith('<?xml version="1.0" encoding="UTF-8"?><Response><Start><Recording')
    assert "We are sorry; our system is not working." in result.output

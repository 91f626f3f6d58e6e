"""`voicebot rota` on a terminal, over a real database and the real clock."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from click.testing import CliRunner

from tests.databases import copy_of
from tests.service.lines import FLOWS_DIR, OWN, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.cli import main
from voicebot.cli.rota import rota
from voicebot.domain.rota import ChangeKind
from voicebot.errors import VoicebotError

TOMORROW = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d} 12:00"
LATER = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"


@pytest.fixture
def line(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A hotline on the database that the command line will open; the process's log as it was, afterwards."""
    policy = a_policy_dir(tmp_path / "policy")
    for name, value in {
        "VOICEBOT_DATA_DIR": tmp_path,
        "VOICEBOT_POLICY_DIR": policy,
        "TWILIO_PHONE_NUMBER": OWN,
        "COLUMNS": 200,
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield Line(engine, FlowFiles(FLOWS_DIR, policy), datetime.now(UTC))
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def run(*words: str) -> str:
    result = CliRunner().invoke(rota, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def of(staff_id: str) -> Any:
    return next(person for person in json.loads(run("--json")) if person["person"] == staff_id)


def test_everybody_of_the_policy_stands_on_it_with_opening_hours(line: Line) -> None:
    shown = run()
    assert "First handler" in shown
    assert "opening hours" in shown
    assert of("owner_1")["roles"] == ["handler"]


def test_shift_is_added_shown_and_removed(line: Line) -> None:
    added = run("shift", "owner_1", "monday", "9:00-13:00", "--role", "handler").removeprefix("Added: ").strip()
    assert of("owner_1")["shifts"] == [{"id": added, "weekday": "Monday", "hours": "9:00-13:00 (handler)"}]
    assert "Monday 9:00-13:00 (handler)" in run()
    run("remove", added)
    assert of("owner_1")["shifts"] == []


def test_away_until_a_time_of_the_clock_and_back(line: Line) -> None:
    soon = (datetime.now(ZoneInfo("America/New_York")) + timedelta(hours=2)).strftime("%H:%M")
    assert soon in run("away", "owner_1", "--until", soon)
    assert len(of("owner_1")["changes"]) == 1
    assert "is back" in run("back", "owner_1")
    assert of("owner_1")["changes"][0]["ends_at"] < datetime.now(UTC).isoformat()


def test_away_here_and_swap_until_a_time(line: Line) -> None:
    assert "owner_1 is away until" in run("away", "owner_1", "--until", TOMORROW, "--note", "ill")
    assert "deputy_1 is here until" in run("here", "deputy_1", "--from", TOMORROW, "--until", LATER)
    assert "Swapped" in run("swap", "supervisor_1", "supervisor_2", "--until", TOMORROW)
    (away,) = of("owner_1")["changes"]
    assert (away["kind"], away["note"]) == (ChangeKind.AWAY, "ill")
    assert not of("owner_1")["is_on_duty"]
    assert of("supervisor_2")["is_on_duty"]
    run("remove", of("supervisor_1")["changes"][0]["id"])
    assert of("supervisor_2")["changes"] == []


def test_what_a_person_can_do_is_saved(line: Line) -> None:
    run("person", "owner_1", "--role", "supervisor", "--language", "en", "--cap", "7")
    saved = of("owner_1")
    assert (saved["roles"], saved["languages"], saved["load_cap"]) == (["handler", "supervisor"], ["en"], 7)


def test_calendar_goes_out_and_comes_in(line: Line, tmp_path: Path) -> None:
    run("here", "deputy_1", "--until", TOMORROW)
    assert "stretches written" in run("write-calendar", "deputy_1", str(tmp_path / "rota.ics"))
    came = int(run("take-calendar", "owner_1", str(tmp_path / "rota.ics"), "--as", "away").split()[0])
    assert came == len(of("owner_1")["changes"]) > 20


def test_calendar_is_followed_and_left(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_CALENDAR_ORIGINS", "https://calendar.example")
    migrate_jobs(line.engine.url.render_as_string(hide_password=False))
    said = run("follow-calendar", "owner_1", "webcal://calendar.example/secret.ics", "--as", "away")
    assert "calendar.example is fetched from now on" in said
    assert "not yet" in run()
    assert "secret" not in run()
    (feed,) = of("owner_1")["calendars"]
    assert (feed["host"], feed["kind"], feed["good_at"]) == ("calendar.example", "away", None)
    run("remove", feed["id"])
    assert of("owner_1")["calendars"] == []


def test_whoever_works_on_dates_is_on_duty_only_there(line: Line) -> None:
    run("person", "owner_1", "--dated")
    assert "on dates only" in run()
    assert (of("owner_1")["has_dated_shifts"], of("owner_1")["next_on_duty_at"]) == (True, None)
    run("here", "owner_1", "--until", TOMORROW)
    assert of("owner_1")["is_on_duty"]


@pytest.mark.requirement("D-05")
def test_cases_of_whoever_is_ill_are_shown_then_spread(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    run("person", "deputy_1", "--role", "handler")
    shown = run("sick", "owner_1", "--until", LATER, "--everything", "--dry-run")
    assert "Nothing was changed" in shown
    assert "Deputy" in shown
    assert "1 cases were given" in run("sick", "owner_1", "--until", LATER, "--everything", "--note", "look")
    with line.work() as work:
        ticket = work.tickets.by_case_number(case)
    assert ticket is not None
    assert ticket.owner_id == "deputy_1"


@pytest.mark.parametrize(
    "words",
    [
        ("shift", "owner_1", "monday", "9-13"),
        ("shift", "gone_1", "monday", "9:00-13:00"),
        ("away", "owner_1", "--until", "soon"),
        ("away", "owner_1", "--until", "2020-01-01"),
        ("swap", "owner_1", "owner_1", "--until", TOMORROW),
        ("remove", "nothing"),
        ("write-calendar", "gone_1", "out.ics"),
        ("take-calendar", "owner_1", "missing.ics", "--as", "away"),
        ("follow-calendar", "owner_1", "https://elsewhere.example/a.ics", "--as", "away"),
        ("remove", "gone"),
        ("sick", "owner_1", "--until", "2020-01-01"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said_in_one_sentence(line: Line, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["rota", *words])
    assert result.exit_code == 1
    assert result.output.startswith("voicebot: ")
    assert "Traceback" not in result.output
    assert not isinstance(result.exception, VoicebotError)

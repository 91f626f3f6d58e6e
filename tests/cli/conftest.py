"""What tests of the command line begin with."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from tests.databases import copy_of
from tests.service.lines import FLOWS_DIR, OWN, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles


@pytest.fixture
def begins_at() -> datetime:
    """When a test of the command line begins: now, unless its file says when."""
    return datetime.now(UTC)


@pytest.fixture
def kept_log() -> Iterator[None]:
    """The process's log as it was, after a command has set its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_file: Path, begins_at: datetime) -> Line:
    """A hotline on the database that the command line will open."""
    policy = a_policy_dir(tmp_path / "policy")
    for name, value in {
        "VOICEBOT_DATA_DIR": tmp_path,
        "VOICEBOT_POLICY_DIR": policy,
        "TWILIO_PHONE_NUMBER": OWN,
        "VOICEBOT_GATE_EXCEPTIONS": "+1202555",
        "COLUMNS": 200,
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    return Line(engine, FlowFiles(FLOWS_DIR, policy), begins_at)

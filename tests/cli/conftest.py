"""What tests of the command line begin with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.service.lines import FLOWS_DIR, OWN, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
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
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    migrate(engine)
    return Line(engine, FlowFiles(FLOWS_DIR, policy), datetime.now(UTC))

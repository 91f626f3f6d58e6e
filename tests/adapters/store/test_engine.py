"""The engine is opened safely, or the deployer is told what to set."""

from pathlib import Path

import pytest

from voicebot.adapters.store import open_engine
from voicebot.errors import SettingFault


def test_sqlite_commits_to_disk_through_a_write_ahead_log(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new folder' / 'voicebot.db'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_postgresql_is_spoken_to_by_one_driver_however_it_is_written() -> None:
    for url in ("postgresql://user@host/name", "postgresql+psycopg2://user@host/name"):
        assert open_engine(url).url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("not a url", "use sqlite:///"),
        ("mysql://user@host/name", "use sqlite:///"),
        ("sqlite://", "give a path"),
        ("sqlite:///:memory:", "give a path"),
        ("sqlite:////proc/nowhere/voicebot.db", "VOICEBOT_DATA_DIR"),
    ],
)
def test_url_that_cannot_work_names_its_cure(url: str, cure: str) -> None:
    with pytest.raises(SettingFault, match=cure):
        open_engine(url)

"""Who tells the time when our clock was set: the carrier, and a database elsewhere; whoever is away is silent."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from voicebot.adapters.store import SqlVitals, open_reader
from voicebot.bootstrap import clock_witnesses
from voicebot.config import Settings
from voicebot.simulator import PacedClock, PretendCarrier

ACCOUNT, TOKEN, OWN = "AC" + "1" * 32, "f" * 32, "+12025550100"


def _settings(folder: Path, *, api: str = "", database: str = "") -> Settings:
    return Settings(
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=SecretStr(TOKEN),
        TWILIO_PHONE_NUMBER=OWN,
        data_dir=folder,
        database_url=database,
        twilio_api_url=api,
    )


def test_the_carrier_tells_the_time(tmp_path: Path) -> None:
    with PretendCarrier(ACCOUNT, TOKEN, OWN, "http://127.0.0.1:9", clock=PacedClock(1.0)) as carrier:
        (witness,) = clock_witnesses(_settings(tmp_path, api=carrier.serve_api()))
        told = witness()
    assert told is not None
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60
    assert witness() is None, "a carrier that is away says nothing"


def test_without_an_account_and_on_one_machine_nobody_tells(tmp_path: Path) -> None:
    assert clock_witnesses(Settings(data_dir=tmp_path)) == ()


@pytest.mark.parametrize(("host", "is_asked"), [("localhost", False), ("127.0.0.1", False), ("db.example", True)])
def test_a_database_is_asked_where_it_is_another_machine(tmp_path: Path, host: str, is_asked: bool) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"postgresql://voicebot@{host}/voicebot")
    assert len(clock_witnesses(settings)) == is_asked


def test_a_database_server_tells_the_time_and_a_file_has_none(database_url: str) -> None:
    reader = open_reader(database_url)
    told = SqlVitals(reader).database_time()
    reader.dispose()
    if database_url.startswith("sqlite"):
        assert told is None
    else:
        assert told is not None
        assert abs((datetime.now(UTC) - told).total_seconds()) < 60

"""Whole calls: one model for all of them, one hotline for each."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.calls.house import House
from tests.calls.log_reader import logged_to, refuse_told_secrets
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
from voicebot.adapters.store import migrate, open_engine
from voicebot.adapters.vosk_recogniser import VoskRecognisers, load_recognisers
from voicebot.config import Settings
from voicebot.errors import SettingFault

OpenHouse = Callable[..., House]
StartService = Callable[..., Service]


@pytest.fixture(scope="session")
def recognisers() -> VoskRecognisers:
    """Real recognisers on the installed English model."""
    try:
        return load_recognisers(Settings(_env_file=None).model_dir, limit=8)
    except SettingFault as problem:
        pytest.skip(str(problem))


@pytest.fixture
def open_house(tmp_path: Path, recognisers: VoskRecognisers, migrated_file: Path) -> Iterator[OpenHouse]:
    """Open hotlines; each is closed with the test, and its log read."""
    log, database = tmp_path / "house.log", tmp_path / "voicebot.db"
    with ExitStack() as stack:
        stack.enter_context(logged_to(log))

        def open_one(**choices: Any) -> House:
            if "database_url" in choices:
                bring_forward(choices["database_url"])
            elif not database.exists():
                shutil.copy(migrated_file, database)
            given = {
                "folder": tmp_path,
                "database_url": f"sqlite:///{database}",
                "policy_dir": a_policy_dir(tmp_path / "policy"),
                "recognisers": recognisers,
            } | choices
            house = House(**given)
            stack.callback(house.close)
            stack.callback(refuse_told_secrets, log, house)
            return house

        yield open_one


def bring_forward(database_url: str) -> None:
    """Migrate an empty database."""
    engine = open_engine(database_url)
    migrate(engine)
    engine.dispose()


@pytest.fixture
def house(open_house: OpenHouse) -> House:
    """A hotline on SQLite with the default policy."""
    return open_house()


@contextmanager
def served(folder: Path, database_url: str, **choices: Any) -> Iterator[Service]:
    """Start a service; its log is read in the end, and it is stopped."""
    with closing(Service(folder, database_url, **choices)) as service:
        yield service
        refuse_told_secrets(service.log, service)


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[StartService]:
    """Start services; each is stopped with the test, and its log read."""
    with ExitStack() as stack:

        def start(database_url: str = f"sqlite:///{tmp_path / 'voicebot.db'}", **choices: Any) -> Service:
            return stack.enter_context(served(tmp_path, database_url, **choices))

        yield start

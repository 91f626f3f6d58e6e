"""Whole calls: one model for all of them, one hotline for each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.calls.house import House
from tests.calls.log_reader import logged_to, refuse_told_secrets
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
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
def open_house(tmp_path: Path, recognisers: VoskRecognisers) -> Iterator[OpenHouse]:
    """Open hotlines; each is closed with the test, and its log read."""
    log = tmp_path / "house.log"
    with ExitStack() as stack:
        stack.enter_context(logged_to(log))

        def open_one(**choices: Any) -> House:
            given = {
                "folder": tmp_path,
                "database_url": f"sqlite:///{tmp_path / 'voicebot.db'}",
                "policy_dir": a_policy_dir(tmp_path / "policy"),
                "recognisers": recognisers,
            } | choices
            house = House(**given)
            stack.callback(house.close)
            stack.callback(refuse_told_secrets, log, house)
            return house

        yield open_one


@pytest.fixture
def house(open_house: OpenHouse) -> House:
    """A hotline on SQLite with the default policy."""
    return open_house()


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[StartService]:
    """Start services; each is stopped with the test, and its log read."""
    with ExitStack() as stack:

        def start(database_url: str = f"sqlite:///{tmp_path / 'voicebot.db'}", **choices: Any) -> Service:
            service = Service(tmp_path, database_url, **choices)
            stack.callback(service.close)
            stack.callback(refuse_told_secrets, service.log, service)
            return service

        yield start

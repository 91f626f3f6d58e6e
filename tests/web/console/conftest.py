"""The console on a fresh database: SQLite for most tests, both engines for what is stored (`console_on_both`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN, definitions
from tests.service.lines import Line
from tests.web.console.desk import ConsoleDesk
from voicebot.adapters.flow_files import FlowFiles
from voicebot.web.console.access_book import ACCESS_BOOK

__all__ = ["definitions"]


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """The SQLite database under `console`."""
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    yield engine
    engine.dispose()


@pytest.fixture
def console(engine: Engine, definitions: FlowFiles, tmp_path: Path) -> ConsoleDesk:
    """The console on SQLite, Wednesday at ten in New York."""
    return ConsoleDesk(Line(engine, definitions, WEDNESDAY_TEN), engine, tmp_path / "clips")


@pytest.fixture
def console_on_both(migrated_engine: Engine, definitions: FlowFiles, tmp_path: Path) -> Iterator[ConsoleDesk]:
    """The same console, once on each database, which is there until the last look at a case is written."""
    desk = ConsoleDesk(Line(migrated_engine, definitions, WEDNESDAY_TEN), migrated_engine, tmp_path / "clips")
    yield desk
    desk.app.extensions[ACCESS_BOOK].flush()

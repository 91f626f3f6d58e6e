"""A hotline on a fresh database: SQLite for most tests, both engines where rows race (`line_on_both`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.builders import at
from tests.databases import ReusedPostgres, copy_of
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import open_engine
from voicebot.service.call.stored_turn import CallAnswer

WEDNESDAY_TEN = at("Wednesday 18 November 2026 10:00:00")


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> FlowFiles:
    """The real flow and the default policy with phones, read once: nobody changes these files."""
    return FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path_factory.mktemp("policy")), look_every_s=3600.0)


@pytest.fixture
def line(migrated_file: Path, definitions: FlowFiles, tmp_path: Path) -> Iterator[Line]:
    """A hotline on SQLite, Wednesday at ten in New York."""
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    yield Line(engine, definitions, WEDNESDAY_TEN)
    engine.dispose()


@pytest.fixture
def line_on_both(migrated_engine: Engine, definitions: FlowFiles) -> Line:
    """The same hotline, once on each database."""
    return Line(migrated_engine, definitions, WEDNESDAY_TEN)


@pytest.fixture
def story(line: Line) -> CallAnswer:
    """The story is asked, with every recogniser taken: it is heard by `<Record>`."""
    line.recognisers.limit = 0
    return line.reach("ask_story")


@pytest.fixture
def line_on_postgres(reused_postgres: ReusedPostgres, definitions: FlowFiles) -> Iterator[Line]:
    """A hotline where two transactions write at once."""
    with reused_postgres.lent() as url:
        engine = open_engine(url)
        yield Line(engine, definitions, WEDNESDAY_TEN)
        engine.dispose()

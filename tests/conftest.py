"""What tests have in common: things with a lifetime, and the rule that CI skips nothing."""

import os
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from tests.databases import ReusedPostgres, copy_of, migrated_sqlite, on_lent, postgres_database, postgres_server
from tests.either_engine import leave_second_engine_to_ci
from tests.running_order import keep_together, put_in_order, spread
from tests.skips import refuse_skip
from tests.uncounted import leave_uncounted

PROJECT_DIR = Path(__file__).resolve().parent.parent
pytest_plugins = ("tests.garbage",)
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
"""No example fails for its time, because a busy machine is no fault of ours. `timeout` ends what hangs."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin what takes longest first: begun last, a single test would decide when a run ends."""
    put_in_order(items)
    if config.getoption("loadgroup", default=False):
        spread(items)
        keep_together(items, workers=int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))
    leave_second_engine_to_ci(items)
    leave_uncounted(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one with CI=true."""
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped test file into a failed one with CI=true."""
    return refuse_skip((yield))


@pytest.fixture(scope="session")
def speech_dir() -> Path:
    """Real people's speech, which stays outside the project."""
    folder = (PROJECT_DIR / os.environ.get("VOICEBOT_SPEECH_DIR", "../shared/speech")).resolve()
    if not (folder / "manifest.jsonl").is_file():
        pytest.skip("needs clips of real speech: name their folder in VOICEBOT_SPEECH_DIR")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server, named or started for this session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once for each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'voicebot.db'}"
        return
    with postgres_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    return migrated_sqlite(tmp_path_factory.mktemp("database") / "migrated.db")


@pytest.fixture(scope="session")
def reused_postgres(postgres: str) -> Iterator[ReusedPostgres]:
    """A migrated PostgreSQL database, lent to one test after another."""
    with closing(ReusedPostgres(postgres)) as databases:
        yield databases


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a migrated database, once for each kind."""
    if request.param == "sqlite":
        engine = copy_of(request.getfixturevalue("migrated_file"), tmp_path / "voicebot.db")
        yield engine
        engine.dispose()
        return
    with request.getfixturevalue("reused_postgres").lent() as url:
        engine = on_lent(url)
        yield engine
        engine.dispose()

"""`voicebot database` prepares an empty database and says where one stands."""

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect

from tests.adapters.store.samples import sample_of
from voicebot.adapters.store import newest, open_engine
from voicebot.cli.database import database


@pytest.fixture
def cli(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A command line whose database is empty."""
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", database_url)
    return CliRunner()


def test_empty_database_says_what_to_run(cli: CliRunner) -> None:
    said = cli.invoke(database, ["status"])
    assert said.exit_code == 1
    assert said.output == f"The database is empty, the newest is {newest()}: run voicebot database migrate.\n"


def test_migrate_prepares_our_tables_and_the_job_queues_and_may_be_repeated(cli: CliRunner, database_url: str) -> None:
    for _ in range(2):
        said = cli.invoke(database, ["migrate"])
        assert (said.exit_code, said.output) == (0, f"The database is at migration {newest()}.\n")
    assert cli.invoke(database, ["status"]).exit_code == 0
    engine = open_engine(database_url)
    schema = "dbos" if engine.dialect.name == "postgresql" else None
    assert "tickets" in inspect(engine).get_table_names()
    assert "workflow_status" in inspect(engine).get_table_names(schema)
    engine.dispose()


def test_upgrade_is_rehearsed_on_a_copy(cli: CliRunner, database_url: str) -> None:
    sample_of("0001", database_url).dispose()
    said = cli.invoke(database, ["migrate", "--rehearse"])
    assert said.exit_code == 0, said.output
    assert said.output.startswith(f"A copy went from migration 0001 to {newest()} with ")
    assert "Every table has as many rows as before." in said.output
    assert "at migration 0001" in cli.invoke(database, ["status"]).output

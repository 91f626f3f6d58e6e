"""Real webhooks to a real web process: all answered, every kind counted."""

from pathlib import Path

import pytest

from tests.installed_model import model_folder
from voicebot.adapters.job_queue import open_jobs
from voicebot.adapters.store import open_engine, open_store
from voicebot.cli.bench.webhook_run import KINDS, WARM_UP, Plan, fresh_database, run_webhooks
from voicebot.service.ports import CaseQuery

pytestmark = pytest.mark.heavy


def cases_in(url: str) -> int:
    engine = open_engine(url)
    with open_store(engine, open_jobs(engine))() as work:
        counted = work.cases.count(CaseQuery())
    engine.dispose()
    return counted


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def test_calls_and_texts_are_taken_from_different_numbers(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    model_folder()
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'hotline' / 'voicebot.db'}"
        check(Plan(rates=(10.0,), seconds=1.0, database_url=""), tmp_path, url)
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        check(Plan(rates=(10.0,), seconds=1.0, database_url=url), tmp_path, url)


def check(plan: Plan, tmp_path: Path, url: str) -> None:
    runs = list(run_webhooks(plan, tmp_path / "hotline"))
    assert [(run.kind, run.rate, run.answers.refused) for run in runs] == [(kind, 10.0, 0) for kind in KINDS]
    asked = len(runs[0].answers.seconds)
    assert asked > 0
    assert all(len(run.answers.seconds) == asked for run in runs)
    assert cases_in(url) == 2 * (asked + WARM_UP), "each caller and each writer has a case of their own"

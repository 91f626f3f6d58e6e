"""Jobs live and die with the transaction that wants them, and a killed worker's job is run again."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from typing import Self

import pytest
from sqlalchemy import Engine, text

from tests.databases import administer, postgres_database
from voicebot.adapters.job_queue import SLOW_AT_ONCE, JobRunner, RunJob, migrate_jobs, open_jobs
from voicebot.adapters.store import SqlUnitOfWork, migrate, open_engine, open_store
from voicebot.errors import Unavailable
from voicebot.service.job_names import SEND_SMS, TRANSCRIBE

PROJECT_DIR = Path(__file__).resolve().parents[2]
Maker = Callable[[], SqlUnitOfWork]


class WorkerProcess:
    """A worker of its own process; its output is read as far as a test waits for a line."""

    def __init__(self, database_url: str, *more: str) -> None:
        command = [sys.executable, "-m", "tests.adapters.worker_process", database_url, *more]
        self._process = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def wait_for(self, words: str) -> None:
        """Read output up to the line with these words (the test's time limit ends a wait in vain)."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.seen.append(line.strip())
            if words in line:
                return
        raise AssertionError(f"the worker ended without saying {words!r}")

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()

    def terminate(self) -> int:
        """SIGTERM; return the exit status."""
        self._process.terminate()
        assert self._process.stdout is not None
        self.seen += [line.strip() for line in self._process.stdout]
        return self._process.wait()


@contextmanager
def _prepared(database_url: str) -> Iterator[Engine]:
    """Give an engine on the database with our tables and the job queue's."""
    engine = open_engine(database_url)
    try:
        migrate(engine)
        migrate_jobs(database_url)
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of a prepared database."""
    with _prepared(database_url) as engine:
        yield engine


@pytest.fixture
def unit_of_work(engine: Engine) -> Maker:
    """Units of work that enqueue real jobs."""
    return open_store(engine, open_jobs(engine))


@contextmanager
def _running(engine: Engine, run_job: RunJob) -> Iterator[JobRunner]:
    """Run jobs in threads of this process; at the end wait for those at hand."""
    runner = JobRunner(engine, executor_id="test-1", run_job=run_job)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop(within_s=20)


def _enqueue(unit_of_work: Maker, job: str, subject_id: str) -> None:
    with unit_of_work() as work:
        work.jobs.enqueue(job, subject_id)
        work.commit()


@pytest.mark.requirement("S0-11")
def test_job_of_a_killed_worker_is_run_again_by_the_next(database_url: str, unit_of_work: Maker) -> None:
    _enqueue(unit_of_work, SEND_SMS, "sms-1")
    with WorkerProcess(database_url, "hang") as first:
        first.wait_for("began send_sms sms-1")
        first.kill()
    with WorkerProcess(database_url) as second:
        second.wait_for("ended send_sms sms-1")
        assert second.terminate() == 0
        assert "worker_stopped" in second.seen[-1]


def test_job_of_an_action_rolled_back_never_runs(engine: Engine, unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.jobs.enqueue(SEND_SMS, "rolled back")
    _enqueue(unit_of_work, SEND_SMS, "committed")
    ran: Queue[str] = Queue()
    with _running(engine, lambda _job, subject_id: ran.put(subject_id)):
        assert ran.get(timeout=30) == "committed"
    assert ran.empty()


def test_text_does_not_wait_behind_transcriptions(engine: Engine, unit_of_work: Maker) -> None:
    for number in range(SLOW_AT_ONCE + 1):
        _enqueue(unit_of_work, TRANSCRIBE, f"answer-{number}")
    is_sent, began = threading.Event(), Queue[str]()

    def run_job(job: str, subject_id: str) -> None:
        began.put(subject_id)
        if job == SEND_SMS:
            is_sent.set()
        assert is_sent.wait(30), "no transcription ends before the text is sent"

    with _running(engine, run_job):
        assert {began.get(timeout=30) for _ in range(SLOW_AT_ONCE)} <= {"answer-0", "answer-1", "answer-2"}
        _enqueue(unit_of_work, SEND_SMS, "sms-1")
        assert began.get(timeout=30) == "sms-1"
        assert began.get(timeout=30).startswith("answer-")


@contextmanager
def _away(server: str, engine: Engine) -> Iterator[None]:
    """Close the engine's database to everybody for a while."""
    name = engine.url.database
    administer(server, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    administer(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    yield
    administer(server, f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def test_worker_goes_on_when_the_database_comes_back(postgres: str) -> None:
    with (
        postgres_database(postgres) as database_url,
        _prepared(database_url) as engine,
        WorkerProcess(database_url) as worker,
    ):
        worker.wait_for("worker_started")
        with _away(postgres, engine):
            worker.wait_for("sweep_postponed")
        _enqueue(open_store(engine, open_jobs(engine)), SEND_SMS, "sms-1")
        worker.wait_for("ended send_sms sms-1")


def test_forgetting_finished_jobs_does_not_wait_for_a_database_that_is_away(postgres: str) -> None:
    with (
        postgres_database(postgres) as database_url,
        _prepared(database_url) as engine,
        _running(engine, lambda _job, _subject: None) as runner,
    ):
        with _away(postgres, engine), pytest.raises(Unavailable):
            runner.forget_finished(datetime.now(UTC))
        assert runner.forget_finished(datetime.now(UTC)) == 0


def test_finished_jobs_are_forgotten_whether_they_worked_or_failed(engine: Engine, unit_of_work: Maker) -> None:
    both_ran = threading.Barrier(3, timeout=30)

    def run_job(_job: str, subject_id: str) -> None:
        both_ran.wait()
        if subject_id == "fails":
            raise RuntimeError("+12025550143 said something")

    for subject_id in ("works", "fails"):
        _enqueue(unit_of_work, SEND_SMS, subject_id)
    runner = JobRunner(engine, executor_id="test-1", run_job=run_job)
    runner.start()
    both_ran.wait()
    runner.stop(within_s=20)
    runner.start()
    assert runner.forget_finished(datetime.now(UTC) - timedelta(days=1)) == 0
    assert runner.forget_finished(datetime.now(UTC) + timedelta(days=1)) == 2
    assert runner.forget_finished(datetime.now(UTC) + timedelta(days=1)) == 0
    runner.stop(within_s=0)


def test_what_is_stored_of_a_job_is_its_name_and_an_id(engine: Engine, unit_of_work: Maker) -> None:
    _enqueue(unit_of_work, SEND_SMS, "sms-1")
    schema = "dbos." if engine.dialect.name == "postgresql" else ""
    with engine.connect() as connection:
        stored = connection.execute(text(f"SELECT inputs FROM {schema}workflow_input")).scalars().all()
    assert [json.loads(inputs) for inputs in stored] == [{"positionalArgs": ["send_sms", "sms-1"], "namedArgs": {}}]


def test_job_tables_of_a_database_that_is_away_are_unavailable() -> None:
    with pytest.raises(Unavailable):
        migrate_jobs("postgresql://nobody@127.0.0.1:1/voicebot")


def test_runner_without_a_database_is_unavailable_and_can_start_later(engine: Engine) -> None:
    away = open_engine("postgresql://nobody@127.0.0.1:1/voicebot")
    with pytest.raises(Unavailable):
        JobRunner(away, executor_id="test-1", run_job=lambda _job, _subject: None).start()
    runner = JobRunner(engine, executor_id="test-1", run_job=lambda _job, _subject: None)
    runner.start()
    runner.stop(within_s=0)

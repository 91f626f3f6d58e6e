"""A row of the job tables that says it is pickled is never run as code: in no column, no state, no process of ours."""

import ast
import base64
import os
import pickle
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import dbos
import pytest
from sqlalchemy import Column, Engine, MetaData, Table, func, insert, select

from voicebot.adapters.job_queue import (
    APPLICATION_VERSION,
    QUICK_QUEUE,
    JobRunner,
    _open_client,
    migrate_jobs,
    open_jobs,
)
from voicebot.adapters.store import migrate, open_engine, open_store
from voicebot.service.job_names import SEND_SMS

WAITING = ("ENQUEUED", "DELAYED", "PENDING")
OVER = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
CARRIERS = frozenset({"inputs", "output", "error", "message", "value", "context", "request", "attributes"})
"""Columns of the job tables that hold a value of a program."""


class Intruder:
    """Leaves a mark wherever it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of a database with our tables, the job tables and one finished job."""
    engine = open_engine(database_url)
    migrate(engine)
    migrate_jobs(database_url)
    with open_store(engine, open_jobs(engine))() as work:
        work.jobs.enqueue(SEND_SMS, "honest")
        work.commit()
    yield engine
    engine.dispose()


def _tables(engine: Engine) -> dict[str, Table]:
    read = MetaData(schema="dbos" if engine.dialect.name == "postgresql" else None)
    read.reflect(engine)
    return {table.name: table for table in read.tables.values()}


def _plant(engine: Engine, pickled: str) -> list[str]:
    """Plant a pickle in every column of a row in each state, and in each other table that names a format."""
    tables = _tables(engine)
    jobs = tables["workflow_status"]
    with engine.begin() as connection:
        honest = connection.execute(select(jobs)).mappings().one()
        ids = [f"planted-{state}" for state in WAITING + OVER]
        for key, state in zip(ids, WAITING + OVER, strict=True):
            row = {**honest, "workflow_uuid": key, "status": state, "serialization": "py_pickle"}
            row |= {"inputs": pickled, "output": pickled, "error": pickled, "executor_id": "test-1"}
            row |= {"application_version": APPLICATION_VERSION}
            row |= {"completed_at": 1 if state in OVER else None, "queue_name": QUICK_QUEUE, "delay_until_epoch_ms": 0}
            connection.execute(insert(jobs).values(row))
            for name in ("workflow_input", "workflow_output"):
                connection.execute(insert(tables[name]).values(_row(tables[name], key, pickled)))
        for table in tables.values():
            if table is not jobs and "serialization" in table.c:
                connection.execute(insert(table).values(_row(table, ids[0], pickled)))
    return ids


def _row(table: Table, job: str, pickled: str) -> dict[str, Any]:
    return {column.name: _value(column, job, pickled) for column in table.c if column.name != "application_name"}


def _value(column: Column[Any], job: str, pickled: str) -> Any:
    if column.name in CARRIERS:
        return pickled
    if column.name == "serialization":
        return "py_pickle"
    if column.name in {"workflow_uuid", "destination_uuid"}:
        return job
    return {str: "planted", bool: False}.get(column.type.python_type, 0)


def _read_all(engine: Engine, ids: list[str]) -> None:
    """Ask the library's client, which the web process has, for everything that it can show."""
    client = _open_client(engine)
    for key in ids:
        for ask in (
            lambda key=key: client.retrieve_workflow(key).get_status(),
            lambda key=key: client.get_event(key, "planted", 0.1),
            lambda key=key: client.list_workflow_steps(key),
            lambda key=key: list(client.read_stream(key, "planted", polling_interval_sec=0.01)),
        ):
            with suppress(Exception):
                ask()
        if key.endswith(("SUCCESS", "ERROR")):
            with suppress(Exception):
                client.retrieve_workflow(key).get_result()
    client.list_workflows(load_input=True, load_output=True)
    client.list_queued_workflows()
    with suppress(Exception):
        client.list_schedules()


def test_planted_pickles_run_neither_in_the_worker_nor_in_the_web_process(engine: Engine, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    whole = {"args": (Intruder(mark), ""), "kwargs": {}}
    ids = _plant(engine, base64.b64encode(pickle.dumps(whole)).decode())
    ran: Queue[str] = Queue()
    runner = JobRunner(engine, executor_id="test-1", run_job=lambda _job, subject: ran.put(subject))
    runner.start()
    try:
        assert ran.get(timeout=30) == "honest"
        _wait_until_ended(engine)
        _read_all(engine, ids)
    finally:
        runner.stop(within_s=10)
    assert not mark.exists()
    assert ran.empty()


def _wait_until_ended(engine: Engine) -> None:
    """Wait until the worker has ended every planted job as failed (the test's time limit ends a wait in vain)."""
    jobs = _tables(engine)["workflow_status"]
    waiting = select(func.count()).where(jobs.c.status.in_(WAITING), jobs.c.workflow_uuid.like("planted-%"))
    while True:
        with engine.connect() as connection:
            if connection.execute(waiting).scalar_one() == 0:
                return
        Event().wait(0.05)


def test_why_a_planted_job_was_ended_is_written_as_text(engine: Engine, tmp_path: Path) -> None:
    _plant(engine, base64.b64encode(pickle.dumps({"args": (Intruder(tmp_path / "mark"),), "kwargs": {}})).decode())
    runner = JobRunner(engine, executor_id="test-1", run_job=lambda _job, _subject: None)
    runner.start()
    _wait_until_ended(engine)
    runner.stop(within_s=10)
    tables = _tables(engine)
    with engine.connect() as connection:
        stored = connection.execute(select(tables["workflow_status"])).mappings().all()
        apart = connection.execute(select(tables["workflow_output"])).mappings().all()
    errors = [row["error"] for row in (*stored, *apart) if row["workflow_uuid"] == "planted-ENQUEUED"]
    assert any("it says that it is pickled" in (error or "") for error in errors)


def test_the_library_has_no_other_way_to_a_pickle() -> None:
    """Read its source: one module imports pickle, and only the two methods that we replace use it."""
    users = set()
    for path in Path(dbos.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and _unpickles(node):
                users.add((path.name, node.name))
    assert users == {("_serialization.py", name) for name in ("DefaultSerializer", "serialize", "deserialize")}


def _unpickles(node: ast.AST) -> bool:
    names = {"pickle", "cloudpickle", "dill", "jsonpickle", "marshal", "shelve"}
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))

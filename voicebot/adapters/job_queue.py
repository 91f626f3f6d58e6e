"""Jobs on the database. They are enqueued in the transaction that wants them, run by the worker, run again after a
kill.

Built on dbos (libraries.md A, tried November 2026). What was learnt holds here. A job is delivered *at
least* once, so every job is idempotent. A killed worker's running job is taken up by the next worker with the
*same* `executor_id`, so the id is a stable name and never shared by two live processes. `APPLICATION_VERSION` is a
constant, else a new release would leave the old one's jobs. Arguments are ids in JSON, never anything personal. Queues
are registered after launch. A job that fails is not tried again here. Its row waits, and a sweep finds it.

Knows: dbos, an engine, job names' speed. Must not know: what a job does.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError

from voicebot.adapters.job_pickles import refuse_pickles
from voicebot.errors import Unavailable
from voicebot.service.failure_log import log_failure
from voicebot.service.job_names import DELETE_RECORDING, FETCH_RECORDING, TRANSCRIBE

APPLICATION = "voicebot"
APPLICATION_VERSION = "1"
"""Raised by hand, and only when waiting jobs of the old form could not be run by the new code."""

RUN_JOB = "run_job"
QUICK_QUEUE = "voicebot-quick"
SLOW_QUEUE = "voicebot-slow"
"""Two queues, so that a text never waits behind a transcription."""
SLOW_JOBS = frozenset({TRANSCRIBE, FETCH_RECORDING, DELETE_RECORDING})
QUICK_AT_ONCE = 8
SLOW_AT_ONCE = 2
QUICK_POLL_S = 0.25
SLOW_POLL_S = 1.0
DELETED_AT_ONCE = 500

RunJob = Callable[[str, str], None]
"""Runs one job, given its name and the id of its subject."""

log = structlog.get_logger(__name__)

refuse_pickles()  # with the import: whoever opens the job tables has come through here


def migrate_jobs(database_url: str) -> None:
    """Make or update the job library's own tables in our database. Raises: Unavailable when it is away."""
    try:
        DBOS.migrate(_plain(make_url(database_url)).render_as_string(hide_password=False))
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("cannot migrate the job tables: the database is away, locked or full") from problem


def _plain(url: URL) -> URL:
    return url.set(drivername=url.get_backend_name())


class DatabaseJobs:
    """Fulfils `service.ports.Jobs` on the connection of one unit of work."""

    def __init__(self, client: DBOSClient, connection: Connection) -> None:
        self._client = client
        self._connection = connection

    def enqueue(self, job: str, subject_id: str) -> None:
        """Write the job in the transaction that is under way, so that it exists when that is committed."""
        queue = SLOW_QUEUE if job in SLOW_JOBS else QUICK_QUEUE
        self._client.enqueue_in_transaction(
            self._connection, {"queue_name": queue, "workflow_name": RUN_JOB}, job, subject_id
        )


def open_jobs(engine: Engine) -> Callable[[Connection], DatabaseJobs]:
    """Return a maker of the job port on a connection of this engine, which connects to nothing yet."""
    client = _open_client(engine)
    return lambda connection: DatabaseJobs(client, connection)


def _open_client(engine: Engine) -> DBOSClient:
    """Open a client that says at once when the database is away, since the library's own would block until it is
    back.
    """
    return DBOSClient(
        system_database_engine=engine,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


class JobRunner:
    """Takes jobs from the queues and runs them in threads.

    There is one per process, and one live process per `executor_id`.
    """

    def __init__(self, engine: Engine, *, executor_id: str, run_job: RunJob) -> None:
        self._engine = engine
        self._client = _open_client(engine)
        self._executor_id = executor_id
        self._run_job = run_job

    def start(self) -> None:
        """Launch, take up what a killed predecessor of the same id left, and listen to the queues.

        Raises: Unavailable when the database is away.
        """
        DBOS(config=self._config())
        DBOS.workflow(name=RUN_JOB)(_as_workflow(self._run_job))
        try:
            DBOS.launch()
            DBOS.register_queue(QUICK_QUEUE, worker_concurrency=QUICK_AT_ONCE, polling_interval_sec=QUICK_POLL_S)
            DBOS.register_queue(SLOW_QUEUE, worker_concurrency=SLOW_AT_ONCE, polling_interval_sec=SLOW_POLL_S)
        except (OperationalError, InterfaceError) as problem:
            DBOS.destroy(destroy_registry=True)
            raise Unavailable("cannot start the job queue: the database is away, locked or full") from problem

    def stop(self, within_s: int) -> None:
        """Take no further job, and wait at most so many seconds for those at hand."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=within_s)

    def forget_finished(self, before: datetime) -> int:
        """Delete what is left of jobs finished before the instant, and return how many. Raises: Unavailable."""
        try:
            return self._forget_finished(before)
        except (OperationalError, InterfaceError) as problem:
            raise Unavailable("cannot delete finished jobs: the database is away, locked or full") from problem

    def _forget_finished(self, before: datetime) -> int:
        finished = self._client.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_before=before.isoformat(),
            limit=DELETED_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        self._client.delete_workflows([job.workflow_id for job in finished])
        return len(finished)

    def _config(self) -> DBOSConfig:
        return {
            "name": APPLICATION,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._executor_id,
            "system_database_engine": self._engine,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
        }


def _as_workflow(run_job: RunJob) -> Callable[[str, str], str]:
    def run(job: str, subject_id: str) -> str:
        """Run one job, but what goes wrong is logged by kind only, since messages of strangers may name people."""
        # Threads of the pool are used again: no job may be logged under the case of the one before.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(job=job)
        try:
            run_job(job, subject_id)
        except Exception as problem:  # noqa: BLE001 - a failed job is found by its sweep, the worker goes on
            log_failure(log.warning, "job_failed", problem, job=job, subject=subject_id)
            return "failed"
        return "done"

    return run

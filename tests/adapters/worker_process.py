"""A worker in a process of its own, for tests that kill it: `python -m tests.adapters.worker_process URL [hang]`.

It says on standard output what its jobs do; told to hang, a job never ends. Its sweep only reads.
"""

import signal
import sys
import threading

from voicebot.adapters.job_queue import JobRunner, open_jobs
from voicebot.adapters.store import open_engine, open_store
from voicebot.adapters.system_clock import SystemClock
from voicebot.worker import work


def main(database_url: str, *, is_hanging: bool) -> None:
    """Work until SIGTERM."""
    engine = open_engine(database_url)
    unit_of_work = open_store(engine, open_jobs(engine))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def run_job(job: str, subject_id: str) -> None:
        print(f"began {job} {subject_id}", flush=True)
        if is_hanging:
            threading.Event().wait()
        print(f"ended {job} {subject_id}", flush=True)

    def sweep() -> int:
        with unit_of_work() as work:
            return len(work.tickets.all())

    runner = JobRunner(engine, executor_id="test-1", run_job=run_job)
    work(runner, sweep, clock=SystemClock(), stop=stop, poll_s=0.1)


if __name__ == "__main__":
    main(sys.argv[1], is_hanging="hang" in sys.argv[2:])

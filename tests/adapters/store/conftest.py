"""A migrated database for the store's tests, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from voicebot.adapters.store import SqlUnitOfWork, open_store


class NoJobs:
    """Takes jobs and forgets them: these tests are about rows."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def enqueue(self, job: str, subject_id: str) -> None:
        """Do nothing."""


@pytest.fixture
def engine(migrated_engine: Engine) -> Engine:
    """An engine on a migrated database."""
    return migrated_engine


@pytest.fixture
def unit_of_work(engine: Engine) -> Callable[[], SqlUnitOfWork]:
    """The maker of units of work."""
    return open_store(engine, NoJobs)


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run one action in so many threads at once and return what each returned; an error in one is raised."""

    def run(action: Callable[[int], Any], times: int = 8) -> list[Any]:
        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(action, range(times)))

    return run

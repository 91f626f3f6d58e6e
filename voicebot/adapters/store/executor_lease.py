"""One live worker for each executor id, whatever machine it runs on. It has a lease that is renewed while the worker
lives.

A second worker under the same id would take up the running jobs of the first as a dead one's. No clock is compared. The
holder counts up a number, and whoever wants the lease watches by its own elapsed time whether that number still moves.
If it moves, the second one is refused. If it stands still for `LEASE_S` while the database answers, the holder is gone,
and its lease is taken over. A crash on the same data folder locks nobody out at all, since that folder's turn (a file
lock, adapters/process_handover.py) is free only when the holder is dead. A worker that was halted for longer than
`LEASE_S` learns at its next renewal that another one has its lease, and ends.

Knows: the table executor_lease. Must not know: what a worker does.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import structlog
from sqlalchemy import ColumnElement, Delete, Engine, Update, delete, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from voicebot.adapters.store.engine import begin_at_once
from voicebot.adapters.store.rows import insert_once
from voicebot.adapters.store.tables.folders import executor_leases
from voicebot.errors import SettingFault, Unavailable

RENEWED_EVERY_S = 3.0
LEASE_S = 20.0
"""Without a renewal for so long a lease is free, which is several renewals, and less than anybody waits for a text."""
LOOK_AGAIN_S = 1.0

log = structlog.get_logger(__name__)


class Stop(Protocol):
    """A `threading.Event` as far as it is used."""

    def wait(self, timeout: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Held:
    holder: str
    folder_id: str
    beat: int


class ExecutorLease:
    """The lease of one executor id, wanted or held by this process."""

    def __init__(
        self, engine: Engine, executor_id: str, *, folder_id: str, elapsed_s: Callable[[], float] = monotonic
    ) -> None:
        self._engine = engine
        self._executor_id = executor_id
        self._folder_id = folder_id
        self._elapsed_s = elapsed_s
        self._own = secrets.token_hex(16)
        self._seen: _Held | None = None
        self._seen_at_s = 0.0

    def take(self, stop: Stop) -> bool:
        """Take the lease, waiting for one whose holder may be dead, and return False when told to stop meanwhile.

        Raises: SettingFault when a live worker on another machine holds it.
        """
        while not self._try_to_take():
            if stop.wait(LOOK_AGAIN_S):
                return False
        return True

    def _try_to_take(self) -> bool:
        try:
            found = self._found()
            if found is None or found.folder_id == self._folder_id:
                return self._take_from(found)
            return self._is_left(found) and self._take_from(found)
        except Unavailable as problem:
            self._seen = None  # the holder could not renew either
            log.warning("cannot_start_yet", problem=str(problem))
            return False

    def _is_left(self, found: _Held) -> bool:
        """Tell whether another folder's holder has not shown itself for `LEASE_S`. Raises: SettingFault when it has."""
        if self._seen is None:
            self._seen, self._seen_at_s = found, self._elapsed_s()
            log.warning("executor_lease_held", executor=self._executor_id, folder=found.folder_id)
        if found != self._seen:
            raise self._refusal(found)
        return self._elapsed_s() - self._seen_at_s >= LEASE_S

    def renew(self) -> bool:
        """Show that the holder lives, and return False when another worker has the lease. Raises: Unavailable."""
        table = executor_leases
        return self._write(update(table).where(*self._mine()).values(beat=table.c.beat + 1))

    def release(self) -> None:
        """Give the lease back, if it is ours, but a database that is away keeps it until it runs out."""
        try:
            self._write(delete(executor_leases).where(*self._mine()))
        except Unavailable:
            log.warning("executor_lease_not_released", executor=self._executor_id)

    def _found(self) -> _Held | None:
        table = executor_leases
        wanted = select(table.c.holder, table.c.folder_id, table.c.beat)
        try:
            with self._engine.connect() as connection:
                row = connection.execute(wanted.where(table.c.executor_id == self._executor_id)).first()
        except (OperationalError, InterfaceError) as problem:
            raise _away() from problem
        return None if row is None else _Held(row.holder, row.folder_id, row.beat)

    def _take_from(self, found: _Held | None) -> bool:
        """Write ourselves in, unless somebody else was quicker or the holder has just shown itself."""
        table = executor_leases
        row = {"holder": self._own, "folder_id": self._folder_id, "beat": 0}
        if found is None:
            return self._insert({"executor_id": self._executor_id, **row})
        is_unchanged = (table.c.holder == found.holder, table.c.beat == found.beat)
        return self._write(update(table).where(table.c.executor_id == self._executor_id, *is_unchanged).values(**row))

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return executor_leases.c.executor_id == self._executor_id, executor_leases.c.holder == self._own

    def _insert(self, row: dict[str, object]) -> bool:
        try:
            with self._engine.connect() as connection, begin_at_once(connection):
                return insert_once(connection, executor_leases, row)
        except (OperationalError, InterfaceError) as problem:
            raise _away() from problem

    def _write(self, statement: Update | Delete) -> bool:
        try:
            with self._engine.connect() as connection, begin_at_once(connection):
                return connection.execute(statement).rowcount == 1
        except (OperationalError, InterfaceError) as problem:
            raise _away() from problem

    def _refusal(self, found: _Held) -> SettingFault:
        return SettingFault(
            f"starting the worker: another machine runs a live worker under the name {self._executor_id!r} (data "
            f"folder {found.folder_id}); give each machine's worker a name of its own in VOICEBOT_EXECUTOR_ID",
            code="executor-in-use",
        )


def _away() -> Unavailable:
    return Unavailable("the database did not answer: it is away, locked or full")

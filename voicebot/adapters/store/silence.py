"""Gives up a PostgreSQL server that says nothing more though its connections stand, such as one whose processes are
stopped.

The server's own limits (`statement_timeout`, `lock_timeout`) need a server that runs, and the network's
(`tcp_user_timeout`) one whose machine takes nothing. What was asked may still be done over there, later.
Source: psycopg 3, "Connection.wait" and what it waits for (read and tried November 2026).
Knows: SQLAlchemy engines, psycopg's connection. Must not know: who asks, tables.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.errors import ConnectionTimeout
from sqlalchemy import Engine, event

QUIET_S = 1.0
"""For so long after a silence nobody waits for a connection again, because one question waits once, not for each try at
it.
"""

Answer = TypeVar("Answer")


class _Silence(OperationalError):
    """Nothing was heard."""


class _Patience:
    """How long an engine waits, and since when it need not."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._quiet_until = float("-inf")

    def end(self) -> None:
        """Note that nothing was heard."""
        self._quiet_until = monotonic() + QUIET_S

    def check(self) -> None:
        """Raises: OperationalError when nothing was heard a moment ago."""
        if monotonic() < self._quiet_until:
            raise _Silence("the server said nothing a moment ago")


class _Impatient(Connection[Any]):
    """A connection that is closed when an answer takes too long."""

    patience = _Patience(float("inf"))

    def wait(self, gen: PQGen[Answer], *details: Any, **named: Any) -> Answer:
        """Wait for an answer. Raises: OperationalError when it does not come in time."""
        try:
            return super().wait(_until(gen, monotonic() + self.patience.seconds), *details, **named)
        except _Silence:
            self.patience.end()
            self.close()
            raise


def give_up_silence(engine: Engine, *, after_s: float) -> None:
    """Let each connection of a PostgreSQL engine wait at most so many seconds for each answer."""
    event.listen(engine, "do_connect", _connector(_Patience(after_s)))


def _connector(patience: _Patience) -> Callable[..., Connection[Any]]:
    def connect(_dialect: object, _record: object, arguments: Any, options: Any) -> Connection[Any]:
        patience.check()
        try:
            connection = _Impatient.connect(*arguments, **options)
        except ConnectionTimeout:
            patience.end()
            raise
        connection.patience = patience
        return connection

    return connect


def _until(gen: PQGen[Answer], until: float) -> PQGen[Answer]:
    """Pass on what the driver waits for, which comes by every tenth of a second at the least, heard something or
    not.
    """
    ready: Any = None
    while True:
        try:
            wanted = gen.send(ready)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        ready = yield wanted
        if not ready and monotonic() > until:
            raise _Silence("the server says nothing")

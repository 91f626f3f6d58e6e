"""A transaction in which something happens elsewhere, in one of its own, before a caller's number is held."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from tests.service.lines import Line
from voicebot.domain.ticket import Ticket
from voicebot.service.ports import UnitOfWork


class Meanwhile(AbstractContextManager[UnitOfWork]):
    """The real transaction of a hotline on PostgreSQL; SQLite lets nobody else write."""

    def __init__(self, line: Line, happens: Callable[[], None]) -> None:
        self._opened, self._happens = line.work(), happens

    def __enter__(self) -> UnitOfWork:
        """Open it."""
        work = self._opened.__enter__()
        hold = work.tickets.open_of

        def open_of(sender: str, limit: int) -> Sequence[Ticket]:
            self._happens()
            return hold(sender, limit)

        work.tickets.open_of = open_of  # type: ignore[method-assign]
        return work

    def __exit__(self, *problem: Any) -> None:
        """Close it."""
        self._opened.__exit__(*problem)

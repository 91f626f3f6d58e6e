"""Transactions in which something happens elsewhere before a caller's number, or before or after a call, is held."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

from tests.service.lines import Line
from voicebot.domain.call import Call
from voicebot.domain.ticket import Ticket
from voicebot.service.ports import Calls, UnitOfWork


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


def nothing() -> None:
    """Let nothing happen."""


class _Calls:
    """The calls of a transaction, with what happens before and after one is held."""

    def __init__(self, calls: Calls, before: Callable[[], None], after: Callable[[], None]) -> None:
        self._calls, self._before, self._after = calls, before, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calls, name)

    def lock(self, call_id: str) -> Call | None:
        """Hold a call."""
        self._before()
        call = self._calls.lock(call_id)
        self._after()
        return call


@contextmanager
def at_calls(
    line: Line, *, before: Callable[[], None] = nothing, after: Callable[[], None] = nothing
) -> Iterator[UnitOfWork]:
    """The real transaction of a hotline, in which something happens whenever a call is held."""
    with line.work() as work:
        work.calls = cast("Calls", _Calls(work.calls, before, after))
        yield work


class _Before:
    """A repository of a transaction, before one question to which something happens elsewhere."""

    def __init__(self, repository: object, question: str, happens: Callable[[], object]) -> None:
        self._repository, self._question, self._happens = repository, question, happens

    def __getattr__(self, name: str) -> Any:
        if name == self._question:
            self._happens()
        return getattr(self._repository, name)


@contextmanager
def before_asking(line: Line, repository: str, question: str, *, happens: Callable[[], object]) -> Iterator[UnitOfWork]:
    """The real transaction of a hotline on PostgreSQL, in which something happens elsewhere before a question."""
    with line.work() as work:
        setattr(work, repository, _Before(getattr(work, repository), question, happens))
        yield work

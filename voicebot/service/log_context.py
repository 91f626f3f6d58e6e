"""Which call and which case a use case's log lines are about, so that all of them can be found by either.

A line carries `call` (our id, as in addresses) and `case` (as staff write it, like 482-719-300). The case number is no
secret, because it opens nothing without its PIN, and it is what `voicebot calls show` asks for. Threads inherit no
names. Whoever begins one for a call names it anew. The log itself masks telephone numbers (adapters/log.py).
Knows: structlog's context. Must not know: who logs what.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from voicebot.domain.case_number import written
from voicebot.domain.ticket import Ticket


def name_call(call_id: str) -> None:
    """Name the call in every line of this thread from now on."""
    structlog.contextvars.bind_contextvars(call=call_id)


def name_case(ticket: Ticket) -> None:
    """Name the case in every line of this thread from now on."""
    structlog.contextvars.bind_contextvars(case=written(ticket.case_number))


@contextmanager
def named(**names: str) -> Iterator[None]:
    """Begin with these names alone, for one item of many. Afterwards the names before are back."""
    before = structlog.contextvars.get_contextvars()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**names)
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(**before)

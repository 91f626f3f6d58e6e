"""Whatever goes wrong becomes something a caller can hear, because inside a call there is never a 500.

The order is this. First the answer itself, then the flow's apology in the call's language, stored as a turn, so that
the case says what happened, then fixed words with a recording, which need nothing of ours but this process. An answer
that does not come counts as failed too, because a database that hangs must not outlast the carrier's patience
(time_limits.py). It is left to its thread, and should it be done later, it is done once. A log line names the error's
kind and place, never its message, because only our own errors promise to hold no number and no caller's words.
Knows: that order. Must not know: which answers there are.
"""

import contextvars
import threading
import traceback
from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

import structlog
from flask import request

from voicebot.errors import Unavailable
from voicebot.service.failure_log import code_of, kind_of, log_failure
from voicebot.web.counters import CALL_FAULTS
from voicebot.web.resilience.time_limits import ANSWER_PATIENCE_S

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


def first_that_works(
    *attempts: Callable[[], str],
    within_s: float = ANSWER_PATIENCE_S,
    tell: Callable[[Exception], None] = lambda _error: None,
) -> str:
    """Return the first attempt's answer that can be had within so many seconds for all of them.

    The last attempt must not be able to fail, nor to take long. `tell` hears of each failure, and must not wait.
    """
    until = monotonic() + within_s
    for attempt in attempts[:-1]:
        try:
            return in_time(attempt, until - monotonic())
        except Exception as error:  # noqa: BLE001  whatever it is, a caller is waiting for an answer
            CALL_FAULTS.labels(route_name()).inc()
            log_fault(error)
            tell(error)
    return attempts[-1]()


def in_time(attempt: Callable[[], Answer], patience_s: float) -> Answer:
    """Run the attempt in a thread that may be left behind. Raises: Unavailable, and what the attempt raises."""
    if patience_s <= 0:
        raise _hangs()
    ended: SimpleQueue[tuple[Answer] | Exception] = SimpleQueue()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            ended.put((context.run(attempt),))
        except Exception as error:  # noqa: BLE001  raised again where somebody waits for it
            ended.put(error)

    threading.Thread(target=run, name="answer", daemon=True).start()
    try:
        outcome = ended.get(timeout=patience_s)
    except Empty:
        raise _hangs() from None
    take_over_log_names(context)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome[0]


def _hangs() -> Unavailable:
    return Unavailable("answering the carrier: what is needed hangs; is the database there?")


def take_over_log_names(context: contextvars.Context) -> None:
    """Let the request's own log line name the call that the attempt has found."""
    for variable, value in context.items():
        if variable.name.startswith("structlog_"):
            variable.set(value)


def log_fault(error: BaseException) -> None:
    """Log what failed and where in the code, without the message of errors that are not ours."""
    log_failure(log.error, "fault", error, place=" > ".join(_places(error)[-6:]), route=route_name())


def fault_words(error: BaseException) -> str:
    """Return kind, code and place of a fault in a few words, for the life of its call."""
    code = f" ({code_of(error)})" if code_of(error) else ""
    return " ".join([f"{kind_of(error)}{code}", *(f"at {place}" for place in _places(error)[-1:])])


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/voicebot/')[2]}:{frame.lineno}" for frame in frames]


def route_name() -> str:
    """Return the rule of the present request (its path may hold a token), or empty text outside a request."""
    return request.url_rule.rule if request and request.url_rule else ""

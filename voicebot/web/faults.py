"""Whatever goes wrong becomes something a caller can hear: inside a call there is never a 500.

The order is: the answer itself; the flow's apology in the call's language, stored as a turn, so that the case says
what happened; fixed words with a recording, which need nothing of ours but this process. A log line names the
error's kind and place, never its message: only our own errors promise to hold no number and no caller's words.
Knows: that order. Must not know: which answers there are.
"""

import traceback
from collections import OrderedDict
from collections.abc import Callable

import structlog
from flask import request

from voicebot.errors import VoicebotError
from voicebot.web.counters import CALL_FAULTS

REMEMBERED_CALLS = 1_000

log = structlog.get_logger(__name__)


def first_that_works(*attempts: Callable[[], str]) -> str:
    """Return the first attempt's answer that can be had; the last attempt must not be able to fail."""
    for attempt in attempts[:-1]:
        try:
            return attempt()
        except Exception as error:  # noqa: BLE001  whatever it is, a caller is waiting for an answer
            CALL_FAULTS.labels(route_name()).inc()
            log_fault(error)
    return attempts[-1]()


class FaultMemory:
    """Tells a second fault at the same address of a call from a first one.

    In memory: after a restart a call is resumed once more than it would have been, which does no harm.
    """

    def __init__(self, *, calls: int = REMEMBERED_CALLS) -> None:
        self._calls = calls
        self._seen: OrderedDict[str, set[str]] = OrderedDict()

    def is_second(self, carrier_call_id: str, url: str) -> bool:
        """Remember the fault; True when this call had one at this address before."""
        seen = self._seen.setdefault(carrier_call_id, set())
        is_second = url in seen
        seen.add(url)
        while len(self._seen) > self._calls:
            self._seen.popitem(last=False)
        return is_second


def log_fault(error: BaseException) -> None:
    """Log what failed and where in the code, without the message of errors that are not ours."""
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"{frame.filename.rpartition('/voicebot/')[2]}:{frame.lineno}" for frame in frames[-6:]]
    is_ours = isinstance(error, VoicebotError)
    log.error(
        "fault",
        kind=type(error).__name__,
        code=error.code if isinstance(error, VoicebotError) else "",
        message=str(error) if is_ours else "",
        place=" > ".join(place),
        route=route_name(),
    )


def route_name() -> str:
    """Return the rule of the present request (its path may hold a token); empty outside a request."""
    return request.url_rule.rule if request and request.url_rule else ""

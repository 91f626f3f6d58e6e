"""Reports of the carrier that could not be written down. They are kept in memory and tried again until they are.

The carrier reports once, for instance that a call is over, that a recording is there, that a text arrived. With the
database away for half a minute such a report would be lost, and a caller whom only the fixed words answered would have
no case until the carrier's books are read again (service/upkeep/reconcile.py), which also finds what dies with this
process.
Knows: reports that may be written twice. Must not know: what they are.
"""

import threading
from collections import deque
from collections.abc import Callable

import structlog
from flask import Response

from voicebot.errors import Unavailable
from voicebot.web.resilience.faults import in_time, log_fault
from voicebot.web.resilience.time_limits import ANSWER_PATIENCE_S

MOST_OWED = 5_000
AGAIN_S = 2.0
REPORT_RETRY = "voicebot.owed"
"""Where the application keeps its `ReportRetryQueue`."""

log = structlog.get_logger(__name__)

Report = Callable[[], object]


class ReportRetryQueue:
    """Does what a report asks for, now or as soon as it can be done."""

    def __init__(self, *, again_s: float = AGAIN_S, most: int = MOST_OWED, within_s: float = ANSWER_PATIENCE_S) -> None:
        self._again_s = again_s
        self._within_s = within_s
        self._most = most
        self._lock = threading.Lock()
        self._owed: deque[Report] = deque()
        self._thread: threading.Thread | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything that was reported is written down."""
        return not self._owed

    def take(self, report: Report) -> Response:
        """Do it and answer 204, or, while something it needs is away or hangs, keep it and answer 503.

        The carrier logs that, tries once more, and asks the fallback where there is one.
        """
        try:
            in_time(report, self._within_s)
        except Unavailable as problem:
            log_fault(problem)
            self._keep(report)
            return Response(status=503)
        return Response(status=204)

    def _keep(self, report: Report) -> None:
        with self._lock:
            if len(self._owed) >= self._most:
                log.error("report_dropped", owed=len(self._owed))
                return
            self._owed.append(report)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work_off, name="owed", daemon=True)
                self._thread.start()

    def _work_off(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(self._again_s)
            for _ in range(len(self._owed)):
                if self._is_done(self._owed[0]):
                    self._owed.popleft()
                else:  # one may wait for what another will write
                    self._owed.rotate(-1)
            with self._lock:
                if not self._owed:
                    self._thread = None
                    return

    @staticmethod
    def _is_done(report: Report) -> bool:
        try:
            report()
        except Unavailable:
            return False
        except Exception as error:  # noqa: BLE001  one report that makes no sense must not hold up the others
            log_fault(error)
        return True

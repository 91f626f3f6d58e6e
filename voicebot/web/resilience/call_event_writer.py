"""What the web process saw of calls, written beside them, so that whoever notes something waits for nothing and never
fails.

A fault is often noted just when the database is away, so one thread writes, tries again for a while, and a full book
loses the newest page and counts it. What a turn itself does is written in the turn's transaction, not here.
Knows: a queue, a thread, the port for events. Must not know: what happened.
"""

import atexit
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import structlog

from voicebot.domain.call_event import Part
from voicebot.errors import Unavailable
from voicebot.service.failure_log import log_failure
from voicebot.service.history import mark_call
from voicebot.service.hotline import Hotline
from voicebot.web.counters import EVENTS_LOST

CALL_EVENT_WRITER = "voicebot.events"
"""Where the application keeps its `CallEventWriter`."""
MOST_WAITING = 1_000
AT_ONCE = 50
TRIES = 30
PAUSE_S = 1.0
"""Between two tries, which together outlast a database that is away for half a minute."""
LAST_CHANCE_S = 1.0
"""At the end of the process, for what was noted last."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something seen of a call, before its case is looked up."""

    call_id: str
    at: datetime
    part: Part
    what: str
    detail: str


class CallEventWriter:
    """Notes events of calls and writes them in a thread of its own."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._remarks: queue.Queue[Remark] = queue.Queue(maxsize=MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._end = threading.Event()

    def note(self, call_id: str, what: str, *, detail: str = "", part: Part = Part.WEB) -> None:
        """Note an event of a call. It waits for nothing, and never raises."""
        remark = Remark(call_id=call_id, at=self._hotline.clock.now(), part=part, what=what, detail=detail)
        try:
            self._remarks.put_nowait(remark)
        except queue.Full:
            EVENTS_LOST.inc()
            return
        self._see_to_thread()

    def flush(self, within_s: float = LAST_CHANCE_S) -> bool:
        """Wait until everything noted is written, and return False when it took too long."""
        until = monotonic() + within_s
        with self._remarks.all_tasks_done:
            while self._remarks.unfinished_tasks and monotonic() < until:
                self._remarks.all_tasks_done.wait(until - monotonic())
            return not self._remarks.unfinished_tasks

    def close(self) -> None:
        """Give what was noted last its chance, but nothing is tried again any more."""
        self.flush()
        self._end.set()

    def _see_to_thread(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="event-book", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def _write_all(self) -> None:
        while True:
            remarks = [self._remarks.get()]
            while len(remarks) < AT_ONCE and not self._remarks.empty():
                remarks.append(self._remarks.get())
            self._write_or_lose(remarks)
            for _ in remarks:
                self._remarks.task_done()

    def _write_or_lose(self, remarks: Sequence[Remark]) -> None:
        for _ in range(TRIES):
            try:
                self._write(remarks)
                return
            except Unavailable:
                if self._end.wait(PAUSE_S):
                    break
            except Exception as problem:  # noqa: BLE001  a remark that cannot be written must not end the book
                log_failure(log.warning, "events_not_written", problem)
                break
        EVENTS_LOST.inc(len(remarks))

    def _write(self, remarks: Sequence[Remark]) -> None:
        with self._hotline.unit_of_work() as work:
            for remark in remarks:
                call = work.calls.get(remark.call_id)
                if call is not None:
                    mark_call(work, call, remark.at, what=remark.what, part=remark.part, detail=remark.detail)
            work.commit()

"""Gunicorn's worker for telephone calls: told to end, it keeps answering until nobody depends on it.

Gunicorn's own stops accepting at once, and so a call that ends well fetches its last `<Hangup/>` from nobody, and its
open listening socket swallows what is meant for the next process. This one accepts on until the next web process of
this port is ready, or no call that it has answered still lasts, or the grace time is over; then it closes its
listener and lets running streams finish, as gunicorn does.
Source: gunicorn 27, workers/gthread.py (`run`, `handle_exit`).
Knows: gunicorn's worker, who is the newest, live calls. Must not know: routes.
"""

import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from gunicorn.workers.gthread import ThreadWorker

from voicebot.adapters.succession import Newest
from voicebot.config import read_settings
from voicebot.web.health import EXTENSION as HEALTH
from voicebot.web.live_calls import LIVE_CALLS, LiveCalls
from voicebot.web.owed import OWED, OwedReports

LOOK_S = 0.5

log = structlog.get_logger(__name__)


class DrainingWorker(ThreadWorker):  # type: ignore[misc] # the package is untyped
    """One process that answers calls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = read_settings()
        self._grace_s = settings.grace_s
        self._newest = Newest(settings.data_dir, f"web-{settings.port}")
        self._is_ending = False

    def run(self) -> None:
        """Say that it is ready, then answer."""
        self.wsgi.extensions[HEALTH].watch_ending(lambda: self._is_ending)
        self._newest.claim()
        super().run()

    def handle_exit(self, sig: int, frame: object) -> None:
        """Begin to end; a second signal ends it as gunicorn would."""
        if self._is_ending:
            super().handle_exit(sig, frame)
            return
        self._is_ending = True
        threading.Thread(target=self._leave_when_free, name="draining", daemon=True).start()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept or not; for good, when ending: a listener kept open would hold callers that nobody answers."""
        super().set_accept_enabled(enabled)
        if not enabled and (not self.alive or self.ppid != os.getppid()):
            for listener in self.sockets:
                listener.close()

    def _leave_when_free(self) -> None:
        calls: LiveCalls = self.wsgi.extensions[LIVE_CALLS]
        owed: OwedReports = self.wsgi.extensions[OWED]
        wait_until_free(
            is_overtaken=lambda: owed.is_empty and self._newest.is_overtaken(),
            is_quiet=lambda: owed.is_empty and calls.is_quiet(),
            grace_s=self._grace_s,
        )
        self.alive = False
        self.method_queue.defer(lambda: None)  # wakes the loop


def wait_until_free(
    *, is_overtaken: Callable[[], bool], is_quiet: Callable[[], bool], grace_s: float, look_s: float = LOOK_S
) -> None:
    """Wait until another process answers, nobody depends on this one, or the grace time is over."""
    until, pause = monotonic() + grace_s, threading.Event()
    while not (is_overtaken() or is_quiet()):
        if monotonic() >= until:
            log.warning("grace time is over with calls up; they are taken up by the next process")
            return
        pause.wait(look_s)

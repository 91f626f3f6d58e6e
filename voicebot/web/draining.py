"""Gunicorn's worker for telephone calls. No slow peer holds a thread, and told to end it answers until nobody
needs it.

Gunicorn's own reads and writes in the threads that answer, so that a stranger who sends a byte every ten seconds takes
one for good. Here one thread reads all requests whole (transport/connections.py), sorts them (transport/budgets.py) and
hands them to a pool of their own, while gunicorn's parser and its WSGI part then work on bytes that are all there.
Gunicorn's own also stops accepting at once when it is told to end, and so a call that ends well fetches its last
`<Hangup/>` from nobody, and its open listening socket swallows what is meant for the next process. This one accepts on
until the next web process of this port is ready, or no call that it has answered still lasts, or the grace time is
over, and then closes its listener and lets running streams finish, as gunicorn does.
Source: gunicorn 27, workers/gthread.py (`run`, `handle`, `handle_exit`).
Knows: gunicorn's worker, who is the newest, live calls. Must not know: routes.
"""

import gc
import io
import os
import resource
import selectors
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from gunicorn import util
from gunicorn.http import get_parser
from gunicorn.workers.gthread import ThreadWorker

from voicebot.adapters.process_handover import Newest, inherited_listener
from voicebot.config import read_settings
from voicebot.web.carrier.answered_calls import ANSWERED_CALLS, AnsweredCalls
from voicebot.web.resilience.report_retry import REPORT_RETRY, ReportRetryQueue
from voicebot.web.status.health import EXTENSION as HEALTH
from voicebot.web.transport.answer_socket import AnswerSocket
from voicebot.web.transport.budgets import BUDGETS, Budget, Sorter, shares
from voicebot.web.transport.connections import MOST_WAITING, Connection, Connections
from voicebot.web.transport.pools import Pools, Work
from voicebot.web.transport.request_reader import WholeRequest

LOOK_S = 0.5
BACKLOG = 2048
"""Connections that the kernel keeps while nobody accepts them."""
IDLE_AT_THE_END_S = 2.0
"""How long an ending process keeps a connection for a request that its peer may just be sending."""
WANTED_FILES = 8192
LOAD_S = 180.0
"""For the application to stand, because gunicorn ends a worker that gives no sign for thirty seconds."""

log = structlog.get_logger(__name__)


def settle_memory() -> None:
    """Take what was loaded out of the collector's rounds, because it stays for good, and each full round through it is
    a pause.

    Source: Python, `gc.freeze`.
    """
    gc.collect()
    gc.freeze()


class _Bytes:
    """A request that is all there, as a socket that gunicorn's parser reads."""

    def __init__(self, raw: bytes) -> None:
        self._raw = io.BytesIO(raw)

    def recv(self, size: int) -> bytes:
        """Return the next bytes, or none at the end."""
        return self._raw.read(size)


@dataclass(slots=True)
class _Visit:
    """One request, as gunicorn's `handle` wants its connection."""

    sock: socket.socket | AnswerSocket
    client: tuple[str, int]
    server: tuple[str, int]
    parser: Any
    initialized: bool = True
    data_ready: bool = True
    is_http2: bool = False

    def init(self) -> None:
        """Do nothing, because the parser is there."""


class DrainingWorker(ThreadWorker):  # type: ignore[misc] # the package is untyped
    """One process that answers calls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings = read_settings()
        self._grace_s = settings.grace_s
        self._newest = Newest(settings.data_dir, f"web-{settings.port}")
        self._shares = shares(max_calls=settings.max_calls)
        self._is_ending = False
        self._connections: Connections
        self._sorter: Sorter

    def get_thread_pool(self) -> Pools:
        """Return what answers, that is a pool for each budget."""
        return Pools(self._shares)

    def load_wsgi(self) -> None:
        """Load the application, which takes its time on a busy machine."""
        is_loaded = threading.Event()
        threading.Thread(target=lambda: show_life(self.notify, is_loaded), name="loading", daemon=True).start()
        try:
            super().load_wsgi()
        finally:
            is_loaded.set()
        settle_memory()

    def run(self) -> None:
        """Open the port, say that it is ready, then answer."""
        self.wsgi.extensions[HEALTH].watch_ending(lambda: self._is_ending)
        self._sorter = self.wsgi.extensions[BUDGETS]
        most_waiting = min(MOST_WAITING, _most_files() // 2)
        self._connections = Connections(self.poller, self._hand_on, most_waiting=most_waiting)
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        self._open_port()
        self._newest.claim()
        while self.alive and self.is_parent_alive():
            self._look()
        self.set_accept_enabled(False)
        self._finish(until=monotonic() + self.cfg.graceful_timeout)

    def accept(self, listener: socket.socket) -> None:
        """Take the connections that have come."""
        self._connections.accept_from(listener)

    def handle_exit(self, sig: int, frame: object) -> None:
        """Begin to end, while a second signal ends it as gunicorn would."""
        if self._is_ending:
            super().handle_exit(sig, frame)
            return
        self._is_ending = True
        threading.Thread(target=self._leave_when_free, name="draining", daemon=True).start()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept or not, and no more for good when ending, because a listener kept open would hold callers that nobody
        answers.
        """
        super().set_accept_enabled(enabled)
        if not enabled and (not self.alive or self.ppid != os.getppid()):
            for listener in self.sockets:
                listener.close()

    def _open_port(self) -> None:
        """Listen from now on, since a port that was handed to us may be open already, and callers wait in its queue."""
        inherited = inherited_listener()
        if inherited is not None:
            self.sockets = [inherited]
        for listener in self.sockets:
            listener.listen(BACKLOG)
        self.set_accept_enabled(True)
        log.info("answering")

    def _look(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(timeout=self._connections.next_deadline_s())
        self._connections.end_overdue()

    def _finish(self, *, until: float) -> None:
        self._connections.let_idle_go(IDLE_AT_THE_END_S)
        while len(self._connections) and monotonic() < until:
            self._look()
        self._connections.close_all()
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()

    def _hand_on(self, connection: Connection, request: WholeRequest) -> bool:
        """Let a thread of its budget answer the request, and return False when too many wait for one."""
        budget = self._sorter.budget_of(request)
        answer = self._carry if budget is Budget.MEDIA else self._answer
        work = Work(
            run=lambda: answer(connection, request),
            on_done=lambda future: self.method_queue.defer(self._go_on, connection, budget, future),
            on_displaced=lambda: self._connections.refuse(connection, request),
        )
        return bool(self.tpool.start(budget, self._sorter.party_of(request, connection.client[0], budget), work))

    def _answer(self, connection: Connection, request: WholeRequest) -> bool:
        """Answer in a thread, and send what the peer takes at once, and return True when another request may follow."""
        visit = self._visit(connection, request, connection.answer)
        is_kept = bool(self.handle(visit)) and not visit.parser.unreader.take_buffered()
        with suppress(OSError):  # a peer that is gone is noticed where the rest is sent
            connection.answer.flush()
        return is_kept

    def _carry(self, connection: Connection, request: WholeRequest) -> bool:
        """Carry a socket in a thread for as long as its call lasts, where the connection is closed when this
        returns.
        """
        self.handle(self._visit(connection, request, connection.socket))
        util.close_graceful(connection.socket)
        return False

    def _visit(self, connection: Connection, request: WholeRequest, sock: "socket.socket | AnswerSocket") -> _Visit:
        parser = get_parser(self.cfg, _Bytes(request.raw), connection.client)
        return _Visit(sock=sock, client=connection.client, server=connection.socket.getsockname(), parser=parser)

    def _go_on(self, connection: Connection, budget: Budget, done: "Future[bool]") -> None:
        self.tpool.give_back(budget)
        if budget is Budget.MEDIA:
            self._connections.forget(connection)
        else:
            self._connections.finish(connection, is_kept=done.exception() is None and done.result())

    def _leave_when_free(self) -> None:
        calls: AnsweredCalls = self.wsgi.extensions[ANSWERED_CALLS]
        owed: ReportRetryQueue = self.wsgi.extensions[REPORT_RETRY]
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
            log.warning("grace_time_over")
            return
        pause.wait(look_s)


def show_life(
    notify: Callable[[], None], is_over: threading.Event, *, most_s: float = LOAD_S, look_s: float = LOOK_S
) -> None:
    """Give a sign of life until it is over, or lasts too long to be well."""
    until = monotonic() + most_s
    while not is_over.wait(look_s) and monotonic() < until:
        notify()


def _most_files() -> int:
    """Let this process open more files than usual, and return how many it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < WANTED_FILES:
        soft = WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, WANTED_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft

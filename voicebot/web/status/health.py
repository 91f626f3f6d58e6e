"""Three questions that machines ask. Does this process live, may it take calls, is the whole house well?

`/livez`   this process answers. It is for liveness probes. Nothing that is wrong elsewhere may get a process restarted
           that carries callers.
`/readyz`  this process may take calls. Its model is loaded, its database there and migrated, its spool writable, it has
           room and is not ending. It is for a balancer. After SIGTERM new callers are still answered until the next
           process takes over or the line is quiet (draining.py), and this says that it is ending.
`/healthz` the house keeps its word. The worker is alive, and no deadline overdue and unhandled. It is for alarms, never
           for restarts.

All are public, and tell strangers 200 or 503. How many calls there are, or that nobody watches the promises, is for
whoever measures (`VOICEBOT_METRICS_TOKEN` as a bearer token). They answer within a second whatever hangs.
Knows: routes, the judgement. Must not know: what is judged by (background/health.py).
"""

from collections.abc import Callable

from flask import Flask, Response

from voicebot.service.background.health import DATABASE_AWAY, why_not_ready, why_unwell
from voicebot.service.hotline import Hotline
from voicebot.web.counters import LIVE_STREAMS
from voicebot.web.guard.guards import Guard, guarded, may_measure
from voicebot.web.resilience.cached_probe import CachedProbe

PATIENCE_S = 0.8
"""Who asks is answered within a second, also while the database is away."""
FRESH_FOR_S = 1.0
EXTENSION = "voicebot.health"
UNWELL = "unwell: ask again with the bearer token in VOICEBOT_METRICS_TOKEN to be told why"


class HealthRoutes:
    """`/livez`, `/readyz` and `/healthz`."""

    def __init__(self, hotline: Hotline, *, max_calls: int) -> None:
        self._max_calls = max_calls
        self._unwell = CachedProbe(lambda: why_unwell(hotline), fresh_for_s=FRESH_FOR_S, patience_s=PATIENCE_S)
        self._unready = CachedProbe(lambda: why_not_ready(hotline), fresh_for_s=FRESH_FOR_S, patience_s=PATIENCE_S)
        self._is_ending: Callable[[], bool] = lambda: False

    def register(self, app: Flask) -> None:
        """Add the routes."""
        app.extensions[EXTENSION] = self
        app.add_url_rule("/livez", "livez", self.livez)
        app.add_url_rule("/readyz", "readyz", self.readyz)
        app.add_url_rule("/healthz", "healthz", self.healthz)

    def watch_ending(self, is_ending: Callable[[], bool]) -> None:
        """Ask this, from now on, whether the process has been told to end."""
        self._is_ending = is_ending

    @guarded(Guard.PUBLIC)
    def livez(self) -> Response:
        """Say that this process answers."""
        return _answer((), well="ok")

    @guarded(Guard.PUBLIC)
    def readyz(self) -> Response:
        """Say whether this process may take calls."""
        found = self._unready.answer()
        reasons = (DATABASE_AWAY,) if found is None else found
        return _answer((*self._own_reasons(), *reasons), well="ready")

    @guarded(Guard.PUBLIC)
    def healthz(self) -> Response:
        """Say whether the house keeps its word."""
        found = self._unwell.answer()
        return _answer((DATABASE_AWAY,) if found is None else found, well="ok")

    def _own_reasons(self) -> tuple[str, ...]:
        reasons = []
        if self._is_ending():
            reasons.append("ending: running calls finish, new ones belong to the next process")
        if live_calls() >= self._max_calls:
            reasons.append(f"full: {self._max_calls} calls")
        return tuple(reasons)


def live_calls() -> int:
    """Return how many media sockets carry a call in this process."""
    return int(next(iter(LIVE_STREAMS.collect())).samples[0].value)


def _answer(reasons: tuple[str, ...], *, well: str) -> Response:
    """Answer 200, or 503 with a line for each reason where the asker may know, and never from a cache in between."""
    told = (reasons if may_measure() else (UNWELL,)) if reasons else (well,)
    response = Response("\n".join(told) + "\n", status=503 if reasons else 200, mimetype="text/plain")
    response.cache_control.no_store = True
    return response

"""`/metrics` for Prometheus. It tells what this process counts, and figures of the whole house from the database.

What a process counts (turns, sockets, refusals, decoding) is its own, so sum it over processes. Figures of the house
are read from the rows at the scrape, at most once in `FRESH_FOR_S`, and every process tells the same, so take the
greatest. While the database is away they are left out, and `voicebot_database_up` is 0. Every label has few values, and
none is a number, a call, a case or a word. `docs/watching.md` lists all of them with what to do about them.
Knows: prometheus, routes. Must not know: SQL.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from voicebot.domain.call import CallEnd
from voicebot.domain.sms import SmsState
from voicebot.errors import Unavailable
from voicebot.service.background.health import signs_of_life
from voicebot.service.hotline import Hotline
from voicebot.service.ports import Deadline, Figures, VitalSigns
from voicebot.web.guard.guards import Guard, guarded
from voicebot.web.resilience.cached_probe import CachedProbe

FRESH_FOR_S = 5.0
PATIENCE_S = 3.0
QUEUES = ("text", "voice", "recording", "transcript")


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseFigures:
    """What one scrape reads of the house."""

    at: datetime
    figures: Figures
    signs: VitalSigns


class MetricsRoute:
    """`/metrics`, guarded by its bearer token."""

    def __init__(self, hotline: Hotline, *, max_calls: int, behind_s: Callable[[], float]) -> None:
        """Take how many calls this process may carry, and what tells how far its listening lags."""
        disable_created_metrics()  # type: ignore[no-untyped-call] # the package is untyped here
        self._registry = CollectorRegistry()
        self._registry.register(_ProcessPlaces(hotline, max_calls, behind_s))
        self._registry.register(_House(hotline))

    def register(self, app: Flask) -> None:
        """Add the route."""
        app.add_url_rule("/metrics", "metrics", self.metrics)

    @guarded(Guard.METRICS)
    def metrics(self) -> Response:
        """Return everything in Prometheus's text format."""
        body = generate_latest(REGISTRY) + generate_latest(self._registry)
        return Response(body, content_type=CONTENT_TYPE_LATEST)


class _ProcessPlaces(Collector):
    """Places in this process, which are recognisers taken and allowed, and calls allowed, and whether its streams keep
    up.
    """

    def __init__(self, hotline: Hotline, max_calls: int, behind_s: Callable[[], float]) -> None:
        self._hotline = hotline
        self._behind_s = behind_s
        self._max_calls = max_calls

    def collect(self) -> Iterable[Metric]:
        """Yield the gauges."""
        places = self._hotline.recognisers.places()
        taken, limit = (0, 0) if places is None else (places.taken, places.limit)
        yield _gauge("live_recognisers", "Calls that hold a recogniser in this process", taken)
        yield _gauge("recognisers_limit", "Recognisers that this process may hold; 0 while no model is loaded", limit)
        yield _gauge("calls_limit", "Calls that this process may carry", self._max_calls)
        yield _gauge(
            "listening_behind_seconds", "Audio received, not listened to yet, of the worst stream", self._behind_s()
        )


class _House(Collector):
    """Figures of the whole house."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._probe = CachedProbe(self._read, fresh_for_s=FRESH_FOR_S, patience_s=PATIENCE_S)

    def collect(self) -> Iterable[Metric]:
        """Yield what the database tells, or without it only that it is away."""
        found = self._probe.answer()
        yield _gauge("database_up", "Whether the database answered this scrape", 0 if found is None else 1)
        if found is not None:
            yield from _of_calls(found.figures)
            yield from _of_promises(found)
            yield from _of_waiting(found)
            yield from _of_worker(found)

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that registering asks no database."""
        return ()

    def _read(self) -> HouseFigures | None:
        try:
            now, signs = signs_of_life(self._hotline)
            figures = self._hotline.vitals.figures(now=now) if signs.is_migrated else None
        except Unavailable:
            return None
        return None if figures is None else HouseFigures(at=now, figures=figures, signs=signs)


def _of_calls(figures: Figures) -> Iterable[Metric]:
    yield _gauge("live_calls", "Calls that are not over, in the whole house", figures.live_calls)
    ends = {end.value: figures.calls_by_end.get(end, 0) for end in CallEnd}
    yield _counter("calls", "Calls that are over, by how they ended", "end", ends)
    states = {state.value: figures.texts_by_state.get(state, 0) for state in SmsState}
    yield _gauges("sms", "Texts by state", "state", states)


def _of_promises(found: HouseFigures) -> Iterable[Metric]:
    figures = found.figures
    yield _gauge("open_promises", "Promises that nobody has kept, missed or moved yet", figures.open_promises)
    outcomes = {
        "kept": figures.kept_in_time,
        "kept_late": figures.kept_late,
        "missed": figures.misses,
        "moved": figures.moved_promises,
    }
    yield _counter("promises", "Promises by outcome; one kept late was missed first", "outcome", outcomes)
    overdue = {kind.value: found.signs.overdue.get(kind, 0) for kind in Deadline}
    yield _gauges("overdue", "Deadlines five minutes overdue and unhandled; any is an alarm", "kind", overdue)


def _of_waiting(found: HouseFigures) -> Iterable[Metric]:
    since = found.figures.waiting_since
    ages = {queue: max(0.0, (found.at - since.get(queue, found.at)).total_seconds()) for queue in QUEUES}
    yield _gauges("queue_age_seconds", "How long the longest waiting thing of a queue has been due", "queue", ages)


def _of_worker(found: HouseFigures) -> Iterable[Metric]:
    """Tell of the freshest worker, while without any there is no sample, and an alarm on absence fires."""
    if found.signs.beats:
        beat = max(found.signs.beats, key=lambda each: each.at)
        lived, swept = ((found.at - at).total_seconds() for at in (beat.at, beat.swept_at))
        yield _gauge("worker_beat_age_seconds", "Since the worker's last sign of life", lived)
        yield _gauge("worker_sweep_age_seconds", "Since the worker last ended a round of sweeps", swept)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"voicebot_{name}", meaning, value=value)


def _gauges(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"voicebot_{name}", meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _counter(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(f"voicebot_{name}", meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family

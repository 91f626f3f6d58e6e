"""How many callbacks the people on duty make in a stretch of time.

Knows: the rota, how many callbacks one person makes in an hour. Must not know: what is promised.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.rota import Rota
from voicebot.domain.staff import Role

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Staffing:
    """What those who own cases can do. The rest of their time is slack that keeps promises."""

    rota: Rota
    calls_an_hour: int
    fill_percent: int
    _known: dict[tuple[datetime, datetime], float] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )
    """A search for a window asks for the same stretches again and again."""

    def between(self, begins_at: datetime, ends_at: datetime) -> float:
        """Return how many callbacks may be promised between two instants."""
        key = (begins_at, ends_at)
        if key not in self._known:
            hours = self.worked(begins_at, ends_at) / timedelta(hours=1)
            self._known[key] = hours * self.calls_an_hour * self.fill_percent / 100
        return self._known[key]

    def worked(self, begins_at: datetime, ends_at: datetime) -> timedelta:
        """Return how much all of them work between two instants, taken together."""
        spans = (
            span
            for person in self.rota.of_role(Role.HANDLER)
            for span in self.rota.duty_spans(person, begins_at, ends_at, role=Role.HANDLER)
        )
        return sum((span.closes_at - span.opens_at for span in spans), timedelta(0))

    def on_day(self, day: date, *, since: datetime | None = None) -> float:
        """Return how many callbacks may be promised on a day of the company's clock, or in what is left of it."""
        zone = ZoneInfo(self.rota.calendar.zone)
        begins_at, ends_at = (datetime.combine(each, time(), zone) for each in (day, day + _DAY))
        begins_at = begins_at if since is None else max(begins_at, since)
        return self.between(begins_at, ends_at) if begins_at < ends_at else 0.0

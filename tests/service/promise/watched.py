"""Time that passes while promises are watched."""

from datetime import timedelta

from tests.builders import at
from tests.service.lines import Line

HALF_HOUR = timedelta(minutes=30)


def run_until(line: Line, said: str) -> None:
    """Let the worker look every full and half hour until an instant, and then."""
    until = at(said)
    while line.clock.at < until:
        since_midnight = timedelta(hours=line.clock.at.hour, minutes=line.clock.at.minute)
        next_look = line.clock.at.replace(second=0, microsecond=0) + HALF_HOUR - since_midnight % HALF_HOUR
        line.clock.at = min(until, next_look)
        line.sweep()


def told(line: Line) -> list[tuple[str, str]]:
    """Return (step, who was told) in order."""
    with line.work() as work:
        (ticket,) = work.tickets.all()
        return [(step.step, step.told) for step in work.promises.steps(ticket.id)]

"""Time that passes while promises are watched."""

from datetime import timedelta

from tests.builders import at
from tests.service.lines import Line


def run_until(line: Line, said: str) -> None:
    """Let the worker look every ten minutes until an instant."""
    until = at(said)
    while line.clock.at < until:
        line.clock.at = min(until, line.clock.at + timedelta(minutes=10))
        line.sweep()


def told(line: Line) -> list[tuple[str, str]]:
    """Return (step, who was told) in order."""
    with line.work() as work:
        (ticket,) = work.tickets.all()
        return [(step.step, step.told) for step in work.promises.steps(ticket.id)]

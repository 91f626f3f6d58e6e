"""The hotline's own test call, ordered and expected."""

from datetime import timedelta

from tests.canaries import a_canary
from tests.service.lines import OTHER, Line, with_rules


def order_canary(line: Line, canary_id: str = "2026-03-02") -> None:
    """Let a test call from another number be ordered just now."""
    with_rules(line, canary_number=OTHER)
    now = line.clock.now()
    with line.work() as work:
        work.watch.add_canary(a_canary(id=canary_id, began_at=now, ends_at=now + timedelta(minutes=10)).ordered(now))
        work.commit()

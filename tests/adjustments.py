"""Adjustments with plain defaults, as in builders.py."""

from dataclasses import replace
from typing import Any

from tests.builders import MONDAY_TEN
from tests.service.lines import CALLER, Line
from voicebot.domain.adjustment import Adjustment, AdjustmentKind


def an_adjustment(**changes: Any) -> Adjustment:
    """Build the wish of whoever calls in most tests to be spoken to slowly."""
    adjustment = Adjustment(
        number="+12025550143",
        kind=AdjustmentKind.SLOW,
        detail="",
        consent_by="Mary Ruiz",
        consent_on="2026-03-02",
        recorded_by="olive",
        recorded_at=MONDAY_TEN,
    )
    return replace(adjustment, **changes)


def keep(line: Line, *kinds: AdjustmentKind) -> None:
    """Agree with the usual caller on these."""
    with line.work() as work:
        for kind in kinds:
            work.adjustments.keep(an_adjustment(number=CALLER, kind=kind))
        work.commit()

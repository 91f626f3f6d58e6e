"""A worker that dies between any two steps of a late decision: nobody is told twice, and no step is skipped."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.service.chaos import Death, DyingWork, Fate
from tests.service.decision.deciding import DUE, called_case, pass_until, steps, terms, texts
from tests.service.lines import Line
from voicebot.domain.decision_term import TermState
from voicebot.service.background.sweeps import watch_promises

POINTS = range(9)
"""A look that finds a term late takes three points of a transaction, and each step of its climb as many."""


def work_until_killed(line: Line, dies_in: int) -> None:
    """Let a worker watch until it dies at the point that was set."""
    fate, unit_of_work = Fate(), line.hotline.unit_of_work
    dying: Any = partial(DyingWork, fate=fate)
    fate.dies_in = dies_in
    mortal = replace(line.hotline, unit_of_work=lambda: dying(unit_of_work()))
    while True:
        watch_promises(mortal)


@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize("dies_in", POINTS)
def test_a_worker_killed_anywhere_is_late_once_and_writes_once(line: Line, dies_in: int) -> None:
    case = called_case(line)
    pass_until(line, DUE - timedelta(seconds=1))
    line.clock.at = DUE
    with pytest.raises(Death):
        work_until_killed(line, dies_in)
    pass_until(line, DUE)
    assert [term.state for term in terms(line, case)] == [TermState.LATE, TermState.RUNNING]
    assert [step for step, _ in steps(line, case)].count("decision_late") == 1
    assert len(texts(line, case, "sms_decision_late")) == 1
    assert line.verbs(case.id).count("decision_late") == 1

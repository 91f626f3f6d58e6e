"""No open case without a next date, whatever happens to it, in whatever order, on both databases."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.decision.dates import Deeds, walk
from tests.service.lines import Line
from voicebot.adapters.flow_files import FlowFiles

NUMBERS = st.integers(0, 11)


class Dates(RuleBasedStateMachine):
    """Cases and all that may happen to them."""

    def begin(self) -> Deeds:
        """Return the deeds on a fresh line; the test says how one is made."""
        raise NotImplementedError

    @initialize()
    def open(self) -> None:
        self.deeds = self.begin()
        self.deeds.ring(0)

    @rule(number=NUMBERS)
    def ring(self, number: int) -> None:
        self.deeds.ring(number)

    @rule(number=NUMBERS)
    def write(self, number: int) -> None:
        self.deeds.write(number)

    @rule(number=NUMBERS)
    def call(self, number: int) -> None:
        self.deeds.call(number)

    @rule(number=NUMBERS)
    def acknowledge(self, number: int) -> None:
        self.deeds.acknowledge(number)

    @rule(number=NUMBERS, kind=st.integers(0, 7))
    def decide(self, number: int, kind: int) -> None:
        self.deeds.step(number, kind)

    @rule(hours=st.integers(1, 80))
    def pass_time(self, hours: int) -> None:
        self.deeds.pass_time(hours)

    @rule()
    def pass_to_next(self) -> None:
        self.deeds.pass_to_next()

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "deeds"):
            self.deeds.check()

    def teardown(self) -> None:
        if hasattr(self, "deeds"):
            self.deeds.is_ahead()
            self.deeds.line.engine.dispose()


@pytest.mark.requirement("D-02")
def test_no_open_case_is_ever_without_a_next_date(migrated_file: Path, definitions: FlowFiles, tmp_path: Path) -> None:
    class OnSqlite(Dates):
        made = 0

        def begin(self) -> Deeds:
            OnSqlite.made += 1
            engine = copy_of(migrated_file, tmp_path / f"{OnSqlite.made}.db")
            return Deeds(Line(engine, definitions, WEDNESDAY_TEN))

    run_state_machine_as_test(
        OnSqlite,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.requirement("D-02")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_holds_on_both_databases(line_on_both: Line, seed: int) -> None:
    walk(Deeds(line_on_both), Random(seed), 25)

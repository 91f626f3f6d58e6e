"""A term begins with a case and follows what becomes of it; its due instant is found anew from the history."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.builders import at
from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.decision.dates import Deeds, walk
from tests.service.decision.deciding import DUE, called_case, current, pass_until, terms
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.decision_term import TermState
from voicebot.domain.ticket import NotComplaint, TicketStatus
from voicebot.service.decision.term import follow_case, planned_anew, warnings_of
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.hotline import context_of
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing, reopening


@pytest.mark.requirement("S0-12")
def test_a_case_has_its_decision_due_from_its_first_moment(line: Line) -> None:
    answer = line.ring()
    with line.work() as work:
        term = work.decision_terms.current_of(answer.call.ticket_id)
    assert term is not None
    assert (term.started_at, term.due_at, term.state) == (line.clock.at, DUE, TermState.RUNNING)


@pytest.mark.requirement("S0-12")
def test_what_opens_again_gets_a_new_term_and_is_not_late_at_once(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    line.clock.at = at("Monday 18 January 2027 10:00:00")
    line.sweep()
    act(line.hotline, case.case_number, reopening(words="it was none", actor="owner_1"))
    line.sweep()
    first, second = terms(line, case)
    assert (first.state, second.state, second.attempt) == (TermState.DECIDED, TermState.RUNNING, 2)
    assert (second.started_at, second.due_at) == (line.clock.at, at("Monday 1 February 2027 10:00:00"))


def test_following_a_case_twice_changes_nothing(line: Line) -> None:
    case = called_case(line)
    before = terms(line, case)
    for ticket in (case, case, replace(case, status=TicketStatus.CLOSED), replace(case, status=TicketStatus.CLOSED)):
        with line.work() as work:
            follow_case(context_of(line.hotline, work), ticket)
            work.commit()
    assert [term.id for term in terms(line, case)] == [term.id for term in before]
    assert terms(line, case)[0].state is TermState.DECIDED


def test_a_due_instant_that_is_lost_is_found_again_as_it_was(line: Line) -> None:
    case = called_case(line)
    term = current(line, case)
    with line.work() as work:
        lost = replace(term, due_at=None, next_step_at=None)
        assert planned_anew(context_of(line.hotline, work), lost) == term


def test_a_policy_edited_meanwhile_changes_no_term_that_runs(line: Line, tmp_path: Path) -> None:
    case = called_case(line)
    folder = a_policy_dir(tmp_path / "policy")
    for name, old, new in (
        ("service_levels.yaml", "standard: 10 working days", "standard: 2 working days"),
        ("service_levels.yaml", "ceiling: 14 calendar days", "ceiling: 3 calendar days"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    term = current(line, case)
    with line.work() as work:
        assert planned_anew(context_of(line.hotline, work), term).due_at == DUE


def test_warnings_stay_as_they_were_when_the_first_was_given(line: Line, tmp_path: Path) -> None:
    case = called_case(line)
    pass_until(line, at("Thursday 26 November 2026 12:00:00"))
    folder = a_policy_dir(tmp_path / "policy")
    path = folder / "escalation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("decision_half_gone", "renamed"), encoding="utf-8")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    term = current(line, case)
    with line.work() as work:
        names = [warning.name for warning in warnings_of(context_of(line.hotline, work), term)]
    assert names == ["decision_half_gone", "decision_three_quarters_gone"]


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

    @rule(number=NUMBERS)
    def join(self, number: int) -> None:
        self.deeds.join(number)

    @rule(number=NUMBERS)
    def take_out(self, number: int) -> None:
        self.deeds.take_out(number)

    @rule(number=NUMBERS)
    def split(self, number: int) -> None:
        self.deeds.split(number)

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
@pytest.mark.timeout(900)
@pytest.mark.parametrize("examples", [5, pytest.param(50, marks=pytest.mark.long)])
def test_no_open_case_is_ever_without_a_next_date(
    migrated_file: Path, definitions: FlowFiles, tmp_path: Path, examples: int
) -> None:
    class OnSqlite(Dates):
        made = 0

        def begin(self) -> Deeds:
            OnSqlite.made += 1
            engine = copy_of(migrated_file, tmp_path / f"{OnSqlite.made}.db")
            return Deeds(Line(engine, definitions, WEDNESDAY_TEN))

    run_state_machine_as_test(
        OnSqlite,
        settings=settings(
            max_examples=examples, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.requirement("D-02")
@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_actions_leaves_one_next_date_on_both_databases(line_on_both: Line, seed: int) -> None:
    walk(Deeds(line_on_both), Random(seed), 25)


@pytest.mark.requirement("D-02")
def test_a_wait_that_ends_by_itself_is_no_time_to_decide(line: Line) -> None:
    case = called_case(line)
    line.clock.at = at("Thursday 19 November 2026 09:00:00")
    act(line.hotline, case.case_number, waiting_for("the receipt", until=date(2026, 11, 23), actor="owner_1"))
    line.clock.at = at("Monday 23 November 2026 09:00:00")
    line.sweep()
    assert current(line, case).due_at == DUE + timedelta(days=4)

"""Who is told of a decision that is due or late; each once, whatever the worker missed."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders import a_decision_term, at
from tests.service.chaos import Death, survive, work_until_killed
from tests.service.decision.deciding import DUE, called_case, current, next_look, pass_until, steps, terms, texts
from tests.service.devices import a_team
from tests.service.lines import (
    AREA,
    CALLER,
    EXECUTIVE,
    FLOWS_DIR,
    OWNER,
    QUALITY,
    SUPERVISOR,
    Line,
    a_policy_dir,
    finds,
    with_flows,
)
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.decision_term import TermState
from voicebot.domain.escalation import NOT_KNOWN
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import NotComplaint, TicketStatus
from voicebot.flow.prompts import written_case
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.decision.watch import due_terms, look_at_term, rest_term
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.ticket.ending import dismissing


@pytest.mark.requirement("S0-12")
def test_a_late_decision_climbs_to_the_top_and_each_step_is_taken_once(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE - timedelta(seconds=1))
    assert steps(line, case) == [
        ("decision_half_gone", "owner_1"),
        ("decision_three_quarters_gone", "owner_1,supervisor_1"),
    ]
    before = len(line.sender.to(OWNER))
    pass_until(line, at("Monday 7 December 2026 10:00:00"))
    assert [step for step in steps(line, case)[2:] if "gone" not in step[0]] == [
        ("decision_late", "owner_1,supervisor_1"),
        ("decision_heads", "quality_1,area_1"),
        ("decision_executive", "executive_1"),
    ]
    assert (len(line.sender.to(QUALITY)), len(line.sender.to(EXECUTIVE))) == (1, 1)
    assert sum("LATE" in text for text in line.sender.to(OWNER)[before:]) == 1
    assert sum("LATE" in text for text in line.sender.to(SUPERVISOR)) == 1
    with line.work() as work:
        taken = {step.step: step.taken_at for step in work.promises.steps(case.id)}
    assert taken["decision_heads"] == at("Thursday 3 December 2026 10:00:00")
    assert taken["decision_executive"] == at("Monday 7 December 2026 10:00:00")


@pytest.mark.requirement("S0-12")
@pytest.mark.requirement("D-02")
@pytest.mark.requirement("S4-14")
def test_with_a_late_decision_comes_a_new_date_and_the_complainant_learns_it(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE)
    late, following = terms(line, case)
    assert (late.state, late.settled_at) == (TermState.LATE, DUE)
    assert (following.target, following.due_at) == ("after_late", at("Wednesday 9 December 2026 18:00:00"))
    assert "not decided in time" in line.sender.to(CALLER)[-1]
    assert "New date: Wed 9 Dec." in line.sender.to(CALLER)[-1]


def test_a_second_late_decision_of_a_case_goes_to_the_top_without_waiting(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE)
    pass_until(line, at("Wednesday 9 December 2026 18:00:00"))
    assert sorted(steps(line, case)[-2:]) == [
        ("decision_executive", "executive_1"),
        ("decision_late", "owner_1,supervisor_1"),
    ]
    first, second, third = terms(line, case)
    assert (first.next_step_at, second.state, third.state) == (None, TermState.LATE, TermState.RUNNING)
    assert len(texts(line, case, "sms_decision_late")) == 2


def test_the_letter_names_the_outside_body_that_the_policy_has(line: Line, tmp_path: Path) -> None:
    folder = a_policy_dir(tmp_path / "policy")
    ladder = folder / "escalation.yaml"
    text = ladder.read_text(encoding="utf-8")
    ladder.write_text(re.sub("outside_body: .*", "outside_body: the Consumer Office", text), encoding="utf-8")
    with_flows(line, FlowFiles(FLOWS_DIR, folder))
    called_case(line)
    pass_until(line, DUE)
    assert "You may also ask the Consumer Office." in line.sender.to(CALLER)[-1]


def test_a_worker_that_was_away_for_a_week_is_late_once_and_the_new_date_lies_ahead(line: Line) -> None:
    case = called_case(line)
    line.clock.at = DUE + timedelta(days=7)
    line.sweep()
    assert [term.state for term in terms(line, case)] == [TermState.LATE, TermState.RUNNING]
    following = current(line, case)
    assert following.due_at is not None
    assert following.due_at > line.clock.at
    assert len(texts(line, case, "sms_decision_late")) == 1


@pytest.mark.requirement("S0-12")
def test_a_case_that_is_over_is_neither_warned_about_nor_late(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE)
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="only praise", actor="owner_1"))
    told = steps(line, case)
    pass_until(line, DUE + timedelta(days=30))
    assert steps(line, case) == told
    assert [(term.state, term.ended_at is None) for term in terms(line, case)] == [
        (TermState.LATE, False),
        (TermState.DECIDED, True),
    ]


def test_a_case_that_ended_without_the_clock_s_knowing_ends_its_terms(line: Line) -> None:
    case = called_case(line)
    with line.work() as work:
        work.tickets.save(replace(case, status=TicketStatus.CLOSED))
        work.commit()
    pass_until(line, DUE)
    assert [term.state for term in terms(line, case)] == [TermState.DECIDED]
    assert steps(line, case) == []


def test_a_text_about_a_decision_is_asked_again_when_it_leaves(line: Line) -> None:
    case = called_case(line)
    pass_until(line, DUE - timedelta(seconds=1))
    line.clock.at = DUE
    for _ in range(2):
        for term_id in finds(line.hotline, due_terms, 10):
            look_at_term(line.hotline, term_id)
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="only praise", actor="owner_1"))
    line.run_jobs()
    (letter,) = texts(line, case, "sms_decision_late")
    assert letter.state is SmsState.SUPPRESSED


def test_acknowledging_quiets_the_climb_of_a_late_decision_and_stops_nothing(line: Line) -> None:
    case = called_case(line)
    pass_until(line, at("Thursday 3 December 2026 09:50:00"))
    acknowledge(line.hotline, case.case_number, actor="owner_1")
    pass_until(line, at("Thursday 3 December 2026 10:19:00"))
    assert steps(line, case)[-1][0] == "decision_late"
    pass_until(line, at("Thursday 3 December 2026 10:20:00"))
    assert steps(line, case)[-1][0] == "decision_heads"


@pytest.mark.requirement("S0-12")
def test_the_climb_of_a_late_decision_is_quieted_twice_and_then_goes_on(line: Line) -> None:
    case = called_case(line)
    pass_until(line, at("Thursday 3 December 2026 09:50:00"))
    for minute in ("09:50", "10:10", "10:30"):
        pass_until(line, at(f"Thursday 3 December 2026 {minute}:00"))
        acknowledge(line.hotline, case.case_number, actor="owner_1")
    pass_until(line, at("Thursday 3 December 2026 10:39:00"))
    assert steps(line, case)[-1][0] == "decision_late"
    pass_until(line, at("Thursday 3 December 2026 10:40:00"))
    assert steps(line, case)[-1][0] == "decision_heads"


def test_an_old_case_starts_its_clock_when_it_is_first_looked_at(line: Line) -> None:
    case = called_case(line)
    with line.work() as work:
        term = work.decision_terms.current_of(case.id)
        assert term is not None
        unseen = a_decision_term(id=term.id, ticket_id=case.id, started_at=term.started_at, due_at=None)
        work.decision_terms.save(unseen)
        work.commit()
    line.clock.at = at("Monday 18 January 2027 10:00:00")
    line.sweep()
    assert current(line, case).started_at == line.clock.at
    assert steps(line, case) == []


def test_after_a_restore_one_step_of_a_climb_and_one_warning_are_left(line: Line) -> None:
    case = called_case(line)
    line.clock.at = at("Wednesday 2 December 2026 09:00:00")
    rest_term(line.hotline, current(line, case).id)
    line.sweep()
    assert sorted(steps(line, case)) == [
        ("decision_half_gone", NOT_KNOWN),
        ("decision_three_quarters_gone", "owner_1,supervisor_1"),
    ]
    pass_until(line, DUE)
    line.clock.at = at("Monday 7 December 2026 12:00:00")
    late = terms(line, case)[0]
    rest_term(line.hotline, late.id)
    line.sweep()
    climbed = [step for step in steps(line, case) if step[0] in ("decision_heads", "decision_executive")]
    assert sorted(climbed) == [("decision_executive", NOT_KNOWN), ("decision_heads", "quality_1,area_1")]
    rest_term(line.hotline, late.id)


def test_what_is_not_due_or_not_there_is_left_alone(line: Line) -> None:
    case = called_case(line)
    assert not look_at_term(line.hotline, current(line, case).id)
    assert not look_at_term(line.hotline, "no term")
    rest_term(line.hotline, "no term")


POINTS = range(9)
"""A look that finds a term late takes three points of a transaction, and each step of its climb as many."""


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


@pytest.mark.requirement("S0-12")
def test_workers_that_die_at_every_step_of_a_decision_tell_each_reader_once(line: Line, tmp_path: Path) -> None:
    """Two warnings, a term that is late and the step after it; whom no warning names has a notice of it."""
    a_team(line, tmp_path / "team")
    line.use(staff_channels=(TextChannel(),))
    case, before, deaths = called_case(line), len(line.sender.sent), 0
    while (due := next_look(line)) is not None and due <= DUE + timedelta(days=1):
        line.clock.at = max(line.clock.at, due)
        deaths += survive(line)
    assert deaths > 140
    due_by, late = (
        "a decision is due by Wed 2 Dec, 10:00 EST",
        "a decision was due by Wed 2 Dec, 10:00 EST, and is LATE",
    )
    told = [
        (OWNER, due_by),
        (SUPERVISOR, "a decision is due or late, and none was told"),
        *((number, due_by) for number in (OWNER, SUPERVISOR)),
        *((number, late) for number in (OWNER, SUPERVISOR)),
        (CALLER, f"case {written_case(case.case_number)} is not decided in time"),
        *((number, late) for number in (QUALITY, AREA)),
    ]
    got = line.sender.sent[before:]
    assert [number for number, _ in got] == [number for number, _ in told]
    assert all(words in body for (_, words), (_, body) in zip(told, got, strict=True))


@pytest.mark.requirement("D-02")
def test_a_wait_that_is_over_comes_back_to_its_owner_once_and_by_a_restore_too(line: Line) -> None:
    case = called_case(line)
    act(line.hotline, case.case_number, waiting_for("the receipt", until=date(2026, 11, 23), actor="owner_1"))
    waits = current(line, case)
    line.clock.at = at("Monday 23 November 2026 12:00:00")
    rest_term(line.hotline, waits.id)
    for _ in range(2):
        look_at_term(line.hotline, waits.id)
    line.run_jobs()
    assert steps(line, case) == [("waiting_over", "owner_1")]
    assert (current(line, case).due_at or DUE) > DUE + timedelta(days=4), "no time is lost by the wait"


def test_a_look_before_anything_is_due_tells_nobody_and_finds_the_next_instant(line: Line) -> None:
    case = called_case(line)
    term = current(line, case)
    with line.work() as work:
        work.decision_terms.save(replace(term, next_step_at=line.clock.at))
        work.commit()
    look_at_term(line.hotline, term.id)
    assert (steps(line, case), current(line, case).next_step_at) == ([], term.next_step_at)

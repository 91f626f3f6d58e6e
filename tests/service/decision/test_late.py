"""A late term is written once, with its climb and the term that follows."""

from datetime import timedelta

from tests.service.decision.deciding import DUE, called_case, current, terms
from tests.service.lines import Line
from voicebot.domain.decision_term import TermState
from voicebot.service.decision.late import late_terms, make_late
from voicebot.service.hotline import context_of
from voicebot.service.ladder.plan import kept_plan


def test_a_late_term_keeps_the_plan_of_its_climb_and_is_followed_at_once(line: Line) -> None:
    case = called_case(line)
    line.clock.at = DUE + timedelta(minutes=3)
    term = current(line, case)
    with line.work() as work:
        following = make_late(context_of(line.hotline, work), term)
        (late,) = late_terms(work, case.id)
        plan = kept_plan(work, late.id)
        work.commit()
    assert plan is not None
    assert [(step.name, step.due_at >= DUE) for step in plan] == [
        ("decision_late", True),
        ("decision_heads", True),
        ("decision_executive", True),
    ]
    assert (late.settled_at, late.next_step_at) == (DUE, DUE)
    assert (following.attempt, following.started_at) == (2, line.clock.at)
    assert [term.state for term in terms(line, case)] == [TermState.LATE, TermState.RUNNING]
    assert line.verbs(case.id).count("decision_late") == 1

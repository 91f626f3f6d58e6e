"""A climb takes what is due, one step at a time, and rests after a restore."""

from datetime import timedelta

import pytest

from tests.builders import a_breach, a_promise, a_step, a_ticket
from tests.service.lines import Line
from voicebot.domain.escalation import NOT_KNOWN, DueStep
from voicebot.domain.promise import Breach
from voicebot.service.hotline import Context, context_of
from voicebot.service.ladder.climb import pass_over_all_but_first, pass_over_warnings_but_last, take_due_step

BREACH = a_breach()
PLAN = tuple(
    DueStep(name=name, due_at=BREACH.at + timedelta(hours=hour), tell=("owner",))
    for hour, name in enumerate(("first", "second", "third"))
)


@pytest.fixture
def missed(line: Line) -> Line:
    with line.work() as work:
        work.tickets.add(a_ticket())
        work.promises.add(a_promise())
        work.promises.add_breach(BREACH)
        work.commit()
    line.clock.at = BREACH.at + timedelta(hours=1)
    return line


def climbed(context: Context, breach: Breach = BREACH) -> list[str]:
    """Take all that is due, as a worker does that was away."""
    names: list[str] = []

    def take(step: DueStep) -> None:
        names.append(step.name)
        context.work.promises.take_step(a_step(step=step.name, due_at=step.due_at, taken_at=step.due_at))

    while take_due_step(context, breach, PLAN, take=take)[0]:
        pass
    return names


def test_each_due_step_is_taken_and_the_one_ahead_is_named(missed: Line) -> None:
    with missed.work() as work:
        context = context_of(missed.hotline, work)
        assert climbed(context) == ["first", "second"]
        assert take_due_step(context, BREACH, PLAN, take=lambda _step: None) == (False, PLAN[2].due_at)


def test_a_climb_that_is_over_takes_none(missed: Line) -> None:
    with missed.work() as work:
        over = a_breach(ended_at=BREACH.at)
        assert take_due_step(context_of(missed.hotline, work), over, PLAN, take=lambda _step: None) == (False, None)


def test_after_a_restore_the_first_due_step_stays_and_later_due_ones_are_passed_over(missed: Line) -> None:
    with missed.work() as work:
        context = context_of(missed.hotline, work)
        assert pass_over_all_but_first(context, BREACH, PLAN)
        assert [(step.step, step.told) for step in work.promises.steps("ticket-1")] == [("second", NOT_KNOWN)]
        assert climbed(context) == ["first"]
        assert not pass_over_all_but_first(context, BREACH, PLAN)


def test_after_a_restore_the_last_due_warning_stays(missed: Line) -> None:
    with missed.work() as work:
        context = context_of(missed.hotline, work)
        pass_over_warnings_but_last(context, PLAN, ticket_id="ticket-1", subject_id="promise-1")
        assert [(step.subject_id, step.step) for step in work.promises.steps("ticket-1")] == [("promise-1", "first")]

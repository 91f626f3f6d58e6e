"""A step is written once, told to whom it reaches, and said to reach nobody when it does."""

from dataclasses import replace

from tests.builders import MONDAY_TEN, a_ticket
from tests.service.lines import OWNER, SUPERVISOR, Line
from voicebot.domain.escalation import NOBODY, NOT_KNOWN, DueStep
from voicebot.service.history import Verb
from voicebot.service.hotline import context_of
from voicebot.service.ladder.step import Alarm, pass_over, take_step
from voicebot.service.outbox.compose import Template, slots_of
from voicebot.service.outbox.purpose import TextKind

STEP = DueStep(name="first", due_at=MONDAY_TEN, tell=("owner", "supervisor"))


def take(line: Line, step: DueStep = STEP) -> bool:
    with line.work() as work:
        ticket = work.tickets.get("ticket-1") or a_ticket()
        if work.tickets.get("ticket-1") is None:
            work.tickets.add(ticket)
        context = context_of(line.hotline, work)
        alarm = Alarm(
            kind=TextKind.ALARM,
            verb=Verb.STEP_TAKEN,
            template=Template.STAFF_LOOP,
            subject_id="climb-1",
            step=step,
            ticket=ticket,
            slots=slots_of(context, ticket, None),
        )
        is_taken = take_step(context, alarm)
        work.commit()
    line.run_jobs()
    return is_taken


def taken(line: Line) -> list[tuple[str, str]]:
    with line.work() as work:
        return [(step.step, step.told) for step in work.promises.steps("ticket-1")]


def test_a_step_taken_twice_is_told_once(line: Line) -> None:
    assert [take(line), take(line)] == [True, False]
    assert (len(line.sender.to(OWNER)), len(line.sender.to(SUPERVISOR))) == (1, 1)
    assert taken(line) == [("first", "owner_1,supervisor_1")]
    assert line.verbs("ticket-1").count("step_taken") == 1


def test_a_step_that_reaches_nobody_is_taken_and_says_so(line: Line) -> None:
    assert take(line, replace(STEP, tell=("nobody_has_this_role",)))
    assert taken(line) == [("first", NOBODY)]


def test_a_step_passed_over_tells_nobody_and_is_not_taken_later(line: Line) -> None:
    with line.work() as work:
        work.tickets.add(a_ticket())
        pass_over(context_of(line.hotline, work), "climb-1", ticket_id="ticket-1", step=STEP)
        work.commit()
    assert not take(line)
    assert taken(line) == [("first", NOT_KNOWN)]
    assert line.sender.to(OWNER) == []

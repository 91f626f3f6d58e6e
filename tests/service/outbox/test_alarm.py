"""Alarms are given once a day, to whoever the ladder tells first."""

from tests.service.lines import OWNER, SUPERVISOR, Line
from voicebot.domain.ticket import TicketStatus
from voicebot.service.hotline import context_of
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template


def alarm(line: Line, ticket_id: str, name: str = "texts_held_back:prefix") -> bool:
    """Raise an alarm in a transaction of its own, and send what it says."""
    with line.work() as work:
        is_new = raise_alarm(
            context_of(line.hotline, work), name=name, ticket_id=ticket_id, template=Template.STAFF_FLOOD
        )
        work.commit()
    line.run_jobs()
    return is_new


def test_an_alarm_reaches_whom_the_first_step_tells_and_stands_on_the_case(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    assert alarm(line, ticket.id)
    for phone in (OWNER, SUPERVISOR):
        (body,) = line.sender.to(phone)
        assert "held back" in body
    assert "alarm_raised" in line.verbs(ticket.id)


def test_the_same_alarm_is_given_once_a_day_and_another_at_once(line: Line) -> None:
    ticket_id = line.told_call().call.ticket_id
    assert [alarm(line, ticket_id), alarm(line, ticket_id)] == [True, False]
    assert alarm(line, ticket_id, "call_loop")
    line.step(days=1)
    assert alarm(line, ticket_id)
    assert len(line.sender.to(OWNER)) == 3


def test_an_alarm_leaves_though_the_case_by_which_it_was_noticed_is_settled(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    alarm(line, answer.call.ticket_id)
    assert len(line.sender.to(OWNER)) == 1

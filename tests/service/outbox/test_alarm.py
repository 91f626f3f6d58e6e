"""Alarms are given once a day, to whoever the ladder tells first, or to management where they are about no case."""

import pytest

from tests.service.lines import OWNER, SUPERVISOR, Line
from voicebot.domain.ticket import TicketStatus, is_open
from voicebot.service.hotline import context_of
from voicebot.service.outbox.alarm import raise_alarm, raise_house_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.ticket.house_case import house_case


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


def house_alarm(line: Line) -> bool:
    """Raise an alarm that no case brought about, and send what it says."""
    given = raise_house_alarm(
        line.hotline, name="logins_blocked", template=Template.STAFF_LOGINS, house_case=house_case
    )
    line.run_jobs()
    return given


def test_an_alarm_that_no_case_brought_about_stands_with_no_complaint_and_is_given_once_a_day(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, about_id="supervisor_1")
    assert [house_alarm(line), house_alarm(line)] == [True, False]
    assert len(line.sender.to(SUPERVISOR)) == 1, "the newest complaint is hidden from the supervisor, the alarm is not"
    assert [body for body in line.sender.to(OWNER) if "passwords" in body] == [], "who can do nothing about it"
    assert Template.STAFF_LOGINS not in [sms.template for sms in line.texts(answer)]
    line.step(days=1)
    assert house_alarm(line)


def test_before_the_first_call_an_alarm_opens_a_case_on_which_nothing_is_due(line: Line) -> None:
    assert house_alarm(line)
    assert len(line.sender.to(SUPERVISOR)) == 1
    with line.work() as work:
        (case,) = work.tickets.all()
        assert not work.promises.of_ticket(case.id)
    assert not is_open(case)


@pytest.mark.requirement("S3-09")
def test_an_alarm_is_told_to_management_where_its_case_is_hidden_from_all_whom_it_names(line: Line) -> None:
    told = line.told_call()
    line.change_ticket(told, about_id="quality_1")
    with line.work() as work:
        context, case = context_of(line.hotline, work), told.call.ticket_id
        raise_alarm(context, name="many", ticket_id=case, template=Template.STAFF_FLOOD, tell=["quality_head"])
        work.commit()
    line.run_jobs()
    phones = {each.id: each.phone for each in context.policy.staff}
    rung = {to for to, body in line.sender.sent if "held back" in body}
    assert SUPERVISOR in rung
    assert phones["quality_1"] not in rung

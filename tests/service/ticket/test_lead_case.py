"""Many cases on one cause: each keeps what is its own, and all hear of it once, few at a time, whatever restarts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import at
from tests.service.lines import Line, finds
from voicebot.domain.case_number import written
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Refused
from voicebot.service.queries.lead_case import LeadView, UpdatePreview, lead_view, preview_update
from voicebot.service.staff.decision import act
from voicebot.service.ticket.lead_case import due_recipients, following, following_no_more, tell_recipient, updating
from voicebot.service.ticket.splitting import joining

WORDS = "Branch G is open again."


def told(line: Line, number: int, *, call: str = "") -> Ticket:
    return line.ticket(line.told_call(call or f"CA{number}", f"+12025550{number}"))


@pytest.fixture
def cases(line: Line) -> tuple[Ticket, Ticket, Ticket]:
    """A lead case and two that follow it."""
    lead, *others = (told(line, number) for number in (151, 152, 153))
    for other in others:
        follow(line, other, lead)
    return lead, others[0], others[1]


def follow(line: Line, ticket: Ticket, lead: Ticket) -> None:
    step = following(written(lead.case_number), words="branch G", actor="owner_1")
    act(line.hotline, ticket.case_number, step)


def view(line: Line, ticket: Ticket) -> LeadView:
    with line.work() as work:
        return lead_view(work, ticket.id)


def send(line: Line, lead: Ticket, *, count: int) -> None:
    act(line.hotline, lead.case_number, updating(WORDS, count=count, actor="owner_1"))


def preview(line: Line, lead: Ticket) -> UpdatePreview:
    return preview_update(line.hotline, lead.case_number, f" {WORDS}\n")


def updates(line: Line, *tickets: Ticket) -> list[str]:
    with line.work() as work:
        texts = [sms for ticket in tickets for sms in work.sms.of_ticket(ticket.id)]
    return [sms.recipient for sms in texts if sms.template == "sms_lead_update"]


@pytest.mark.requirement("D-06")
def test_a_follower_keeps_its_number_its_owner_and_its_promise(line: Line, cases: tuple[Ticket, ...]) -> None:
    lead, first, second = cases
    assert [number for number, _ in view(line, lead).followers] == [written(each.case_number) for each in cases[1:]]
    assert view(line, first).lead == written(lead.case_number)
    with line.work() as work:
        assert work.tickets.get(first.id) == first
        assert work.promises.open_of_ticket(first.id) is not None
    for ticket, into, code in (
        (lead, lead, "follow-circle"),
        (lead, first, "follow-chain"),
        (first, second, "follow-chain"),
        (told(line, 154), first, "follow-chain"),
        (first, told(line, 155), "follow-not"),
    ):
        with pytest.raises(Refused) as problem:
            follow(line, ticket, into)
        assert problem.value.code == code
    act(line.hotline, first.case_number, following_no_more(actor="owner_1"))
    assert view(line, first).lead == ""
    with pytest.raises(Refused, match="follows none"):
        act(line.hotline, first.case_number, following_no_more(actor="owner_1"))
    with pytest.raises(Refused, match="which cause"):
        following(lead.case_number, words=" ", actor="owner_1")


@pytest.mark.requirement("D-06")
def test_each_is_told_once_whatever_restarts_in_between(line_on_both: Line) -> None:
    line = line_on_both
    cases = [told(line, number) for number in (151, 152, 153)]
    for other in cases[1:]:
        follow(line, other, cases[0])
    send(line, cases[0], count=3)
    assert [each.ticket_id for each in finds(line.hotline, due_recipients)] == [cases[0].id], (
        "the others come seconds later"
    )
    line.step(seconds=30)
    due = finds(line.hotline, due_recipients)
    tell_recipient(line.hotline, due[0])
    for each in (*due, *due):
        tell_recipient(line.hotline, each)
    line.sweep()
    assert updates(line, *cases) == ["+12025550151", "+12025550152", "+12025550153"]
    sent = [body for _to, body in line.sender.sent if WORDS in body]
    assert len(sent) == 3
    ((update, told_so_far, of),) = view(line, cases[0]).updates
    assert (update.words, update.by, told_so_far, of) == (WORDS, "owner_1", 3, 3)
    line.sweep()
    assert len([body for _to, body in line.sender.sent if WORDS in body]) == 3


@pytest.mark.requirement("D-06")
def test_nobody_is_told_in_the_night_nor_about_a_case_that_is_over(line: Line, cases: tuple[Ticket, ...]) -> None:
    lead, first, second = cases
    line.clock.at = at("Wednesday 18 November 2026 22:00:00")
    send(line, lead, count=3)
    assert finds(line.hotline, due_recipients) == ()
    line.step(hours=10, minutes=1)
    act(line.hotline, second.case_number, joining(first.case_number, words="one matter", actor="owner_1"))
    line.step(hours=14)
    for each in finds(line.hotline, due_recipients):
        tell_recipient(line.hotline, each)
    assert len(updates(line, lead, first, second)) == 2, "two that became one are told once"
    with line.work() as work:
        waits = [sms.not_before for sms in work.sms.of_ticket(first.id) if sms.template == "sms_lead_update"]
    assert [each - line.clock.now() for each in waits] == [timedelta(hours=10, minutes=59)], (
        "the worker was down all day"
    )


@pytest.mark.requirement("D-06")
def test_who_follows_no_more_is_not_told_what_was_meant_for_those_who_do(line: Line, cases: tuple[Ticket, ...]) -> None:
    lead, first, second = cases
    send(line, lead, count=3)
    act(line.hotline, first.case_number, following_no_more(actor="owner_1"))
    line.step(minutes=5)
    for each in finds(line.hotline, due_recipients):
        tell_recipient(line.hotline, each)
    assert updates(line, lead, first, second) == ["+12025550151", "+12025550153"]


@pytest.mark.requirement("D-06")
def test_a_lead_case_is_not_joined_away_from_those_who_follow_it(line: Line, cases: tuple[Ticket, ...]) -> None:
    """Its number would lead to a case that nobody follows, and nobody could tell them anything more."""
    with pytest.raises(Refused, match="other cases follow this one") as problem:
        act(line.hotline, cases[0].case_number, joining(told(line, 154).case_number, words="one", actor="owner_1"))
    assert problem.value.code == "follow-chain"


@pytest.mark.requirement("D-06")
def test_an_update_that_reaches_others_than_were_shown_or_nobody_is_refused(line: Line) -> None:
    first = told(line, 151)
    with pytest.raises(Refused, match="reaches 1 people now, and 4") as problem:
        send(line, first, count=4)
    assert problem.value.code == "update-changed"
    call = line.told_call()
    line.change_ticket(call, may_text=False)
    lead = line.ticket(call)
    assert preview(line, lead).reached == ()
    with pytest.raises(Refused, match="reaches 0 people"):
        send(line, lead, count=0)


@pytest.mark.requirement("D-06")
def test_whose_case_ended_between_the_update_and_its_text_is_not_told(line: Line, cases: tuple[Ticket, ...]) -> None:
    lead, first, second = cases
    send(line, lead, count=3)
    with line.work() as work:
        work.tickets.save(replace(first, status=TicketStatus.CLOSED))
        work.commit()
    line.step(seconds=30)
    line.sweep()
    assert updates(line, lead, first, second) == ["+12025550151", "+12025550153"]

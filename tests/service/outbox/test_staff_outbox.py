"""A message to staff that does not go by text: told once, tried again, given up with a reason that staff read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_staff_message
from tests.service.lines import Line
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_message import MessageState, StaffMessage
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.errors import Unavailable
from voicebot.service.hotline import Context, Hotline, HotlineRules, Sent, context_of
from voicebot.service.outbox.channels import tell_member
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.staff_outbox import (
    GIVEN_UP_AFTER,
    MOST_ATTEMPTS,
    letter_of,
    record_message_receipt,
    send_message,
    settle_stuck_message,
    write_message,
)
from voicebot.service.ports import MessageRefused

OWNER_1 = StaffMember(id="owner_1", name="First handler", role="handler")
ALARM = "alarm:x:owner_1"


class Halted(BaseException):
    """The worker is killed here."""


class Pager:
    """A queued channel: `trouble` is raised by the next deliveries, in order; `has_receipt` as a telephone has."""

    name = "pager"

    def __init__(self, *, has_receipt: bool = False) -> None:
        self.has_receipt = has_receipt
        self.paged: list[str] = []
        self.trouble: list[BaseException | None] = []
        self.dies_after = False
        self.lost_by: set[str] = set()

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        return "lost the pager" if member.id in self.lost_by else ""

    def why_not(self, context: Context, member: StaffMember) -> str:
        return self.why_no_address(context.hotline.rules, member)

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        write_message(context, ticket, channel=self.name, member=member, draft=draft)

    def deliver(self, hotline: Hotline, message: StaffMessage, member: StaffMember) -> Sent:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is not None:
            raise trouble
        self.paged.append(f"{member.id}: {message.subject}: {message.body[:20]}")
        if self.dies_after:
            raise Halted
        return Sent(receipt=f"P{len(self.paged)}", has_receipt=self.has_receipt)


def paging(line: Line, pager: Pager, *, purpose: str = ALARM) -> str:
    """Let staff be told something of a new case; return the case's id."""
    line.use(staff_channels=(pager,))
    ticket = line.ticket(line.ring())
    draft = Draft(purpose=purpose, template=Template.STAFF_LOOP, slots={"case": "482-913-756", "company": "Harbour"})
    with line.work() as work:
        for _ in range(2):
            tell_member(context_of(line.hotline, work), ticket, member=OWNER_1, draft=draft)
        work.commit()
    return ticket.id


def first_message(line: Line, ticket_id: str) -> StaffMessage:
    with line.work() as work:
        return work.staff_messages.of_ticket(ticket_id)[0]


def settled(line: Line, ticket_id: str) -> list[str]:
    """Return what the history of the case says became of its messages."""
    with line.work() as work:
        return [entry.after for entry in work.tickets.history(ticket_id) if entry.verb == "message_settled"]


@pytest.mark.requirement("S0-11")
def test_a_message_is_told_once_and_the_case_says_so(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    for _ in range(3):
        line.sweep()
    assert pager.paged == ["owner_1: Harbour: case 482-913-756: A telephone forwards"]
    message = first_message(line, case)
    assert (message.state, message.receipt, message.attempts) == (MessageState.TAKEN, "P1", 1)
    assert settled(line, case) == ["sms_staff_loop to owner_1 by pager: taken"]


def test_a_worker_killed_before_it_sends_leaves_one_message_that_another_sends(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    pager.trouble = [Halted()]
    with pytest.raises(Halted):
        send_message(line.hotline, first_message(line, case).id)
    line.sweep()
    assert pager.paged == [], "whoever claimed it may be at it still"
    line.step(minutes=3)
    line.sweep()
    line.step(minutes=1)
    line.sweep()
    assert len(pager.paged) == 1
    assert first_message(line, case).attempts == 2


def test_a_worker_killed_after_it_sent_sends_again_under_the_same_id(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    pager.dies_after = True
    with pytest.raises(Halted):
        send_message(line.hotline, first_message(line, case).id)
    pager.dies_after = False
    for _ in range(2):
        line.step(minutes=3)
        line.sweep()
    assert len(pager.paged) == 2
    assert first_message(line, case).state is MessageState.TAKEN


def test_who_cannot_be_reached_for_a_while_is_told_later(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    pager.trouble = [Unavailable("the pagers are away")] * 3
    for _ in range(5):
        line.sweep()
        line.step(minutes=1)
    assert len(pager.paged) == 1
    assert first_message(line, case).attempts == 4


@pytest.mark.requirement("S0-12")
def test_what_is_refused_or_never_taken_fails_and_its_case_says_why(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    pager.trouble = [MessageRefused("the exchange knows no such pager")]
    line.sweep()
    assert settled(line, case) == ["sms_staff_loop to owner_1 by pager: failed, the exchange knows no such pager"]


def test_a_message_that_never_gets_through_is_given_up_after_so_many_tries(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    pager.trouble = [Unavailable("the pagers are away")] * 1000
    for _ in range(MOST_ATTEMPTS + 5):
        line.sweep()
        line.step(minutes=11)
    assert first_message(line, case).attempts == MOST_ATTEMPTS
    assert "sms_staff_loop to owner_1 by pager: failed, the other side could not be reached" in settled(line, case)


def test_a_receipt_says_what_became_of_it_and_one_that_never_comes_is_a_failure(line: Line) -> None:
    pager = Pager(has_receipt=True)
    case = paging(line, pager)
    line.sweep()
    assert first_message(line, case).state is MessageState.SENT
    assert not record_message_receipt(line.hotline, channel="pager", receipt="P9", state=MessageState.DELIVERED)
    for state in (MessageState.DELIVERED, MessageState.FAILED):
        assert record_message_receipt(line.hotline, channel="pager", receipt="P1", state=state)
    assert settled(line, case) == ["sms_staff_loop to owner_1 by pager: delivered"]


def test_a_receipt_that_never_comes_is_a_failure(line: Line) -> None:
    pager = Pager(has_receipt=True)
    case = paging(line, pager)
    line.sweep()
    line.clock.step(GIVEN_UP_AFTER + timedelta(minutes=1))
    line.sweep()
    assert settled(line, case) == ["sms_staff_loop to owner_1 by pager: failed, no receipt ever came"]


def test_nothing_is_told_about_a_case_that_was_settled_meanwhile(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager, purpose="step:b:missed:owner_1")
    with line.work() as work:
        ticket = work.tickets.get(case)
        assert ticket is not None
        work.tickets.save(replace(ticket, status=TicketStatus.CLOSED))
        work.commit()
    line.sweep()
    assert pager.paged == []
    assert settled(line, case) == ["sms_staff_loop to owner_1 by pager: suppressed, the case stands otherwise by now"]


def test_who_is_not_reached_any_more_as_it_leaves_is_said(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    pager.lost_by = {"owner_1"}
    line.sweep()
    assert settled(line, case) == ["sms_staff_loop to owner_1 by pager: suppressed, lost the pager"]


@pytest.mark.parametrize("gone", ["member", "channel"])
def test_a_member_or_a_channel_that_is_gone_is_said(line: Line, gone: str) -> None:
    pager = Pager()
    case = paging(line, pager)
    if gone == "channel":
        line.use(staff_channels=())
    else:
        message = replace(first_message(line, case), member_id="nobody_1")
        with line.work() as work:
            work.staff_messages.save(message)
            work.commit()
    line.sweep()
    (said,) = settled(line, case)
    assert said.endswith("suppressed, nobody goes by this name any more" if gone == "member" else "not set up any more")


def test_a_person_gets_only_so_many_messages_in_a_day_and_alarms_all_the_same(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)
    ticket, most = line.ticket(line.ring()), line.policy.limits.texts.per_staff_phone
    with line.work() as work:
        for number in range(most + 1):
            draft = Draft(purpose=f"step:b:{number}:owner_1", template=Template.STAFF_LOOP, slots={})
            tell_member(context_of(line.hotline, work), ticket, member=OWNER_1, draft=draft)
        work.commit()
    line.run_jobs()
    assert len(pager.paged) == most, "the alarm counts, and leaves all the same"
    assert settled(line, case)[-1].endswith("suppressed, too many messages to this person in a day")


def test_a_letter_to_staff_hides_nothing_of_what_a_stranger_wrote() -> None:
    letter = letter_of(a_staff_message(subject="\u202eevil", body="pass\u200bword"))
    assert (letter.subject, letter.body) == ("[U+202E]evil", "pass[U+200B]word")


def test_no_code_of_any_case_of_theirs_goes_out_to_staff(line: Line) -> None:
    line.change_ticket(line.told_call("CA1"), pin="8558")
    case = line.ticket(line.told_call("CA2"))
    with line.work() as work:
        context = context_of(line.hotline, work)
        draft = Draft(purpose=ALARM, template=Template.STAFF_WEBHOOK_OFF, slots={"who": "x", "why": "code 8558 said"})
        write_message(context, case, channel="pager", member=OWNER_1, draft=draft)
        work.commit()
    with line.work() as work:
        (message,) = [each for each in work.staff_messages.of_ticket(case.id) if each.channel == "pager"]
    assert "code **** said" in message.body


def test_a_message_that_somebody_is_at_is_left_to_them(line: Line) -> None:
    case = paging(line, Pager(has_receipt=True))
    line.sweep()
    settle_stuck_message(line.hotline, first_message(line, case).id)
    settle_stuck_message(line.hotline, "gone")
    assert first_message(line, case).state is MessageState.SENT


def test_a_message_that_was_settled_while_its_channel_failed_is_not_sent_again(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager)

    class Late(Pager):
        def deliver(self, hotline: Hotline, message: StaffMessage, member: StaffMember) -> Sent:
            settled = replace(message, state=MessageState.TAKEN)
            with line.work() as work:
                work.staff_messages.save(settled)
                work.commit()
            raise Unavailable("the pagers are away")

    line.use(staff_channels=(Late(),))
    line.sweep()
    assert (first_message(line, case).state, first_message(line, case).attempts) == (MessageState.TAKEN, 1)


@pytest.mark.requirement("D-07")
def test_the_list_of_the_morning_leaves_no_line_in_the_case_that_it_stands_with(line: Line) -> None:
    pager = Pager()
    case = paging(line, pager, purpose="morning:2026-11-18:owner_1")
    line.sweep()
    assert len(pager.paged) == 1
    assert not {"message_written", "message_settled"} & set(line.verbs(case))

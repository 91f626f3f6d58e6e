"""Text messages as a channel to staff: whom they reach, and what is left in the outbox."""

import pytest

from tests.builders import a_text_request
from tests.service.lines import OWN, OWNER, Line
from voicebot.domain.sms import Draft, SmsState
from voicebot.domain.staff import StaffMember
from voicebot.service.hotline import context_of
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.text_channel import TextBarrier, TextChannel, text_barrier

LONDON_LANDLINE, PREMIUM = "+442083661177", "+19002345678"


def member(phone: str) -> StaffMember:
    return StaffMember(id="owner_1", name="First", role="handler", phone=phone)


@pytest.mark.parametrize(
    ("phone", "barrier", "said"),
    [
        (OWNER, None, ""),
        ("", TextBarrier.NO_PHONE, "has no telephone in escalation.yaml"),
        ("5550161", TextBarrier.GATE, "that we may not text"),
        (LONDON_LANDLINE, TextBarrier.GATE, "that we may not text"),
        (PREMIUM, TextBarrier.GATE, "that we may not text"),
        (OWN, TextBarrier.GATE, "that we may not text"),
    ],
)
def test_why_a_text_does_not_reach_a_member(line: Line, phone: str, barrier: TextBarrier | None, said: str) -> None:
    with line.work() as work:
        assert text_barrier(context_of(line.hotline, work), phone) is barrier
        why_not = TextChannel().why_not(context_of(line.hotline, work), member(phone))
    assert said in why_not
    assert bool(said) is bool(why_not)
    assert not phone or phone not in why_not, "no telephone number stands in a sentence that may be logged"


def test_who_answered_stop_is_not_reached_until_they_say_start(line: Line) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=True))
        assert text_barrier(context_of(line.hotline, work), OWNER) is TextBarrier.STOPPED
        assert "answered STOP" in TextChannel().why_not(context_of(line.hotline, work), member(OWNER))
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=False))
        assert text_barrier(context_of(line.hotline, work), OWNER) is None


def test_a_message_becomes_one_text_with_its_job(line: Line) -> None:
    ticket = line.ticket(line.ring())
    draft = Draft(purpose="alarm:x:owner_1", template=Template.STAFF_FLOOD, slots={"case": "1", "company": "Harbour"})
    with line.work() as work:
        for _ in range(2):
            TextChannel().hand_over(context_of(line.hotline, work), ticket, member=member(OWNER), draft=draft)
        (sms,) = work.sms.of_ticket(ticket.id)
        work.commit()
    assert (sms.recipient, sms.state, sms.purpose) == (OWNER, SmsState.WAITING, draft.purpose)
    assert line.jobs_waiting.count(("send_sms", sms.id)) == 1


def test_an_address_in_the_policy_is_judged_without_asking_what_its_person_wants(line: Line) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=OWNER, is_out=True))
        work.commit()
    said = [TextChannel().why_no_address(line.hotline.rules, member(phone)) for phone in (OWNER, PREMIUM, "")]
    assert [bool(why) for why in said] == [False, True, True]


def test_a_text_on_no_case_is_sent_at_once_and_waits_in_no_outbox(line: Line) -> None:
    TextChannel().send_now(line.hotline, member(OWNER), "the worker is gone")
    assert line.sender.to(OWNER) == ["the worker is gone"]
    with line.work() as work:
        assert list(work.tickets.all()) == []

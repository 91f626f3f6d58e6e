"""E-mail as a channel: whom it reaches, and what is handed to the mail server."""

from dataclasses import replace

from tests.fakes_outside import FakeLetters
from tests.service.lines import OWNER, Line
from voicebot.domain.sms import Draft
from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.service.hotline import QueuedChannel, context_of
from voicebot.service.outbox.channels import tell_member, why_unreachable
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.mail_channel import MailChannel
from voicebot.service.outbox.text_channel import TextChannel

ANNA = StaffMember(id="owner_1", name="Anna", role="handler", phone=OWNER, email="anna@harbour.example")
DRAFT = Draft(purpose="alarm:x:owner_1", template=Template.STAFF_LOOP, slots={"case": "482-913-756", "company": "H"})


def use(line: Line) -> FakeLetters:
    letters = FakeLetters()
    channel = MailChannel(letters)
    assert isinstance(channel, QueuedChannel)
    line.use(staff_channels=(TextChannel(), channel))
    return letters


def test_the_mail_channel_reaches_whoever_has_a_mailbox(line: Line) -> None:
    use(line)
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert why_unreachable(context, ANNA.model_copy(update={"phone": ""})) == ""
        nobody = ANNA.model_copy(update={"phone": "", "email": ""})
        assert "has no e-mail address in escalation.yaml (e-mail)" in why_unreachable(context, nobody)


def test_a_mail_has_case_and_company_as_its_subject_and_the_words_of_the_text(line: Line) -> None:
    letters = use(line)
    ticket = line.ticket(line.ring())
    with line.work() as work:
        tell_member(context_of(line.hotline, work), ticket, member=ANNA, draft=DRAFT)
        (message,) = work.staff_messages.of_ticket(ticket.id)
        work.commit()
    MailChannel(letters).deliver(line.hotline, message, ANNA)
    ((address, letter),) = letters.sent
    assert (address, letter.key, letter.subject) == ("anna@harbour.example", message.id, "H: case 482-913-756")
    assert letter.body.startswith("A telephone forwards our own number")


def test_urgent_news_goes_by_all_channels_a_person_wants_and_what_can_wait_by_the_first(line: Line) -> None:
    use(line)
    by_mail = ANNA.model_copy(update={"tell_by": (ChannelName.MAIL, ChannelName.TEXT)})
    alone = ANNA.model_copy(update={"tell_by": (ChannelName.MAIL,)})
    ticket = line.ticket(line.ring())

    def told(member: StaffMember, draft: Draft) -> tuple[int, int]:
        with line.work() as work:
            tell_member(context_of(line.hotline, work), ticket, member=member, draft=draft)
            texts = [sms for sms in work.sms.of_ticket(ticket.id) if sms.purpose == draft.purpose]
            return len(texts), len(work.staff_messages.of_ticket(ticket.id))

    assert told(ANNA, DRAFT) == (1, 1)
    assert told(alone, DRAFT) == (0, 1)
    assert told(by_mail, DRAFT) == (1, 1)
    assert told(by_mail, replace(DRAFT, can_wait=True)) == (0, 1)
    assert told(ANNA, replace(DRAFT, can_wait=True)) == (1, 0)


def test_who_wants_a_channel_alone_that_is_not_set_up_is_not_reached(line: Line) -> None:
    with line.work() as work:
        alone = ANNA.model_copy(update={"tell_by": (ChannelName.CHAT,)})
        assert "not set up here" in why_unreachable(context_of(line.hotline, work), alone)

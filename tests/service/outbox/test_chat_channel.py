"""Chat and push as a channel: whom it reaches, and what is posted where."""

from tests.builders import a_staff_message
from tests.fakes_outside import FakeLetters
from tests.service.lines import Line
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.service.hotline import QueuedChannel, context_of
from voicebot.service.outbox.chat_channel import ChatChannel
from voicebot.service.outbox.compose import Template

ANNA = StaffMember(id="owner_1", name="Anna", role="handler", chat="team")


def test_the_chat_channel_reaches_whoever_has_a_chat_that_the_setting_names(line: Line) -> None:
    channel = ChatChannel(FakeLetters(), {"team"})
    assert isinstance(channel, QueuedChannel)
    with line.work() as work:
        context = context_of(line.hotline, work)
        assert channel.why_not(context, ANNA) == ""
        assert channel.why_not(context, ANNA.model_copy(update={"chat": ""})) == "has no chat in escalation.yaml"
        lost = ANNA.model_copy(update={"chat": "gone"})
        assert "VOICEBOT_CHAT_URLS does not name" in channel.why_not(context, lost)


def test_a_message_waits_in_the_outbox_and_is_posted_by_the_name_of_the_chat(line: Line) -> None:
    letters = FakeLetters()
    channel = ChatChannel(letters, {"team"})
    ticket = line.ticket(line.ring())
    draft = Draft(purpose="alarm:x:owner_1", template=Template.STAFF_LOOP, slots={"case": "1", "company": "H"})
    with line.work() as work:
        channel.hand_over(context_of(line.hotline, work), ticket, member=ANNA, draft=draft)
        (message,) = work.staff_messages.of_ticket(ticket.id)
    assert message.channel == "chat"
    sent = channel.deliver(line.hotline, a_staff_message(channel="chat"), ANNA)
    assert not sent.has_receipt
    assert [address for address, _ in letters.sent] == ["team"]

"""A message to a member of staff that stands on no case and waits in no outbox. It is sent now, by one channel.

For what must not wait for the worker, such as a trial of a channel, an alarm that the worker itself is gone.
Knows: how a channel sends. Must not know: why, who is told.
"""

from datetime import datetime

from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_message import MessageState, StaffMessage
from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline, QueuedChannel, StaffChannel
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import Letter, LetterSender, MessageRefused, SmsBusy, SmsRefused, SmsUncertain

UNCERTAIN = "the carrier did not answer, so it may have been sent or not"


def loose_message(letter: Letter, member: StaffMember, *, template: str, at: datetime) -> StaffMessage:
    """Return a letter as a message to a member that belongs to no case."""
    return StaffMessage(
        id=letter.key,
        ticket_id="",
        purpose="",
        channel="",
        member_id=member.id,
        template=template,
        subject=letter.subject,
        body=letter.body,
        state=MessageState.SENDING,
        created_at=at,
        not_before=at,
        state_at=at,
    )


def send_at_once(hotline: Hotline, channel: StaffChannel, member: StaffMember, message: StaffMessage) -> str:
    """Send it now, and return what kept it from being sent, empty when nothing did."""
    try:
        if isinstance(channel, QueuedChannel):
            channel.deliver(hotline, message, member)
        else:
            assert isinstance(channel, TextChannel), "every other channel is a queued one"
            channel.send_now(hotline, member, message.body)
    except MessageRefused as refusal:
        return refusal.reason
    except SmsRefused as refusal:
        return f"the carrier refused it with error {refusal.code}"
    except SmsBusy:
        return "the carrier is busy; try again in a minute"
    except SmsUncertain:
        return UNCERTAIN
    except Unavailable as problem:
        return str(problem)
    return ""


def post_at_once(sender: LetterSender, address: str, letter: Letter) -> str:
    """Send a letter to an address that is nobody's of the staff, and return what kept it from being sent."""
    try:
        sender.send(address, letter)
    except MessageRefused as refusal:
        return refusal.reason
    except Unavailable as problem:
        return str(problem)
    return ""

"""Chat and push as a channel. It reaches whoever has a chat in `escalation.yaml` that the setting knows.

Its setting is `VOICEBOT_CHAT_URLS`, with an address for each name. Several people may share one, such as a team's room.
Knows: names of chats. Must not know: addresses (they are secrets), who is told what.
"""

from collections.abc import Collection

from voicebot.domain.sms import Draft
from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.domain.staff_message import StaffMessage
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context, Hotline, HotlineRules, Sent
from voicebot.service.outbox.staff_outbox import letter_of, write_message
from voicebot.service.ports import LetterSender


class ChatChannel:
    """Fulfils `QueuedChannel`."""

    name = ChannelName.CHAT

    def __init__(self, sender: LetterSender, names: Collection[str]) -> None:
        """`names` are the chats that the setting has."""
        self._sender = sender
        self._names = names

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        """Return why a member has no chat, in words that follow their name, empty when they have one."""
        if not member.chat:
            return "has no chat in escalation.yaml"
        return (
            "" if member.chat in self._names else "has a chat in escalation.yaml that VOICEBOT_CHAT_URLS does not name"
        )

    def why_not(self, context: Context, member: StaffMember) -> str:
        """Return why no chat reaches a member, in words that follow their name, empty when one does."""
        return self.why_no_address(context.hotline.rules, member)

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        """Write the message to the outbox for staff."""
        write_message(context, ticket, channel=self.name, member=member, draft=draft)

    def deliver(self, hotline: Hotline, message: StaffMessage, member: StaffMember) -> Sent:
        """Post it. The service says no more of it. Raises: MessageRefused, Unavailable."""
        self._sender.send(member.chat, letter_of(message))
        return Sent()

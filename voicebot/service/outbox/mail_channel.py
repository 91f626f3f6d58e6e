"""E-mail as a channel. It reaches whoever has a mailbox in `escalation.yaml`.

Its settings are `VOICEBOT_MAIL_URL` and `VOICEBOT_MAIL_FROM`.
Knows: mailboxes of staff. Must not know: SMTP, who is told what.
"""

from voicebot.domain.sms import Draft
from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.domain.staff_message import StaffMessage
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context, Hotline, HotlineRules, Sent
from voicebot.service.outbox.staff_outbox import letter_of, write_message
from voicebot.service.ports import LetterSender


class MailChannel:
    """Fulfils `QueuedChannel`."""

    name = ChannelName.MAIL

    def __init__(self, sender: LetterSender) -> None:
        self._sender = sender

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        """Return that a member has no mailbox, in words that follow their name, empty when they have."""
        return "" if member.email else "has no e-mail address in escalation.yaml"

    def why_not(self, context: Context, member: StaffMember) -> str:
        """Return why no mail reaches a member, in words that follow their name, empty when one does."""
        return self.why_no_address(context.hotline.rules, member)

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        """Write the mail to the outbox for staff."""
        write_message(context, ticket, channel=self.name, member=member, draft=draft)

    def deliver(self, hotline: Hotline, message: StaffMessage, member: StaffMember) -> Sent:
        """Hand it to the mail server, which says no more of it. Raises: MessageRefused, Unavailable."""
        self._sender.send(member.email, letter_of(message))
        return Sent()

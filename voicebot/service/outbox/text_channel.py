"""Text messages as a channel. It says whether one reaches a member of staff, and how it is handed over.

Its settings are those of texts. `TWILIO_PHONE_NUMBER` sends them, and the telephone in `escalation.yaml` gets them. How
many may go to one telephone in a day stands in limits.py, which asks here too when a text is about to leave.
Knows: the number gate for staff, their requests about texts. Must not know: who is told what.
"""

from enum import StrEnum

from voicebot.domain.sms import Draft
from voicebot.domain.staff import ChannelName, StaffMember
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context, Hotline, HotlineRules
from voicebot.service.number_gate import may_text_staff
from voicebot.service.outbox.compose import compose


class TextBarrier(StrEnum):
    """What keeps texts from a telephone of staff. Values are stored with a text that was held back."""

    NO_PHONE = "no telephone"
    GATE = "the number gate stopped it"
    STOPPED = "opted out"


_SAID = {
    TextBarrier.NO_PHONE: "has no telephone in escalation.yaml",
    TextBarrier.GATE: "has a telephone in escalation.yaml that we may not text "
    "(a landline, a premium line, a number of ours or none in use)",
    TextBarrier.STOPPED: "answered STOP to our texts; START from the same telephone lets them through again",
}


def text_barrier(context: Context, phone: str) -> TextBarrier | None:
    """Return what keeps texts from a telephone of staff, or None when nothing does."""
    barrier = _barrier_of_number(context.hotline.rules, phone)
    if barrier is not None:
        return barrier
    return TextBarrier.STOPPED if context.work.sms.opted_out(phone, context.hotline.rules.own_number) else None


def _barrier_of_number(rules: HotlineRules, phone: str) -> TextBarrier | None:
    if not phone:
        return TextBarrier.NO_PHONE
    return None if may_text_staff(rules, phone) else TextBarrier.GATE


def _said(barrier: TextBarrier | None) -> str:
    return "" if barrier is None else _SAID[barrier]


class TextChannel:
    """Fulfils `StaffChannel` with a row of the outbox, sent by a job."""

    name = ChannelName.TEXT

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        """Return what is wrong with the telephone that is written down, in words that follow the member's name."""
        return _said(_barrier_of_number(rules, member.phone))

    def why_not(self, context: Context, member: StaffMember) -> str:
        """Return why no text reaches a member, in words that follow their name, empty when one does."""
        return _said(text_barrier(context, member.phone))

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        """Write the text to the outbox."""
        compose(context, ticket, draft, recipient=member.phone)

    def send_now(self, hotline: Hotline, member: StaffMember, body: str) -> None:
        """Send a text that stands on no case, and wait for the carrier's answer. Raises as `SmsSender.send` does."""
        hotline.sms_sender.send(member.phone, body)

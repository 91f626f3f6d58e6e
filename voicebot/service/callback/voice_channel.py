"""A voice call as a channel to staff. After the text of a ladder's step, the telephone rings and takes a key.

Which steps and warnings ring stands in `escalation.yaml`. For these a call reaches whoever has a telephone that may be
rung, also a fixed line, and somebody who answered STOP to our texts. Nothing else is read out. It goes as a text where
somebody wants to be told by calls, and then a call reaches whom a text reaches.
Who is rung later because of the policy's limit stands in the history (dial.py).
Knows: that some messages ring. Must not know: which, what is said, which key does what.
Source: script.md 7 (ladder); complaints.md S0-12.
"""

from datetime import timedelta

from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCallKind
from voicebot.domain.ticket import Ticket
from voicebot.service.callback.barrier import member_barrier, telephone_of
from voicebot.service.callback.order import CallOrder, write_order
from voicebot.service.callback.words import TRIAL
from voicebot.service.hotline import Context, Hotline, HotlineRules, StaffChannel

LONGEST_TRIAL = timedelta(minutes=1)


class VoiceChannel:
    """Fulfils `RingingChannel` with a row of calls to staff, dialled by a job."""

    name = "call"

    def __init__(self, texts: StaffChannel) -> None:
        self._texts = texts

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        """Return what is wrong with the telephone that is written down."""
        return self._texts.why_no_address(rules, member)

    def why_not(self, context: Context, member: StaffMember) -> str:
        """Return why a member does not get what is not for ringing. It then goes as a text."""
        return self._texts.why_not(context, member)

    def why_not_rung(self, context: Context, member: StaffMember) -> str:
        """Return why a member is not rung, in words that follow their name, empty when they are."""
        if context.policy.callbacks.ladder_rings_after is None:
            return self._texts.why_not(context, member)
        barrier = member_barrier(context.hotline, member)
        return "" if barrier is None else "has no telephone that may be rung"

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        """Order the call, once for each purpose, where the policy has calls of the ladder, else send the text."""
        if not draft.rings or context.policy.callbacks.ladder_rings_after is None:
            # Somebody who wants calls alone is told the rest all the same; its purpose keeps a text from going twice.
            self._texts.hand_over(context, ticket, member=member, draft=draft)
            return
        order = CallOrder(
            ticket=ticket,
            member=member,
            ordered_by="worker",
            delay=draft.delay,
            kind=StaffCallKind.LADDER,
            purpose=draft.purpose,
        )
        write_order(context, order)

    def try_now(self, hotline: Hotline, member: StaffMember) -> None:
        """Ring once for a trial, and say that it is one (words.py). Raises as `CallPlacer.ring`."""
        rules = hotline.flows.current_policy().callbacks
        hotline.calls.ring(telephone_of(member), TRIAL, ring_for=rules.ring_for, longest=LONGEST_TRIAL)

"""A voice call as a channel to staff: after the text of a ladder's step, the telephone rings and takes a key.

A call follows a text. So it reaches whom a text reaches, and makes nobody reachable by itself: an alarm or a notice is
not read out, and goes as a text where somebody wants to be told by calls. Who is not rung because of the policy's limit
stands in the history (dial.py).
Knows: which messages ring, and how long after the text. Must not know: what is said, which key does what.
Source: script.md 7 (ladder); complaints.md S0-12.
"""

from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCallKind
from voicebot.domain.ticket import Ticket
from voicebot.service.callback.barrier import member_barrier
from voicebot.service.callback.order import CallOrder, write_order
from voicebot.service.hotline import Context, HotlineRules, StaffChannel
from voicebot.service.outbox.purpose import TextKind

RINGS = frozenset({TextKind.STEP})
"""Kinds of messages that ring: a step of a ladder, after a promise was missed."""


class VoiceChannel:
    """Fulfils `StaffChannel`: a row of calls to staff, dialled by a job."""

    name = "call"

    def __init__(self, texts: StaffChannel) -> None:
        self._texts = texts

    def why_no_address(self, rules: HotlineRules, member: StaffMember) -> str:
        """Return what is wrong with the telephone that is written down."""
        return self._texts.why_no_address(rules, member)

    def why_not(self, context: Context, member: StaffMember) -> str:
        """Return why a member is not rung, in words that follow their name; empty when they are."""
        barrier = member_barrier(context.hotline, member)
        return self._texts.why_not(context, member) or ("" if barrier is None else "has no telephone that may be rung")

    def hand_over(self, context: Context, ticket: Ticket, *, member: StaffMember, draft: Draft) -> None:
        """Order the call, once for each purpose, where the policy has calls of the ladder; else send the text."""
        after = context.policy.callbacks.ladder_rings_after
        if TextKind(draft.purpose.partition(":")[0]) not in RINGS or after is None:
            # Somebody who wants calls alone is told the rest all the same; its purpose keeps a text from going twice.
            self._texts.hand_over(context, ticket, member=member, draft=draft)
            return
        order = CallOrder(
            ticket=ticket,
            member=member,
            ordered_by="worker",
            delay=after,
            kind=StaffCallKind.LADDER,
            purpose=draft.purpose,
        )
        write_order(context, order)

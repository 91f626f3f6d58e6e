"""The context of a use case inside one call. It is what `Context` has, the locked call, the flow and policy it began
with.

Knows: what belongs to a call for the length of one transaction. Must not know: what is done with it.
"""

from dataclasses import dataclass
from functools import cached_property

from voicebot.domain.call import Call
from voicebot.domain.call_event import Part
from voicebot.domain.ticket import Ticket
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.service.definitions import flow_of, policy_of
from voicebot.service.history import Verb, mark_call, note_case
from voicebot.service.hotline import Context
from voicebot.service.log_context import name_call, name_case
from voicebot.service.lookup import ticket_of


@dataclass(frozen=True, kw_only=True)
class CallContext(Context):
    """One locked call inside one transaction. Rows that it touches are read afresh, never carried along."""

    call: Call
    began_with_flow: Flow
    began_with_policy: Policy

    @cached_property
    def flow(self) -> Flow:
        """The flow that the call began with, whatever was edited since."""
        return self.began_with_flow

    @cached_property
    def policy(self) -> Policy:
        """The policy that the call began with, whatever was edited since."""
        return self.began_with_policy

    def ticket(self) -> Ticket:
        """Return the call's ticket as it stands now."""
        return ticket_of(self.work, self.call.ticket_id)

    def note(self, verb: Verb, *, actor: str = "caller", before: str = "", after: str = "") -> None:
        """Write one line of the ticket's history."""
        note_case(self.work, self.call.ticket_id, verb, at=self.now, actor=actor, before=before, after=after)

    def mark(self, what: str, *, part: Part, detail: str = "") -> None:
        """Write an event of the call, for those who look into how it went."""
        mark_call(self.work, self.call, self.now, what=what, part=part, detail=detail)


def call_context_of(context: Context, call: Call) -> CallContext:
    """Return the context of a running call, with the flow and policy that it began with.

    The log names the call from here on. Raises: Unavailable when these were never kept.
    """
    name_call(call.id)
    name_case(ticket_of(context.work, call.ticket_id))
    return CallContext(
        hotline=context.hotline,
        work=context.work,
        now=context.now,
        call=call,
        began_with_flow=flow_of(context.hotline.flows, context.work, call),
        began_with_policy=policy_of(context.hotline.flows, context.work, call.policy_digest),
    )

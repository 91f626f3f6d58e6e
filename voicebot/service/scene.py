"""What a use case inside a call has in its hands: ports, transaction, the call, its flow and policy, the instant.

Knows: which things belong together for the length of one transaction. Must not know: what is done with them.
"""

from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.call import Call
from voicebot.domain.call_event import Part
from voicebot.domain.ticket import Ticket
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.service.definitions import flow_of, policy_of
from voicebot.service.history import Verb, mark_call, note_case
from voicebot.service.hotline import Hotline
from voicebot.service.log_context import name_call, name_case
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class CallScene:
    """One locked call inside one transaction; rows it touches are read afresh, never carried along."""

    hotline: Hotline
    work: UnitOfWork
    call: Call
    flow: Flow
    policy: Policy
    now: datetime

    def ticket(self) -> Ticket:
        """Return the call's ticket as it stands now."""
        return ticket_of(self.work, self.call.ticket_id)

    def note(self, verb: Verb, *, actor: str = "caller", before: str = "", after: str = "") -> None:
        """Write one line of the ticket's history."""
        note_case(self.work, self.call.ticket_id, verb, at=self.now, actor=actor, before=before, after=after)

    def mark(self, what: str, *, part: Part, detail: str = "") -> None:
        """Write an event of the call, for those who look into how it went."""
        mark_call(self.work, self.call, self.now, what=what, part=part, detail=detail)


def scene_of(hotline: Hotline, work: UnitOfWork, call: Call) -> CallScene:
    """Set the scene of a running call with the flow and policy that it began with; the log names it from here on."""
    name_call(call.id)
    name_case(ticket_of(work, call.ticket_id))
    return CallScene(
        hotline=hotline,
        work=work,
        call=call,
        flow=flow_of(hotline, work, call),
        policy=policy_of(hotline, work, call.policy_digest),
        now=hotline.clock.now(),
    )

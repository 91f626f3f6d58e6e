"""What a use case inside a call has in its hands: ports, transaction, the call, its flow and policy, the instant.

Knows: which things belong together for the length of one transaction. Must not know: what is done with them.
"""

from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.call import Call
from voicebot.domain.call_event import CallEvent, Part
from voicebot.domain.case_number import read_case_number
from voicebot.domain.ticket import HistoryEntry, Ticket
from voicebot.errors import Refused
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Hotline
from voicebot.service.log_names import name_case
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

    def note(self, verb: str, *, actor: str = "caller", before: str = "", after: str = "") -> None:
        """Write one line of the ticket's history."""
        entry = HistoryEntry(
            ticket_id=self.call.ticket_id, at=self.now, actor=actor, verb=verb, before=before, after=after
        )
        self.work.tickets.note(entry)

    def mark(self, what: str, *, part: Part, detail: str = "") -> None:
        """Write an event of the call, for those who look into how it went."""
        mark_call(self.work, self.call, self.now, what=what, part=part, detail=detail)


def mark_call(work: UnitOfWork, call: Call, at: datetime, *, what: str, part: Part, detail: str = "") -> None:
    """Write an event of a call in the transaction under way."""
    event = CallEvent(ticket_id=call.ticket_id, call_id=call.id, at=at, part=part, what=what, detail=detail)
    work.events.add(event)


def ticket_of(work: UnitOfWork, ticket_id: str) -> Ticket:
    """Return the ticket that a row points to, and name it in the log; one that is not there is a broken store."""
    ticket = work.tickets.get(ticket_id)
    assert ticket is not None, f"ticket {ticket_id} is gone"
    name_case(ticket)
    return ticket


def find_ticket(work: UnitOfWork, case: str) -> Ticket:
    """Return the case that staff named, by number with or without hyphens.

    Raises: Refused when it is no case number, or none of ours.
    """
    number = read_case_number(case)
    if number is None:
        raise Refused(
            f"{case!r} is no case number: those have nine digits, like 482-719-300, and the last checks the rest",
            code="case-number",
        )
    ticket = work.tickets.by_case_number(number)
    if ticket is None:
        raise Refused(f"there is no case {case}; `voicebot tickets` lists those there are", code="case-unknown")
    return ticket

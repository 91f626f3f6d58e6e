"""Find a call or a case, by whatever the asker knows of it.

Knows: calls, cases, how the log names them. Must not know: who asks, what is done with what was found.
"""

from collections.abc import Collection, Mapping, Sequence

from voicebot.domain.call import Call
from voicebot.domain.case_number import read_case_number
from voicebot.domain.ticket import Ticket
from voicebot.errors import CarrierFault, Refused
from voicebot.service.hotline import Hotline
from voicebot.service.log_context import name_call, name_case
from voicebot.service.ports import UnitOfWork


def find_call(hotline: Hotline, carrier_call_id: str) -> Call | None:
    """Return the call that the carrier knows by this id, and name it in the log, or None when it never came here."""
    with hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(carrier_call_id)
        if call is not None:
            name_call(call.id)
            name_case(ticket_of(work, call.ticket_id))
        return call


def get_call(hotline: Hotline, call_id: str) -> Call | None:
    """Return a call by our own id."""
    with hotline.unit_of_work() as work:
        return work.calls.get(call_id)


def ticket_of(work: UnitOfWork, ticket_id: str) -> Ticket:
    """Return the ticket that a row points to, and name it in the log. One that is not there is a broken store."""
    ticket = work.tickets.get(ticket_id)
    assert ticket is not None, f"ticket {ticket_id} is gone"
    name_case(ticket)
    return ticket


def going_on(work: UnitOfWork, ticket_id: str) -> Ticket:
    """Return a case, or the one that it became a part of.

    Staff join cases while a call goes on: what came of the call belongs to the case that goes on.
    """
    ticket = ticket_of(work, ticket_id)
    while ticket.merged_into is not None:
        ticket = ticket_of(work, ticket.merged_into)
    return ticket


def joined_into(work: UnitOfWork, ticket_id: str) -> Sequence[str]:
    """Return the ids of all that was joined into a case, also by way of another one."""
    return [each for one in work.tickets.merged_into(ticket_id) for each in (one, *joined_into(work, one))]


def find_ticket(work: UnitOfWork, case: str) -> Ticket:
    """Return the case that staff named, by number with or without hyphens.

    Raises: Refused when it is no case number, or none of ours.
    """
    return find_tickets(work, [case])[case]


def find_tickets(work: UnitOfWork, cases: Collection[str]) -> Mapping[str, Ticket]:
    """Return the cases that staff named, each by how it was named. Raises: Refused as `find_ticket`."""
    numbers = {case: _number_named(case) for case in cases}
    found = work.tickets.by_case_numbers(set(numbers.values()))
    for case, number in numbers.items():
        if number not in found:
            raise Refused(
                f"there is no case {case}; `voicebot tickets --all` lists those there are", code="case-unknown"
            )
    return {case: found[number] for case, number in numbers.items()}


def _number_named(case: str) -> str:
    number = read_case_number(case)
    if number is None:
        raise Refused(
            f"{case!r} is no case number: those have nine digits, like 482-719-300, and the last checks the rest",
            code="case-number",
        )
    return number


def lock_call(work: UnitOfWork, call_id: str) -> Call:
    """Return a call, its row locked until the transaction ends.

    Raises: CarrierFault when there is no such call.
    """
    call = work.calls.lock(call_id)
    if call is None:
        raise CarrierFault("taking up a call that was never answered here")
    return call

"""Which cases are about one matter: what was joined into a case, and what was split off from it, however often.

A case that was joined wrongly and taken out again is about another matter.
Knows: cases, their history. Must not know: what is counted over them.
"""

from collections.abc import Iterator

from voicebot.domain.ticket import Ticket
from voicebot.service.history import Verb
from voicebot.service.ports import UnitOfWork


def cases_of_matter(work: UnitOfWork, ticket: Ticket) -> tuple[str, ...]:
    """Return the ids of all cases about the matter of this one, its own first."""
    found = {ticket.id: ticket}
    to_look_at = [ticket]
    while to_look_at:
        for other in _next_to(work, to_look_at.pop()):
            if other.id not in found:
                found[other.id] = other
                to_look_at.append(other)
    return tuple(found)


def _next_to(work: UnitOfWork, ticket: Ticket) -> Iterator[Ticket]:
    joined = (work.tickets.get(each) for each in work.tickets.merged_into(ticket.id))
    yield from (each for each in joined if each is not None)
    parts, came = (_named(work, ticket, verb) for verb in (Verb.PART_GIVEN, Verb.CASE_TAKEN_IN))
    yield from parts
    yield from (whole for whole in came if ticket.case_number in _numbers(work, whole, Verb.PART_GIVEN))


def _named(work: UnitOfWork, ticket: Ticket, verb: Verb) -> list[Ticket]:
    """Return the cases that a case's history names after a verb."""
    found = (work.tickets.by_case_number(number) for number in _numbers(work, ticket, verb))
    return [each for each in found if each is not None]


def _numbers(work: UnitOfWork, ticket: Ticket, verb: Verb) -> list[str]:
    return [entry.after for entry in work.tickets.history(ticket.id) if entry.verb == verb]

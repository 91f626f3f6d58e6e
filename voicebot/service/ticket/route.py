"""A case goes to whom its kind names, and comes back where the kind was said by mistake.

It is not taken from somebody who has called the complainant already, because nobody wants to tell it anew. Of a group
whoever is on duty first, and then has fewest open cases, gets it. What the kind moved stands in the history at the
instant of the kind, as given by the system, and is undone by that.
Knows: owners, the rota, the history of a case. Must not know: pages, what else a kind sets.
Source: complaints.md section 3 (route by kind), S1-01 (whoever complains is not passed on).
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from voicebot.domain.category import Category
from voicebot.domain.rota import LOOK_AHEAD, Person
from voicebot.domain.ticket import HistoryEntry, Ticket, is_open
from voicebot.service.history import Verb, note_case, standing
from voicebot.service.hotline import Context
from voicebot.service.staff.members import SYSTEM
from voicebot.service.staff.readers import barred
from voicebot.service.staff.rota import rota_of
from voicebot.service.ticket.hand_over import pass_to

_CALLED = frozenset({Verb.COMPLAINANT_CALLED, Verb.COMPLAINANT_TRIED})
_MOVES = frozenset({Verb.TICKET_GIVEN, Verb.TICKET_TAKEN_OVER, Verb.OWNER_AWAY})


def routed(context: Context, ticket: Ticket, *, before: Category | None, now: Category | None, actor: str) -> Ticket:
    """Give a case to whom its kind names, or back to whoever had it before another kind moved it."""
    if not is_open(ticket):
        return ticket
    lines = standing(context.work.tickets.history(ticket.id))
    wanted = _chosen(context, ticket, now.owner) if now is not None and now.owner else _former(context, lines, before)
    if wanted in ("", ticket.owner_id) or _has_called(context, ticket, lines):
        return ticket
    verb, owner = Verb.TICKET_GIVEN, ticket.owner_id
    note_case(context.work, ticket.id, verb, at=context.now, actor=SYSTEM, before=owner, after=wanted)
    return pass_to(context, ticket, wanted, by=actor)


def _chosen(context: Context, ticket: Ticket, named: str) -> str:
    """Return whom of those named a case goes to. Whoever is one of them and has it keeps it. Empty for nobody."""
    out, rota = barred(context, ticket), rota_of(context.work, context.policy, now=context.now)
    known = rota.person(named)
    people = [each for each in ((known,) if known else rota.of_role(named)) if each.id not in out]
    if not people or any(each.id == ticket.owner_id for each in people):
        return ticket.owner_id
    loads = context.work.tickets.open_counts([each.id for each in people])

    def rank(person: Person) -> tuple[datetime, int]:
        return rota.next_of(person, context.now) or context.now + LOOK_AHEAD, loads.get(person.id, 0)

    return min(people, key=rank).id


def _former(context: Context, lines: Sequence[HistoryEntry], before: Category | None) -> str:
    """Return who had a case before kinds moved it, one after the other, where that was the last to move it. Empty when
    nothing is undone.
    """
    if before is None or not (before.owner or before.seen_by):
        return ""
    kinds = {line.at for line in lines if line.verb == Verb.CATEGORY_SET}
    moves = [line for line in reversed(lines) if line.verb in _MOVES]
    by_kinds = list(takewhile(lambda line: line.actor == SYSTEM and line.at in kinds, moves))
    return by_kinds[-1].before if by_kinds else ""


def _has_called(context: Context, ticket: Ticket, lines: Sequence[HistoryEntry]) -> bool:
    """Tell whether whoever has the case has called its complainant, or does so now."""
    under_way = context.work.staff_calls.under_way((ticket.id,))
    is_calling = any(call.member_id == ticket.owner_id for call in under_way)
    return is_calling or any(line.verb in _CALLED and line.actor == ticket.owner_id for line in lines)

"""Notes who has a case open, and says so to the others.

Noting writes beside the page, and seldom. Where the database takes no writes it is left out, because nothing rests on
it.
Knows: presences, names of people. Must not know: pages, threads.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from voicebot.domain.access import Seen
from voicebot.domain.presence import LASTS, Presence, is_to_be_noted
from voicebot.errors import Unavailable
from voicebot.service.hotline import Context, Hotline
from voicebot.service.lookup import find_ticket
from voicebot.service.staff.members import member_names


def note_presence(hotline: Hotline, seen: Seen) -> None:
    """Note that a member looks at a case, unless that was noted a moment ago. Raises: Refused for an unknown case."""
    try:
        with hotline.look() as work:
            ticket_id = find_ticket(work, seen.case).id
            known = work.presences.of_tickets([ticket_id], seen.at - LASTS)
        mine = next((each for each in known if each.member_id == seen.staff_id), None)
        if is_to_be_noted(mine, seen.at):
            with hotline.unit_of_work() as work:
                work.presences.put(Presence(ticket_id=ticket_id, member_id=seen.staff_id, seen_at=seen.at))
                work.commit()
    except Unavailable:
        return


def who_is_here(context: Context, ticket_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return by case who has it open, names by their ids, whoever came first first."""
    here: dict[str, dict[str, str]] = defaultdict(dict)
    found = context.work.presences.of_tickets(ticket_ids, context.now - LASTS) if ticket_ids else ()
    names = member_names(context.work, context.policy, {each.member_id for each in found})
    for each in found:
        here[each.ticket_id][each.member_id] = names[each.member_id]
    return here

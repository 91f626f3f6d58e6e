"""Which case a case follows, who follows it, what they were told, and whom an update would reach now.

Read only. Each telephone is told once, however many cases it has among the followers.
Knows: followers, where texts of a case go. Must not know: pages, when somebody is told.
Source: complaints.md D-06.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.domain.about import Reader, may_see
from voicebot.domain.case_number import written
from voicebot.domain.lead_case import Following, LeadUpdate, read_update
from voicebot.domain.ticket import Ticket, is_open
from voicebot.flow.prompts import render_text
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import find_ticket, ticket_of
from voicebot.service.outbox.compose import Template, address_of, slots_of
from voicebot.service.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadView:
    """How a case stands among many on one cause."""

    lead: str = ""
    """Number of the case that this one follows, as people write it. Empty when it follows none."""
    followers: tuple[tuple[str, Following], ...] = ()
    """Numbers of the cases that follow this one, in the order in which they began."""
    updates: tuple[tuple[LeadUpdate, int, int], ...] = ()
    """Newest first, each with how many were told, and how many are to be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdatePreview:
    """What would be sent, and to whom."""

    case: str
    words: str
    text: str
    """As the lead case's own complainant would read it."""
    reached: tuple[Ticket, ...]
    left_out: tuple[tuple[str, str], ...]
    """Numbers of the other cases, each with the reason."""


def lead_view(work: UnitOfWork, ticket_id: str) -> LeadView:
    """Return how a case stands among many on one cause."""
    lead = work.lead_cases.lead_of(ticket_id)
    followers = [(ticket_of(work, each.ticket_id), each) for each in work.lead_cases.followers_of(ticket_id)]
    return LeadView(
        lead="" if lead is None else _number_shown(ticket_of(work, lead), work.reader),
        followers=tuple(
            (written(ticket.case_number), each) for ticket, each in followers if may_see(ticket, work.reader)
        ),
        updates=tuple(work.lead_cases.updates_of(ticket_id)),
    )


def preview_update(hotline: Hotline, case: str, typed: str) -> UpdatePreview:
    """Return what an update would be. Raises: Refused when there is no such case, or the words cannot be sent."""
    words = read_update(typed)
    with hotline.look() as work:
        context, ticket = context_of(hotline, work), find_ticket(work, case)
        reached, left_out = whom_it_reaches(context, ticket)
        return UpdatePreview(
            case=written(ticket.case_number),
            words=words,
            text=render_text(context.flow, ticket.locale, Template.LEAD_UPDATE, update_slots(context, ticket, words)),
            reached=tuple(each for each, _number in reached if may_see(each, work.reader)),
            left_out=left_out,
        )


def update_slots(context: Context, ticket: Ticket, words: str) -> dict[str, str]:
    """Return the slots of an update's text in one case."""
    return slots_of(context, ticket, None) | {"why": words}


def whom_it_reaches(context: Context, lead: Ticket) -> tuple[Sequence[tuple[Ticket, str]], tuple[tuple[str, str], ...]]:
    """Return the cases that an update reaches with the telephones, the lead's own first, and why not the others.

    A case that the reader may not see is told like any other, and is named nowhere.
    """
    reached, left_out, told = list[tuple[Ticket, str]](), list[tuple[str, str]](), dict[str, str]()
    followers = [ticket_of(context.work, each.ticket_id) for each in context.work.lead_cases.followers_of(lead.id)]
    # Hidden ones come last, so that none of them stands as the reason why another is left out.
    for ticket in (lead, *sorted(followers, key=lambda each: not may_see(each, context.work.reader))):
        address, number = address_of(context, ticket), _number_shown(ticket, context.work.reader)
        if not is_open(ticket):
            left_out.append((number, "the case is over"))
        elif address.why_not:
            left_out.append((number, address.why_not))
        elif address.number in told:
            left_out.append((number, f"the same telephone is told in case {told[address.number]}"))
        else:
            told[address.number] = number
            reached.append((ticket, address.number))
    return reached, tuple((number, why) for number, why in left_out if number)


def _number_shown(ticket: Ticket, reader: Reader) -> str:
    return written(ticket.case_number) if may_see(ticket, reader) else ""

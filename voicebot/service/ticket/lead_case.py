"""Cases follow a lead case, keep all that is theirs, and hear of the cause once for all.

Following moves nothing: each case keeps its number, its owner, its promise and its clocks. An update is kept with whom
it goes to, and the worker writes each text when its time has come. A text is written in the transaction that takes its
recipient, so a restart loses none and doubles none.
Knows: followers, recipients, the outbox. Must not know: pages.
Source: complaints.md D-06.
"""

from datetime import datetime

from voicebot.domain.about import may_see
from voicebot.domain.lead_case import (
    Following,
    LeadUpdate,
    UpdateRecipient,
    read_update,
    refuse_following,
    told_at_pace,
)
from voicebot.domain.sms import Draft
from voicebot.domain.ticket import is_open
from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import find_ticket, going_on
from voicebot.service.outbox.compose import Template, address_of, compose_to_complainant
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.queries.lead_case import update_slots, whom_it_reaches
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step, worded

AT_ONCE = 50
"""Recipients taken up in one round of the worker."""


def following(lead: str, *, words: str, actor: str, seen: int | None = None) -> Step:
    """Let the case follow another one. Refused for a circle, a chain, or where it follows one already."""
    said = worded(words, missing=Refused("following needs words: which cause is the same", code="join-wordless"))

    def follow(at: CaseContext) -> None:
        into = find_ticket(at.work, lead)
        followers = at.work.lead_cases.followers_of(at.ticket.id)
        lead_follows = at.work.lead_cases.lead_of(into.id) is not None
        refuse_following(at.ticket.id, into.id, lead_follows=lead_follows, is_lead=bool(followers))
        new = Following(ticket_id=at.ticket.id, lead_id=into.id, by=actor, at=at.now)
        if not at.work.lead_cases.follow(new):
            raise Refused("the case follows another one already: let it follow no more first", code="follow-not")
        note_case(at.work, into.id, Verb.CASE_FOLLOWED, at=at.now, actor=actor, after=at.ticket.case_number)

    after = f"{lead.strip()}: {said}"
    return Step(Decision(action=StaffAction.FOLLOWS, actor=actor, after=after, seen=seen), follow)


def following_no_more(*, actor: str, seen: int | None = None) -> Step:
    """Let the case follow none. Refused where it follows none."""

    def stop(at: CaseContext) -> None:
        if not at.work.lead_cases.unfollow(at.ticket.id):
            raise Refused("the case follows none, so there is nothing to end", code="follow-not")

    return Step(Decision(action=StaffAction.FOLLOWS_NONE, actor=actor, seen=seen), stop)


def updating(typed: str, *, count: int, actor: str, seen: int | None = None) -> Step:
    """Tell everybody who follows the case, and its own complainant. `count` is how many the preview named.

    Refused when that has changed, or nobody is reached.
    """
    words = read_update(typed)

    def tell(at: CaseContext) -> None:
        reached, _left_out = whom_it_reaches(at, at.ticket)
        shown = sum(may_see(ticket, at.work.reader) for ticket, _number in reached)
        if not reached or shown != count:
            raise Refused(
                f"the update reaches {shown} people now, and {count} when it was shown, so nothing was sent: "
                "look at it again",
                code="update-changed",
            )
        update = LeadUpdate(id=at.hotline.ids.new_id(), ticket_id=at.ticket.id, words=words, by=actor, at=at.now)
        instants = _paced(at, [number for _ticket, number in reached])
        at.work.lead_cases.add_update(
            update,
            [
                UpdateRecipient(update_id=update.id, ticket_id=ticket.id, not_before=instant)
                for (ticket, _number), instant in zip(reached, instants, strict=True)
            ],
        )

    after = f"{words} ({count})"
    return Step(Decision(action=StaffAction.UPDATE_SENT, actor=actor, after=after, seen=seen), tell)


def due_recipients(context: Context, limit: int = AT_ONCE) -> tuple[UpdateRecipient, ...]:
    """Return who is to be told by now."""
    return tuple(context.work.lead_cases.due(context.now, limit))


def tell_recipient(hotline: Hotline, recipient: UpdateRecipient) -> None:
    """Write the text of one recipient, once, to leave in the hours in which people there may be rung.

    Nobody is told whose case follows no more, or is over.
    """
    with hotline.unit_of_work() as work:
        work.tickets.hold(recipient.ticket_id)
        context = context_of(hotline, work)
        if not work.lead_cases.take(recipient, context.now):
            return
        ticket, update = going_on(work, recipient.ticket_id), work.lead_cases.update(recipient.update_id)
        is_meant = update.ticket_id in {recipient.ticket_id, work.lead_cases.lead_of(recipient.ticket_id)}
        if is_meant and is_open(ticket) and update.words:
            address = address_of(context, ticket)
            (at,) = _paced(context, [address.number]) if address.number else (context.now,)
            draft = Draft(
                purpose=purpose(TextKind.LEAD_UPDATE, update.id, ticket.id),
                template=Template.LEAD_UPDATE,
                slots=update_slots(context, ticket, update.words),
                delay=at - context.now,
            )
            compose_to_complainant(context, ticket, draft, to=address)
        work.commit()


def _paced(context: Context, numbers: list[str]) -> tuple[datetime, ...]:
    policy = context.policy
    return tuple(told_at_pace(numbers, context.now, hours=policy.callbacks.ring_hours, otherwise=policy.calendar.zone))

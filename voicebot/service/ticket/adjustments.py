"""Staff keep what is done otherwise for a complainant, once somebody has said yes to that, and delete it when asked.

It belongs to the number of the case, so the next case of the same person has it, too. The history says that something
was kept or withdrawn and never what, because it stays longer.
Knows: the case's lock, its number. Must not know: pages, what a kind asks of our calls and texts.
Source: complaints.md V-05.
"""

from voicebot.domain.adjustment import Adjustment, AdjustmentKind, TypedAdjustment, read_adjustment
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.staff.decision import lock_case


def keep_adjustment(hotline: Hotline, case: str, typed: TypedAdjustment, *, actor: str) -> Adjustment:
    """Keep it at the number of a case, in place of the same kind.

    Raises: Refused when the case is unknown or has no number, or nobody is named who consented.
    """
    with hotline.unit_of_work() as work:
        ticket, context = lock_case(work, case), context_of(hotline, work)
        today = context.policy.calendar.local_day(context.now)
        kept = read_adjustment(typed, _number(ticket), by=actor, now=context.now, today=today)
        work.adjustments.keep(kept)
        note_case(work, ticket.id, Verb.ADJUSTMENT_KEPT, at=context.now, actor=actor)
        work.commit()
        return kept


def withdraw_adjustment(hotline: Hotline, case: str, kind: AdjustmentKind, *, actor: str, number: str = "") -> None:
    """Delete it, because the consent was taken back. `number` is another one from which the case's complainant rang.

    Raises: Refused when the case is unknown, or nothing of that kind stands there.
    """
    with hotline.unit_of_work() as work:
        ticket, now = lock_case(work, case), context_of(hotline, work).now
        theirs = {ticket.complainant_number, *(call.caller_number for call in work.calls.of_ticket(ticket.id))}
        at = number or _number(ticket)
        if at not in theirs or not work.adjustments.withdraw(at, kind):
            raise Refused(f"{kind.said!r} does not stand for this number any more", code="adjustment-gone")
        note_case(work, ticket.id, Verb.ADJUSTMENT_WITHDRAWN, at=now, actor=actor)
        work.commit()


def _number(ticket: Ticket) -> str:
    if ticket.complainant_number is None:
        raise Refused(
            "an adjustment belongs to a telephone number, and this case has none: write the number down first",
            code="adjustment-number",
        )
    return ticket.complainant_number

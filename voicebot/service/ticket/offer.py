"""A case that was offered to a second person is offered no longer, because they say no or somebody takes it back.

Whoever takes the case over ends its offer as well, and so do a talk with the complainant and the end of the case.
Knows: decisions of staff. Must not know: who is offered a case and when (call/repeat_call.py), pages.
Source: complaints.md S3-06.
"""

from dataclasses import replace

from voicebot.errors import Refused
from voicebot.service.staff.decision import CaseContext, Decision, StaffAction, Step


def ending_offer(*, actor: str, seen: int | None = None) -> Step:
    """Offer the case to nobody beside its owner. Another repeat may offer it again.

    Refused where it is offered to nobody.
    """

    def end(at: CaseContext) -> None:
        if at.ticket.offered_to is None:
            raise Refused("the case is offered to nobody, so there is nothing to end", code="offer-missing")
        at.work.tickets.save(replace(at.ticket, offered_to=None))

    return Step(Decision(action=StaffAction.OFFER_ENDED, actor=actor, seen=seen), end)

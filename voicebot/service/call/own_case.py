"""Whether a case is the caller's, by the telephone that they ring from, or by the code that they gave.

Knows: calls, numbers, cases. Must not know: which case is meant (repeat_call.py, case_access.py), what is said of it.
"""

from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.service.call_context import CallContext


def joinable(context: CallContext, found: Ticket | None, *, is_proven: bool = False) -> Ticket | None:
    """Return a case of this number, if the number alone says that it is the caller's, or any whose code they gave."""
    if found is None or is_proven:
        return found
    if is_shared(context):
        return None
    is_complaint = found.status is not TicketStatus.NOT_A_COMPLAINT
    return found if is_complaint and _is_of_this_phone(context, found) else None


def is_shared(context: CallContext) -> bool:
    """Tell whether many people ring from this number, so that it says of nobody who they are."""
    return context.call.caller_number in context.policy.limits.calls.named


def _is_of_this_phone(context: CallContext, found: Ticket) -> bool:
    """Tell whether the case is rung where this call comes from. A number we may not ring has to have rung us for it.

    Of an erased case nobody knows any more whose it was.
    """
    own, caller = context.ticket().complainant_number, context.call.caller_number
    if own is not None or found.complainant_number is not None:
        return found.complainant_number == own
    came_from = {call.caller_number for call in context.work.calls.of_ticket(found.id)} | {found.written_from}
    return caller is not None and caller in came_from

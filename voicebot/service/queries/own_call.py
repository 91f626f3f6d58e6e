"""The call of a member of staff that goes on now, or is over and not written up yet. It is where their console leads
them.

Knows: calls to staff, what they did since. Must not know: pages, browsers.
Source: console.md 6 (wrap-up at the end of a call, always in sight).
"""

from dataclasses import dataclass
from datetime import timedelta

from voicebot.domain.case_number import written
from voicebot.domain.staff_call import StaffCall, StaffCallState
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.staff.decision import actions_of
from voicebot.service.staff.readers import may_have

REMEMBERED = timedelta(hours=2)
"""A call that was ordered longer ago leads nobody anywhere, because its case says what is to be done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCall:
    """One such call."""

    id: str
    case: str
    """Its number, as people write it."""
    is_over: bool
    """Whether it is to be written up now."""


def own_call(hotline: Hotline, member_id: str) -> OwnCall | None:
    """Return the newest call of a member that is not done with. Reads only."""
    with hotline.look() as work:
        context = context_of(hotline, work)
        for call in work.staff_calls.of_member(member_id, context.now - REMEMBERED):
            is_over = call.state is StaffCallState.ENDED
            if not is_over or (call.dial_status and not _is_written_up(context, call)):
                ticket = ticket_of(work, call.ticket_id)
                if may_have(context, ticket, member_id):
                    return OwnCall(id=call.id, case=written(ticket.case_number), is_over=is_over)
        return None


def _is_written_up(context: Context, call: StaffCall) -> bool:
    """Tell whether the member has done anything about the case since the call was over."""
    done = actions_of(context.work.tickets.history(call.ticket_id))
    return any(
        entry.actor == call.member_id and call.ended_at is not None and entry.at > call.ended_at for entry in done
    )

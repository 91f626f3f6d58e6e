"""A call of the ladder that rings at the owner's."""

from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCall, StaffCallKind
from voicebot.domain.ticket import Ticket
from voicebot.service.callback.order import CallOrder, write_order
from voicebot.service.hotline import context_of


def write_ladder_call(line: Line, ticket: Ticket, purpose: str) -> StaffCall:
    """Order a call of the ladder, which the worker has not placed yet."""
    with line.work() as work:
        order = CallOrder(
            ticket=ticket,
            member=line.policy.staff[0],
            ordered_by="worker",
            kind=StaffCallKind.LADDER,
            purpose=purpose,
        )
        call = write_order(context_of(line.hotline, work), order)
        work.commit()
    assert call is not None
    return call


def rung_for(line: Line, ticket: Ticket, purpose: str) -> StaffCall:
    """Order a call of the ladder, and let it ring."""
    call = write_ladder_call(line, ticket, purpose)
    line.run_jobs()
    return call

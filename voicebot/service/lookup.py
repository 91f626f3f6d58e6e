"""Read what is stored about a running call, without changing it: what the roof needs before it can act.

Knows: calls and their waits. Must not know: who asks.
"""

from voicebot.domain.call import Call
from voicebot.service.hotline import Hotline
from voicebot.service.log_names import name_call, name_case
from voicebot.service.scene import ticket_of
from voicebot.service.turn import CallAnswer, stored_answer


def find_call(hotline: Hotline, carrier_call_id: str) -> Call | None:
    """Return the call that the carrier knows by this id, and name it in the log; None when it never came here."""
    with hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(carrier_call_id)
        if call is not None:
            name_call(call.id)
            name_case(ticket_of(work, call.ticket_id))
        return call


def get_call(hotline: Hotline, call_id: str) -> Call | None:
    """Return a call by our own id."""
    with hotline.unit_of_work() as work:
        return work.calls.get(call_id)


def wait_at(hotline: Hotline, call_id: str, turn_number: int) -> CallAnswer | None:
    """Return what turn `turn_number` told the caller; None when there is no such call or turn."""
    with hotline.unit_of_work() as work:
        call = work.calls.get(call_id)
        if call is None or work.calls.turn(call_id, turn_number) is None:
            return None
        return stored_answer(work, call, turn_number)

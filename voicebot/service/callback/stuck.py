"""Calls that nobody has heard of for long. They are looked up at the carrier, then gone on with or ended.

Knows: states, the carrier's list. Must not know: who waits.
"""

from dataclasses import replace

from voicebot.domain.staff_call import StaffCallState
from voicebot.service.callback.dial import find_lost
from voicebot.service.callback.hops import end
from voicebot.service.hotline import Hotline, context_of


def settle_stuck_call(hotline: Hotline, call_id: str) -> None:
    """Look one up. Raises: Unavailable when the carrier cannot be asked, and a later sweep asks again."""
    with hotline.unit_of_work() as work:
        call = work.staff_calls.get(call_id)
    if call is None or call.state is StaffCallState.ENDED:
        return
    if call.state is StaffCallState.DIALLING:
        find_lost(hotline, call)
        return
    # A phone that rings for a caller who waits is known once somebody has picked it up.
    if call.carrier_call_id is None or hotline.calls.is_over(call.carrier_call_id):
        end(hotline, call_id, status="over, and the carrier's report never came")
        return
    with hotline.unit_of_work() as work:
        standing = work.staff_calls.lock(call_id)
        if standing == call:
            work.staff_calls.save(replace(standing, state_at=context_of(hotline, work).now))
        work.commit()

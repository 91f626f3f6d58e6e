"""A live call that has shown no sign of life for long is ended, unless its caller talks to a member of staff.

During such a talk nothing reaches us, so the carrier is asked whether the call goes on.
Knows: calls, who talks. Must not know: how often it is looked.
"""

from dataclasses import replace

from voicebot.domain.call import CallEnd, CallStatus
from voicebot.service.call.turn import end_call
from voicebot.service.callback.rang_in import is_talking
from voicebot.service.hotline import Hotline, context_of


def end_lost_call(hotline: Hotline, carrier_call_id: str) -> None:
    """End a call that is lost. Raises: Unavailable when the carrier had to be asked and cannot be."""
    if _may_talk(hotline, carrier_call_id) and not hotline.calls.is_over(carrier_call_id):
        _note_life(hotline, carrier_call_id)
        return
    end_call(hotline, carrier_call_id, CallEnd.LOST)


def _may_talk(hotline: Hotline, carrier_call_id: str) -> bool:
    with hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(carrier_call_id)
        return call is not None and is_talking(context_of(hotline, work), call)


def _note_life(hotline: Hotline, carrier_call_id: str) -> None:
    with hotline.unit_of_work() as work:
        known = work.calls.by_carrier_id(carrier_call_id)
        call = None if known is None else work.calls.lock(known.id)
        if call is not None and call.status is CallStatus.LIVE:
            work.calls.save(replace(call, last_heard_at=context_of(hotline, work).now))
            work.commit()

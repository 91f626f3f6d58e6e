"""The end of a call, whoever noticed it first: marked once, and what every ended contact leaves is left.

Knows: calls, the last session. Must not know: how the news came.
"""

from dataclasses import replace

from voicebot.domain.call import Call, CallEnd, CallStatus, end_call
from voicebot.service.farewell import leave_behind_call
from voicebot.service.scene import CallScene


def finish_call(scene: CallScene, end: CallEnd) -> Call:
    """Mark the call ended and leave promise and text behind; a call that has ended already stays as it is."""
    call = scene.call
    if call.status is CallStatus.ENDED:
        return call
    ended = end_call(call, end, scene.now)
    scene.work.calls.save(ended)
    last = scene.work.calls.turn(call.id, call.turn_number)
    assert last is not None, "an answered call has a turn"
    scene.note("call_ended", actor="carrier", after=end)
    leave_behind_call(replace(scene, call=ended), last)
    return ended

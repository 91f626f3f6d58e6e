"""The end of a call, whoever noticed it first: marked once, and what every ended contact leaves is left.

Knows: calls, the last session. Must not know: how the news came.
"""

from dataclasses import replace

from voicebot.domain.call import CALL_TRANSITIONS, Call, CallEnd, CallStatus
from voicebot.service.farewell import leave_behind_call
from voicebot.service.scene import CallScene


def finish_call(scene: CallScene, end: CallEnd) -> Call:
    """Mark the call ended and leave promise and text behind; a call that has ended already stays as it is."""
    call = scene.call
    if CallStatus.ENDED not in CALL_TRANSITIONS[call.status]:
        return call
    ended = replace(call, status=CallStatus.ENDED, ended_at=scene.now, end=end, stream_token=None)
    scene.work.calls.save(ended)
    last = scene.work.calls.turn(call.id, call.turn_number)
    assert last is not None, "an answered call has a turn"
    scene.note("call_ended", actor="carrier", after=end)
    leave_behind_call(replace(scene, call=ended), last)
    return ended

"""The end of a call is marked once."""

from tests.service.lines import Line
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.service.call_end import finish_call
from voicebot.service.turn import scene_of


def test_a_call_ends_once_and_keeps_the_first_reason(line: Line) -> None:
    answer = line.ring()
    for end in (CallEnd.LOST, CallEnd.CARRIER):
        call = line.call(answer)
        with line.work() as work:
            finish_call(scene_of(line.hotline, work, call), end)
            work.commit()
        line.step(minutes=1)
    call = line.call(answer)
    assert (call.status, call.end, call.stream_token) == (CallStatus.ENDED, CallEnd.LOST, None)
    assert line.verbs(call.ticket_id).count("call_ended") == 1
    assert len(line.texts(answer)) == 1

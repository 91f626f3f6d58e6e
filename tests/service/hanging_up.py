"""Callers who hang up, and what the service does of itself afterwards."""

from tests.service.lines import Line
from tests.service.recorded import SID
from voicebot.domain.call import CallEnd
from voicebot.service.call.recording_callback import note_recording
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call


def over(line: Line, answer: CallAnswer) -> CallAnswer:
    """Let the caller hang up, and run what that leaves."""
    end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    return answer


def template(line: Line, answer: CallAnswer) -> str:
    (sms,) = line.texts(answer)
    return sms.template


def tell_of_recording(line: Line, answer: CallAnswer) -> None:
    """Let the carrier tell of two seconds recorded at this wait."""
    number = answer.turn_number
    note_recording(line.hotline, answer.call.id, number, recording_sid=SID, is_available=True, length_s=2.0)

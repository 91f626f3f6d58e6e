"""Recording callbacks."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.service.lines import CALLER
from tests.web.desk import CALL_SID, RECORDING_SID, Desk, a_call_form, until_nothing_is_owed
from voicebot.domain.call import Call, CallStatus
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.service.lookup import find_call
from voicebot.speech.audio import silence, write_wav
from voicebot.web.resilience.report_retry import REPORT_RETRY

COMPLETED = {
    "CallSid": CALL_SID,
    "RecordingSid": RECORDING_SID,
    "RecordingStatus": "completed",
    "RecordingDuration": "2",
}


def _at_story(desk: Desk) -> Call:
    """Bring a call to the story, heard by recording."""
    desk.line.recognisers.limit = 0
    desk.twiml("/twilio/voice")
    call = find_call(desk.line.hotline, CALL_SID)
    assert call is not None
    desk.twiml(f"/twilio/voice/turn/{call.id}/0?heard=prompts")
    call = find_call(desk.line.hotline, CALL_SID)
    assert call is not None
    return call


def _answers(desk: Desk, call: Call) -> list[Answer]:
    with desk.line.work() as work:
        return list(work.tickets.answers(call.ticket_id))


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("is_of_wait", [True, False])
def test_a_recording_whose_turn_never_reached_us_is_kept(desk: Desk, is_of_wait: bool) -> None:
    call = _at_story(desk)
    desk.line.carrier.recordings[RECORDING_SID] = write_wav(silence(2))
    path = "/twilio/voice/recording" + (f"/{call.id}/{call.turn_number}" if is_of_wait else "")
    for _ in range(2):
        assert desk.post(path, COMPLETED).status_code == 204
    desk.line.run_jobs()
    (answer,) = _answers(desk, call)
    assert answer.slot == "story"
    assert answer.audio_key in desk.line.audio.files
    assert desk.line.carrier.deleted == [RECORDING_SID]


def test_an_absent_recording_settles_its_answer(desk: Desk) -> None:
    call = _at_story(desk)
    form = a_call_form(RecordingUrl=f"https://api.twilio.com/Recordings/{RECORDING_SID}", RecordingDuration="2")
    desk.twiml(f"/twilio/voice/turn/{call.id}/{call.turn_number}?heard=record", form)
    path = f"/twilio/voice/recording/{call.id}/{call.turn_number}"
    assert desk.post(path, COMPLETED | {"RecordingStatus": "absent"}).status_code == 204
    (answer,) = _answers(desk, call)
    assert answer.state is AnswerState.LOST


@pytest.mark.requirement("S0-11")
def test_a_recording_of_a_call_that_never_reached_us_waits_for_its_caller_and_is_kept(desk: Desk) -> None:
    desk.line.carrier.recordings[RECORDING_SID] = write_wav(silence(2))
    assert desk.post("/twilio/voice/recording", COMPLETED).status_code == 503
    assert find_call(desk.line.hotline, CALL_SID) is None
    assert desk.post("/twilio/voice/status", a_call_form(CallStatus="completed")).status_code == 204
    until_nothing_is_owed(desk.app.extensions[REPORT_RETRY])
    desk.line.run_jobs()
    call = find_call(desk.line.hotline, CALL_SID)
    assert call is not None
    assert (call.status, call.caller_number) == (CallStatus.ENDED, CALLER)
    (answer,) = _answers(desk, call)
    assert answer.slot == "message"
    assert answer.audio_key in desk.line.audio.files
    assert desk.line.carrier.deleted == [RECORDING_SID]


def test_a_recording_of_a_wait_that_is_not_ours_changes_nothing(desk: Desk) -> None:
    assert desk.post("/twilio/voice/recording/nobody/3", COMPLETED).status_code == 204


def test_a_callback_without_recording_is_refused(desk: Desk) -> None:
    assert desk.post("/twilio/voice/recording/c1/3", {"CallSid": CALL_SID}).status_code == 400


@pytest.mark.parametrize("field", ["Timestamp", "RecordingStartTime"])
def test_a_recording_of_an_unknown_call_that_is_older_than_a_day_opens_nothing(desk: Desk, field: str) -> None:
    old = format_datetime(desk.line.clock.now() - timedelta(hours=25))
    assert desk.post("/twilio/voice/recording", COMPLETED | {field: old}).status_code == 204
    until_nothing_is_owed(desk.app.extensions[REPORT_RETRY])
    with desk.line.work() as work:
        assert work.tickets.all() == []

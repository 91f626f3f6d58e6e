"""The application as a whole: errors outside calls, and what its log lines hold."""

import structlog
from structlog.testing import capture_logs

from tests.service.lines import CALLER
from tests.web.desk import CALL_SID, Desk, a_call_form
from voicebot.service.lookup import find_call


def test_what_is_not_there_is_said_in_a_word(desk: Desk) -> None:
    assert (desk.client.get("/nowhere").status_code, desk.client.get("/nowhere").text) == (404, "Not Found\n")
    assert desk.client.get("/twilio/voice", headers={"X-Twilio-Signature": "x"}).status_code == 405


def test_a_fault_outside_a_call_is_an_error_without_words(desk: Desk) -> None:
    object.__setattr__(desk.line.hotline, "unit_of_work", None)
    response = desk.post("/twilio/voice/status", a_call_form(CallStatus="completed"))
    assert (response.status_code, response.text) == (500, "")


def test_a_form_that_is_too_large_is_not_read(desk: Desk) -> None:
    response = desk.post("/twilio/sms", a_call_form(Body="x" * 300_000))
    assert response.status_code == 413


def test_a_line_per_request_names_route_and_call_but_no_number_and_no_token(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    call = find_call(desk.line.hotline, CALL_SID)
    assert call is not None
    with capture_logs() as lines:
        desk.twiml(f"/twilio/voice/resume/{call.id}")
        desk.client.get(f"/twilio/media/{call.id}/{call.stream_token}", headers={"X-Twilio-Signature": "x"})
    routes = [line["route"] for line in lines if line["event"] == "request"]
    assert routes == ["/twilio/voice/resume/<call_id>", ""]
    assert CALLER not in str(lines)
    assert str(call.stream_token) not in str(lines)


def test_a_thread_that_is_used_again_names_no_call_of_before(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    assert structlog.contextvars.get_contextvars() == {}

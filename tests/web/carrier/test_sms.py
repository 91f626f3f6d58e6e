"""SMS webhooks."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.service.lines import CALLER
from tests.web.desk import CALL_SID, MESSAGE_SID, RECORDING_SID, Desk, a_call_form
from voicebot.domain.ticket import Channel
from voicebot.service.lookup import find_call


def _text(**changes: str) -> dict[str, str]:
    return {"MessageSid": MESSAGE_SID, "From": CALLER, "To": "+12025550100", "Body": "It broke again"} | changes


def test_a_text_without_a_case_opens_one_and_is_answered_by_nothing(desk: Desk) -> None:
    assert desk.twiml("/twilio/sms", _text()) == '<?xml version="1.0" encoding="UTF-8"?><Response />'
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
    assert (ticket.channel, ticket.problem) == (Channel.SMS, "It broke again")


def test_a_text_delivered_twice_is_logged_once(desk: Desk) -> None:
    desk.twiml("/twilio/sms", _text())
    desk.twiml("/twilio/sms", _text())
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
        assert len(work.tickets.answers(ticket.id)) == 1


def test_stop_opens_no_case(desk: Desk) -> None:
    desk.twiml("/twilio/sms", _text(Body="STOP", OptOutType="STOP"))
    with desk.line.work() as work:
        assert not work.tickets.all()


def test_a_receipt_is_kept_in_any_order(desk: Desk) -> None:
    for status in ("delivered", "sent", "delivered"):
        form = {"MessageSid": MESSAGE_SID, "MessageStatus": status}
        assert desk.post("/twilio/sms/status", form).status_code == 204
    with desk.line.work() as work:
        assert not work.sms.add_receipt(MESSAGE_SID, "delivered", None, desk.line.clock.now())


def test_a_receipt_without_its_message_is_refused(desk: Desk) -> None:
    assert desk.post("/twilio/sms/status", {"MessageStatus": "sent"}).status_code == 400


@pytest.mark.danger("SSRF")
def test_no_address_that_comes_with_a_webhook_is_ever_asked(desk: Desk) -> None:
    """Pictures of a text, the address of a recording, and whatever else a form may hold."""
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        """Notes who comes."""

        def do_GET(self) -> None:
            """Give a sound that would be kept."""
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815 - the server looks for these names

    trap = HTTPServer(("127.0.0.1", 0), Trap)
    thread = Thread(target=trap.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{trap.server_port}/latest/meta-data"
    urls = dict.fromkeys(("MediaUrl0", "RecordingUrl", "ErrorUrl", "StatusCallback", "Url", "TranscriptionUrl"), url)
    try:
        desk.twiml("/twilio/sms", _text(NumMedia="1", MediaContentType0="audio/wav", **urls))
        desk.line.recognisers.limit = 0
        desk.twiml("/twilio/voice", a_call_form(**urls))
        call = find_call(desk.line.hotline, CALL_SID)
        assert call is not None
        recorded = {"RecordingSid": RECORDING_SID, "RecordingDuration": "9", "RecordingStatus": "completed"}
        desk.twiml(f"/twilio/voice/turn/{call.id}/0?heard=record", a_call_form(**urls, **recorded))
        for path in (f"/twilio/voice/recording/{call.id}/0", "/twilio/voice/recording", "/twilio/voice/status"):
            desk.post(path, a_call_form(CallStatus="completed", **urls, **recorded))
        desk.twiml("/twilio/voice/fallback", a_call_form(**urls))
        desk.line.step(minutes=1)
        desk.line.sweep()
    finally:
        trap.shutdown()
        thread.join()
        trap.server_close()
    assert asked == []


@pytest.mark.danger("SSRF")
@pytest.mark.parametrize("sid", ["../../Messages", "RE1", "AC" + "1" * 32, "RE" + "1" * 31 + "/", "RE" + "1" * 33])
def test_a_recording_is_named_by_its_identifier_or_not_at_all(desk: Desk, sid: str) -> None:
    form = a_call_form(RecordingSid=sid, RecordingStatus="completed", RecordingDuration="3")
    assert desk.post("/twilio/voice/recording", form).status_code == 400
    assert desk.line.carrier.deleted == []


# --- replays ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("replayed sockets")
def test_signed_requests_replayed_years_later_change_nothing(desk: Desk) -> None:
    """A signature never runs out, so whoever recorded a request may send it again: everything is known by its id."""
    requests = (
        ("/twilio/voice", a_call_form()),
        ("/twilio/sms", _text(Body="It broke again")),
        ("/twilio/sms", _text(MessageSid="SM" + "2" * 32, Body="STOP")),
        ("/twilio/voice/status", a_call_form(CallStatus="completed")),
        ("/twilio/sms/status", {"MessageSid": MESSAGE_SID, "MessageStatus": "delivered"}),
    )
    for target, form in requests:
        desk.post(target, form)
    desk.line.run_jobs()
    before = _everything(desk)
    desk.line.step(days=3 * 365)
    for _ in range(2):
        for target, form in requests:
            assert desk.post(target, form).status_code in (200, 204)
    desk.line.run_jobs()
    assert _everything(desk) == before


def _everything(desk: Desk) -> list[object]:
    with desk.line.work() as work:
        tickets = work.tickets.all()
        of_tickets = [
            (ticket, work.tickets.answers(ticket.id), work.sms.of_ticket(ticket.id), work.calls.of_ticket(ticket.id))
            for ticket in tickets
        ]
        histories = [[entry.verb for entry in work.tickets.history(ticket.id)] for ticket in tickets]
    return [of_tickets, histories, list(desk.line.sender.sent)]

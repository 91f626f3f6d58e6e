"""Webhooks of calls of ours: signed, and answered with TwiML whatever fails."""

import pytest

from tests.fakes_outside import FakeCalls
from tests.service.callback.callers import a_case, ordered
from tests.service.lines import OWN, OWNER
from tests.web.desk import Desk, a_call_form

MEMBER_HOPS = ("whisper", "accept", "done", "result", "result_again", "fallback")
COMPLAINANT_HOPS = ("announce", "agree")
OUTBOUND = {"CallSid": FakeCalls.sid(1), "Direction": "outbound-api", "From": OWN, "To": OWNER}


def twiml(desk: Desk, call_id: str, hop: str, **fields: str) -> str:
    form = a_call_form(**OUTBOUND) | fields
    return desk.twiml(f"/twilio/staff-call/{call_id}/{hop}", form)


def test_a_whole_call_by_its_webhooks(desk: Desk) -> None:
    line = desk.line
    call = ordered(line, a_case(line))
    assert "/accept" in twiml(desk, call.id, "whisper")
    assert "<Dial" in twiml(desk, call.id, "accept", Digits="1")
    assert "nobody asked for this call" in twiml(desk, call.id, "announce")
    assert twiml(desk, call.id, "agree", Digits="1").endswith("<Response />")
    dialled = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "61"}
    assert "/result" in twiml(desk, call.id, "done", **dialled)
    assert "/result_again" in twiml(desk, call.id, "result", Digits="8")
    assert "Thank you" in twiml(desk, call.id, "result_again", Digits="1")
    report = desk.post(f"/twilio/staff-call/{call.id}/ended", a_call_form(**OUTBOUND, CallStatus="completed"))
    assert (report.status_code, line.promise(call.ticket_id).state) == (204, "kept")


@pytest.mark.parametrize("hop", MEMBER_HOPS)
def test_a_member_hears_that_something_failed(desk: Desk, hop: str) -> None:
    answer = twiml(desk, "no-such-call", hop, Digits="1")
    assert "<Say" in answer or hop == "whisper"
    assert answer.endswith("<Hangup /></Response>")


@pytest.mark.parametrize("hop", COMPLAINANT_HOPS)
def test_nobody_is_connected_because_something_failed(desk: Desk, hop: str) -> None:
    assert twiml(desk, "no-such-call", hop, Digits="1").endswith("<Response><Hangup /></Response>")


@pytest.mark.parametrize("hop", [*MEMBER_HOPS, *COMPLAINANT_HOPS, "ended", "detection"])
def test_only_the_carrier_is_answered(desk: Desk, hop: str) -> None:
    assert desk.post(f"/twilio/staff-call/x/{hop}", a_call_form(), signature="wrong").status_code == 403

"""What is counted of those who are turned away, and what they hear."""

import pytest
from prometheus_client import REGISTRY

from tests.web.desk import PUBLIC, Desk, a_call_form

BUSY = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy" /></Response>'


def counted() -> float:
    labels = {"scope": "number", "measure": "at_once"}
    return REGISTRY.get_sample_value("voicebot_calls_turned_away_total", labels) or 0


def _sid(number: int) -> str:
    return f"CA{number:032x}"


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("one number, many calls")
def test_calls_over_a_budget_hear_a_busy_line_and_nothing_is_made_of_them(desk: Desk) -> None:
    before = counted()
    answers = [desk.twiml("/twilio/voice", a_call_form(CallSid=_sid(n))) for n in range(12)]
    assert counted() == before + 7
    assert ["<Stream" in answer for answer in answers] == [*[True] * 5, *[False] * 7]
    assert set(answers[5:]) == {BUSY}
    assert "<Stream" in desk.twiml("/twilio/voice", a_call_form(CallSid=_sid(99), From="+12025550188"))
    over = a_call_form(CallSid=_sid(11), CallStatus="busy")
    assert desk.post("/twilio/voice/status", over).status_code == 204
    with desk.line.work() as work:
        assert len(work.tickets.all()) == 6, "the report of a call that we turned away opens no case"


def test_the_fallback_asks_for_the_budget_too(desk: Desk) -> None:
    for n in range(5):
        desk.twiml("/twilio/voice", a_call_form(CallSid=_sid(n)))
    form = a_call_form(CallSid=_sid(9), ErrorCode="11200", ErrorUrl=f"{PUBLIC}/twilio/voice")
    assert desk.twiml("/twilio/voice/fallback", form) == BUSY

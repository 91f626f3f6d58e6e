"""Voice webhooks: a form in, TwiML out, and the case behind it."""

import re
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.service.lines import CALLER, OTHER, Line
from tests.web.desk import CALL_SID, OWN, PUBLIC, RECORDING_SID, Desk, a_call_form
from voicebot.domain.call import Call, CallEnd, CallStatus, Way
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.service.call.stream import open_stream
from voicebot.service.lookup import find_call
from voicebot.service.outbox.compose import Template


def _call(line: Line, sid: str = CALL_SID) -> Call:
    call = find_call(line.hotline, sid)
    assert call is not None
    return call


RETRIES = "#ct=2000&amp;rt=5000&amp;rc=1&amp;rp=ct,rt,5xx"


def _redirected_to(twiml: str) -> str:
    found = re.findall(rf"<Redirect[^>]*>{PUBLIC}([^<#]*)#ct=[^<]*</Redirect>", twiml)
    assert len(found) == 1
    return str(found[0])


def _recorded_way(desk: Desk) -> str:
    """Ring while the house is full; return the TwiML of the first question."""
    desk.line.recognisers.limit = 0
    return desk.twiml("/twilio/voice")


def _to_story(desk: Desk) -> str:
    twiml = _recorded_way(desk)
    while "<Record" not in twiml:
        twiml = desk.twiml(_redirected_to(twiml))
    return twiml


def test_a_call_is_answered_by_a_stream_and_its_case_is_born(desk: Desk) -> None:
    twiml = desk.twiml("/twilio/voice")
    call = _call(desk.line)
    assert twiml == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Connect>'
        f'<Stream url="wss://hotline.example/twilio/media/{call.id}/{call.stream_token}" /></Connect>'
        f'<Redirect method="POST">{PUBLIC}/twilio/voice/resume/{call.id}{RETRIES}</Redirect></Response>'
    )
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
    assert (ticket.id, ticket.complainant_number) == (call.ticket_id, CALLER)


@pytest.mark.requirement("S0-11")
def test_a_webhook_delivered_twice_is_one_call_and_the_same_answer(desk: Desk) -> None:
    assert desk.twiml("/twilio/voice") == desk.twiml("/twilio/voice")
    with desk.line.work() as work:
        assert len(work.tickets.all()) == 1


def test_a_late_repeat_after_the_stream_was_taken_up_leads_to_the_last_turn(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    assert open_stream(desk.line.hotline, call.id, str(call.stream_token), CALL_SID) is not None
    assert _redirected_to(desk.twiml("/twilio/voice")) == f"/twilio/voice/resume/{_call(desk.line).id}"


def test_a_lost_stream_is_replaced_once_and_then_the_call_goes_on_without(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    target = f"/twilio/voice/resume/{call.id}"
    assert "<Stream" in desk.twiml(target)
    assert "<Gather" in desk.twiml(target)
    assert _call(desk.line).way is Way.RECORD


def test_a_repeated_request_after_a_lost_stream_costs_no_second_stream(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    target = f"/twilio/voice/resume/{call.id}"
    first = desk.twiml(target, token="one")
    assert "<Stream" in first
    assert desk.twiml(target, token="one") == first
    assert "<Gather" in desk.twiml(target, token="two")


def test_in_a_full_house_the_call_is_heard_by_keys_and_recordings(desk: Desk) -> None:
    twiml = _recorded_way(desk)
    assert "<Stream" not in twiml
    assert _redirected_to(twiml) == f"/twilio/voice/turn/{_call(desk.line).id}/0?heard=prompts"
    assert "<Record" in _to_story(desk)


def test_a_recorded_story_is_kept_as_an_answer_whose_voice_is_fetched(desk: Desk) -> None:
    _to_story(desk)
    call = _call(desk.line)
    target = f"/twilio/voice/turn/{call.id}/{call.turn_number}?heard=record"
    form = a_call_form(RecordingUrl=f"https://api.twilio.com/x/Recordings/{RECORDING_SID}", RecordingDuration="9")
    first = desk.twiml(target, form | {"Digits": "#"})
    assert first == desk.twiml(target, form | {"Digits": "#"})
    with desk.line.work() as work:
        (answer,) = work.tickets.answers(call.ticket_id)
    assert (answer.slot, answer.state) == ("story", AnswerState.AWAITING_RECORDING)
    assert answer.recording_sid == RECORDING_SID


def test_a_key_is_taken_as_the_answer(desk: Desk) -> None:
    _recorded_way(desk)
    call = _call(desk.line)
    desk.twiml(f"/twilio/voice/turn/{call.id}/0?heard=keys", a_call_form(Digits="8"))
    with desk.line.work() as work:
        ticket = work.tickets.get(call.ticket_id)
    assert ticket is not None
    assert ticket.recording_refused


@pytest.mark.parametrize(("status", "end"), [("completed", CallEnd.CALLER_HUNG_UP), ("failed", CallEnd.CARRIER)])
def test_a_status_ends_the_call_once(desk: Desk, status: str, end: CallEnd) -> None:
    desk.twiml("/twilio/voice")
    for _ in range(2):
        assert desk.post("/twilio/voice/status", a_call_form(CallStatus=status)).status_code == 204
    call = _call(desk.line)
    assert (call.status, call.end) == (CallStatus.ENDED, end)


def test_a_status_of_a_running_call_changes_nothing(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    assert desk.post("/twilio/voice/status", a_call_form(CallStatus="in-progress")).status_code == 204
    assert _call(desk.line).status is CallStatus.LIVE


@pytest.mark.parametrize(("hours", "cases"), [(23, 1), (25, 0)])
def test_a_report_of_an_unknown_call_that_is_older_than_a_day_opens_nothing(desk: Desk, hours: int, cases: int) -> None:
    told_at = format_datetime(desk.line.clock.now() - timedelta(hours=hours))
    form = a_call_form(CallStatus="completed", Timestamp=told_at)
    assert desk.post("/twilio/voice/status", form).status_code == 204
    with desk.line.work() as work:
        assert len(work.tickets.all()) == cases


@pytest.mark.parametrize(("hours", "cases"), [(23, 1), (25, 0)])
def test_a_report_may_tell_its_instant_in_unix_time(desk: Desk, hours: int, cases: int) -> None:
    told_at = desk.line.clock.now() - timedelta(hours=hours)
    form = a_call_form(CallStatus="completed", Timestamp=str(int(told_at.timestamp())))
    assert desk.post("/twilio/voice/status", form).status_code == 204
    with desk.line.work() as work:
        assert len(work.tickets.all()) == cases


@pytest.mark.requirement("S0-11")
def test_a_call_that_we_never_answered_gets_its_case_from_the_status(desk: Desk) -> None:
    assert desk.post("/twilio/voice/status", a_call_form(CallStatus="completed")).status_code == 204
    call = _call(desk.line)
    with desk.line.work() as work:
        (ticket,) = work.tickets.all()
        (text,) = work.sms.of_ticket(ticket.id)
    assert (call.status, call.ticket_id, ticket.complainant_number) == (CallStatus.ENDED, ticket.id, CALLER)
    assert text.template == Template.CALL_MISSED, "it does not say that they were silent"


def test_the_end_of_a_call_that_we_made_opens_no_case(desk: Desk) -> None:
    form = a_call_form(CallStatus="completed", Direction="outbound-api", **{"From": OWN, "To": CALLER})
    assert desk.post("/twilio/voice/status", form).status_code == 204
    assert find_call(desk.line.hotline, CALL_SID) is None


# --- when we fail ------------------------------------------------------------------------------------------


class _Broken:
    """Flows that cannot be had any more, as when the database or a file is away."""

    def current_flow(self, name: str) -> None:
        """Raises: Unavailable."""
        raise Unavailable(f"reading {name}: away for this test")


def _break_flows(desk: Desk) -> None:
    object.__setattr__(desk.line.hotline, "flows", _Broken())


STATIC = "We are sorry; our system is not working."


def test_a_fault_before_there_is_a_call_is_a_spoken_apology_with_a_recording(desk: Desk) -> None:
    _break_flows(desk)
    twiml = desk.twiml("/twilio/voice")
    assert STATIC in twiml
    assert f'recordingStatusCallback="{PUBLIC}/twilio/voice/recording{RETRIES}"' in twiml


@pytest.mark.danger("one number, many calls")
def test_while_nothing_can_be_counted_who_rings_on_and_on_hears_a_busy_line_and_others_are_recorded(desk: Desk) -> None:
    limits = desk.line.hotline.flows.current_policy().limits.calls.per_number
    _break_flows(desk)
    answers = [desk.twiml("/twilio/voice", a_call_form(CallSid=f"CA{n:032}")) for n in range((limits.a_day or 0) + 2)]
    assert [STATIC in each for each in answers] == [True] * (limits.a_day or 0) + [False] * 2
    assert "<Reject" in answers[-1]
    assert STATIC in desk.twiml("/twilio/voice", a_call_form(CallSid="CA" + "f" * 32, From=OTHER))
    assert STATIC in desk.twiml("/twilio/voice", a_call_form(CallSid=f"CA{0:032}")), "a webhook that comes again"


def test_a_fault_inside_a_call_is_the_flows_apology_and_the_case_stands(desk: Desk) -> None:
    _recorded_way(desk)
    call = _call(desk.line)
    twiml = desk.twiml(f"/twilio/voice/turn/{call.id}/77?heard=keys", a_call_form(Digits="1"))
    assert "We are sorry; something failed on our side." in twiml
    assert twiml.endswith("<Hangup /></Response>")
    assert _call(desk.line).status is CallStatus.ENDED


def test_a_fault_of_a_turn_that_its_repeat_has_taken_ends_no_healthy_call(desk: Desk) -> None:
    before = _redirected_to(_recorded_way(desk))
    asked = desk.twiml(before)
    call = _call(desk.line)
    assert desk.twiml(before.partition("?")[0]) == asked, "it does not say what was heard: a fault"
    assert _call(desk.line) == call


@pytest.mark.parametrize("target", ["/twilio/voice/resume/nobody", "/twilio/voice/turn/nobody/3?heard=keys"])
def test_a_call_that_is_not_ours_hears_the_static_words(desk: Desk, target: str) -> None:
    assert STATIC in desk.twiml(target)


@pytest.mark.parametrize("query", ["", "?heard=", "?heard=whisper"])
def test_an_address_that_does_not_say_what_was_heard_is_answered_by_an_apology(desk: Desk, query: str) -> None:
    _recorded_way(desk)
    twiml = desk.twiml(f"/twilio/voice/turn/{_call(desk.line).id}/0{query}")
    assert "something failed on our side" in twiml


def test_when_even_the_apology_fails_the_static_words_are_said(desk: Desk) -> None:
    _recorded_way(desk)
    call = _call(desk.line)
    _break_flows(desk)
    twiml = desk.twiml(f"/twilio/voice/turn/{call.id}/0?heard=prompts")
    assert STATIC in twiml
    assert f"{PUBLIC}/twilio/voice/recording/{call.id}/0" in twiml


@pytest.mark.parametrize("field", ["CallSid"])
def test_a_webhook_without_its_call_is_still_answered(desk: Desk, field: str) -> None:
    form = {name: value for name, value in a_call_form().items() if name != field}
    assert STATIC in desk.twiml("/twilio/voice", form)


# --- the fallback address ----------------------------------------------------------------------------------


def _fault(url: str, **changes: str) -> dict[str, str]:
    return a_call_form(ErrorCode="11200", ErrorUrl=url, **changes)


def test_the_fallback_resumes_at_the_last_turn_and_the_second_time_records(desk: Desk) -> None:
    desk.twiml("/twilio/voice")
    call = _call(desk.line)
    first = desk.twiml("/twilio/voice/fallback", _fault(f"{PUBLIC}/twilio/voice"))
    assert "<Stream" in first
    other = desk.twiml("/twilio/voice/fallback", _fault(f"{PUBLIC}/twilio/voice/resume/{call.id}"))
    assert STATIC not in other
    second = desk.twiml("/twilio/voice/fallback", _fault(f"{PUBLIC}/twilio/voice"))
    assert STATIC in second
    assert f"{PUBLIC}/twilio/voice/recording/{call.id}/" in second


def test_the_fallback_answers_a_call_that_never_reached_us(desk: Desk) -> None:
    assert "<Stream" in desk.twiml("/twilio/voice/fallback", _fault(f"{PUBLIC}/twilio/voice"))
    assert _call(desk.line).status is CallStatus.LIVE


def test_an_unsigned_fallback_gets_the_static_words_and_touches_nothing(desk: Desk) -> None:
    response = desk.post("/twilio/voice/fallback", _fault(f"{PUBLIC}/twilio/voice"), signature="wrong")
    assert (response.status_code, response.mimetype) == (200, "text/xml")
    assert STATIC in response.text
    assert find_call(desk.line.hotline, CALL_SID) is None


def test_after_a_recording_of_the_static_words_thanks_are_said(desk: Desk) -> None:
    response = desk.post("/twilio/voice/goodbye", a_call_form(), signature="wrong")
    assert "Goodbye." in response.text
    assert response.text.endswith("<Hangup /></Response>")

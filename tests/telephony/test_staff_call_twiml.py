"""Calls of ours as TwiML: every question asks its action whatever is keyed, and ends in a hang-up."""

from datetime import timedelta

from voicebot.telephony.staff_call_twiml import StaffCallWriter, hang_up, let_through
from voicebot.telephony.urls import RETRIES, HotlineUrls

WRITER = StaffCallWriter(urls=HotlineUrls("https://hotline.example"), call_id="c1", locale="en")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SAY = '<Say voice="Polly.Joanna">'


def url(hop: str) -> str:
    return f"https://hotline.example/twilio/staff-call/c1/{hop}#{RETRIES}".replace("&", "&amp;")


def test_a_question_is_said_so_often_and_ends_in_a_hang_up() -> None:
    assert WRITER.ask("Press 1.", "accept", times=2) == (
        f'{HEAD}<Response><Gather action="{url("accept")}" actionOnEmptyResult="true" finishOnKey="" input="dtmf" '
        f'method="POST" numDigits="1" timeout="6">{SAY}Press 1.</Say><Pause length="1" />{SAY}Press 1.</Say></Gather>'
        "<Hangup /></Response>"
    )


def test_the_complainant_is_rung_from_our_number_with_an_announcement_and_machine_detection() -> None:
    twiml = WRITER.connect(
        "One moment.",
        "+12025550143",
        caller_id="+12025550100",
        ring_for=timedelta(seconds=25),
        longest=timedelta(hours=1),
    )
    assert twiml == (
        f"{HEAD}<Response>{SAY}One moment.</Say>"
        f'<Dial action="{url("done")}" callerId="+12025550100" method="POST" timeLimit="3600" timeout="25">'
        f'<Number amdStatusCallback="{url("detection")}" amdStatusCallbackMethod="POST" machineDetection="Enable" '
        f'method="POST" url="{url("announce")}">+12025550143</Number></Dial></Response>'
    )


def test_a_leg_is_told_connected_or_ended() -> None:
    assert WRITER.tell("Goodbye.") == f"{HEAD}<Response>{SAY}Goodbye.</Say><Hangup /></Response>"
    assert let_through() == f"{HEAD}<Response />"
    assert hang_up() == f"{HEAD}<Response><Hangup /></Response>"


def test_what_must_be_heard_whole_stands_before_the_question_where_no_key_cuts_it() -> None:
    twiml = WRITER.ask("Press 1.", "accept", before="This call is recorded.")
    heard, question = twiml.split("<Gather")
    assert heard == f"{HEAD}<Response>{SAY}This call is recorded.</Say>"
    assert "recorded" not in question
    assert f"{SAY}Press 1.</Say>" in question

"""Form fields to values and events; what is unknown is ignored, what is missing is the carrier's fault."""

import pytest

from voicebot.domain.call import CallEnd
from voicebot.domain.utterance import Utterance
from voicebot.errors import CarrierFault
from voicebot.flow.events import (
    CallerHungUp,
    FinishedBy,
    FlowEvent,
    KeysPressed,
    NoInput,
    PromptsPlayed,
    UtteranceHeard,
)
from voicebot.flow.instructions import DigitCollection, Listen, Speech
from voicebot.telephony.webhooks import (
    CallArrived,
    CallStatusReported,
    FaultReported,
    RecordingReported,
    call_arrived,
    call_status,
    fault_reported,
    recording_reported,
    turn_event,
)

CALL_SID = "CA0123456789abcdef0123456789abcdef"
RECORDING_SID = "RE0123456789abcdef0123456789abcdef"
MESSAGE_SID = "SM0123456789abcdef0123456789abcdef"
RECORDING_URL = f"https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/{RECORDING_SID}"

STORY = Listen(
    node="ask_story",
    keys=("0", "5", "8", "*"),
    speech=Speech(end_silence_s=6.0, max_utterance_s=180.0),
    no_input_after_s=7.0,
    store_audio=True,
)
YES_NO = Listen(node="offer_window", keys=("1", "2"), no_input_after_s=6.0)
NUMBER = Listen(node="ask_number", collect=DigitCollection(max_digits=15), no_input_after_s=8.0)


def test_a_call_is_read_and_unknown_fields_are_ignored() -> None:
    form = {
        "CallSid": CALL_SID,
        "From": "+12025550142",
        "To": "+12025550100",
        "ForwardedFrom": "+12025550199",
        "StirVerstat": "TN-Validation-Passed-A",
        "SomethingNew": "x",
    }
    assert call_arrived(form) == CallArrived(
        carrier_call_id=CALL_SID, caller="+12025550142", called="+12025550100", forwarded_from="+12025550199"
    )


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "anonymous",
        "Restricted",
        "+266696687",
        "+7378742833",
        "client:alice",
        "sip:a@example.org",
        "sip:anonymous@anonymous.invalid",
    ],
)
def test_a_hidden_caller_is_nobody(shown: str) -> None:
    assert call_arrived({"CallSid": CALL_SID, "From": shown}) == CallArrived(
        carrier_call_id=CALL_SID, caller="", called="", forwarded_from=None
    )


@pytest.mark.parametrize(
    "shown",
    ["+12025550142", "2025550142", "0012025550142", "sip:+12025550142@carrier.example", "tel:+12025550142", "12"],
)
def test_a_caller_id_is_handed_on_as_it_stands(shown: str) -> None:
    assert call_arrived({"CallSid": CALL_SID, "From": shown}).caller == shown


@pytest.mark.parametrize("sid", ["", "CA1", "../../etc", CALL_SID + "0", CALL_SID.replace("0", "/")])
def test_a_webhook_without_a_call_is_the_carriers_fault(sid: str) -> None:
    with pytest.raises(CarrierFault) as fault:
        call_arrived({"CallSid": sid, "From": "+12025550142"})
    assert "2025550142" not in str(fault.value)


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("queued", None),
        ("ringing", None),
        ("in-progress", None),
        ("something-new", None),
        ("", None),
        ("completed", CallEnd.CALLER_HUNG_UP),
        ("busy", CallEnd.CARRIER),
        ("failed", CallEnd.CARRIER),
        ("no-answer", CallEnd.CARRIER),
        ("canceled", CallEnd.CARRIER),
    ],
)
def test_a_status_ends_the_call_or_not(status: str, end: CallEnd | None) -> None:
    form = {"CallSid": CALL_SID, "CallStatus": status, "Direction": "inbound", "CallDuration": "17"}
    assert call_status(form) == CallStatusReported(
        carrier_call_id=CALL_SID, status=status, end=end, is_inbound=True, seconds=17
    )


@pytest.mark.parametrize("lasted", ["", "-1", "1.5", "9999999", "\u0661", "long"])
def test_a_duration_without_sense_is_none(lasted: str) -> None:
    assert call_status({"CallSid": CALL_SID, "CallDuration": lasted}).seconds == 0


def test_a_call_that_we_made_is_told_apart() -> None:
    assert not call_status({"CallSid": CALL_SID, "Direction": "outbound-api"}).is_inbound


TURNS: dict[str, tuple[str, dict[str, str], Listen, FlowEvent]] = {
    "one key": ("keys", {"Digits": "1"}, YES_NO, KeysPressed(keys="1")),
    "a key without meaning": ("keys", {"Digits": "7"}, YES_NO, KeysPressed(keys="7")),
    "a key that few telephones have": ("keys", {"Digits": "A"}, YES_NO, KeysPressed(keys="A")),
    "no key after all": ("keys", {"Digits": ""}, YES_NO, NoInput()),
    "digits": ("keys", {"Digits": "2025550142"}, NUMBER, KeysPressed(keys="2025550142")),
    "star alone in a number": ("keys", {"Digits": "*"}, NUMBER, KeysPressed(keys="*")),
    "nothing": ("nothing", {}, YES_NO, NoInput()),
    "prompts to the end": ("prompts", {}, Listen(node="announce"), PromptsPlayed(uncut=True)),
}


@pytest.mark.parametrize("kind", TURNS)
def test_what_gather_heard_becomes_an_event(kind: str) -> None:
    heard, form, listen, event = TURNS[kind]
    assert turn_event(heard, form, listen) == event  # type: ignore[arg-type]


@pytest.mark.parametrize("digits", ["1 2", "abc", "1" * 65, "١"])
def test_digits_that_are_no_keys_are_the_carriers_fault(digits: str) -> None:
    with pytest.raises(CarrierFault):
        turn_event("keys", {"Digits": digits}, NUMBER)


def _recorded(duration_s: float) -> Utterance:
    return Utterance(recording_sid=RECORDING_SID, duration_s=duration_s)


RECORDED: dict[str, tuple[dict[str, str], FlowEvent]] = {
    "ended by hash": (
        {"RecordingDuration": "12", "Digits": "#"},
        UtteranceHeard(utterance=_recorded(12), finished_by=FinishedBy.KEY),
    ),
    "ended by silence": (
        {"RecordingDuration": "12"},
        UtteranceHeard(utterance=_recorded(12), finished_by=FinishedBy.SILENCE),
    ),
    "ended by the limit": (
        {"RecordingDuration": "180"},
        UtteranceHeard(utterance=_recorded(180), finished_by=FinishedBy.LIMIT),
    ),
    "a person asked for in the middle": (
        {"RecordingDuration": "12", "Digits": "0"},
        KeysPressed(keys="0", utterance=_recorded(12)),
    ),
    "a person asked for at once": ({"RecordingDuration": "0", "Digits": "0"}, KeysPressed(keys="0")),
    "hung up": ({"RecordingDuration": "3", "Digits": "hangup"}, CallerHungUp(utterance=_recorded(3))),
    "the call is over": ({"RecordingDuration": "3", "CallStatus": "completed"}, CallerHungUp(utterance=_recorded(3))),
    "nothing recorded": ({"RecordingDuration": "0"}, NoInput()),
    "a length without sense": ({"RecordingDuration": "-4"}, NoInput()),
}


@pytest.mark.parametrize("kind", RECORDED)
def test_what_record_heard_becomes_an_event(kind: str) -> None:
    form, event = RECORDED[kind]
    assert turn_event("record", {"RecordingUrl": RECORDING_URL, **form}, STORY) == event


def test_the_recording_is_named_by_its_identifier_also_when_the_field_is_there() -> None:
    form = {"RecordingUrl": f"{RECORDING_URL}.wav", "RecordingSid": RECORDING_SID, "RecordingDuration": "2"}
    assert turn_event("record", form, STORY) == UtteranceHeard(utterance=_recorded(2), finished_by=FinishedBy.SILENCE)


def test_a_limit_is_unknown_where_no_speech_was_asked_for() -> None:
    form = {"RecordingUrl": RECORDING_URL, "RecordingDuration": "9000"}
    assert turn_event("record", form, YES_NO) == UtteranceHeard(
        utterance=_recorded(9000), finished_by=FinishedBy.SILENCE
    )


def test_no_recording_at_all_is_no_input() -> None:
    assert turn_event("record", {}, STORY) == NoInput()


@pytest.mark.parametrize("url", ["https://evil.example/x", "https://api.twilio.com/../RE1", "file:///etc/passwd"])
def test_an_address_that_names_no_recording_is_the_carriers_fault(url: str) -> None:
    with pytest.raises(CarrierFault):
        turn_event("record", {"RecordingUrl": url, "RecordingDuration": "2"}, STORY)


@pytest.mark.parametrize(("status", "is_available"), [("completed", True), ("absent", False), ("", False)])
def test_a_recording_is_there_or_not(status: str, is_available: bool) -> None:
    form = {"RecordingSid": RECORDING_SID, "RecordingStatus": status, "RecordingDuration": "7"}
    assert recording_reported(form) == RecordingReported(
        recording_sid=RECORDING_SID, is_available=is_available, duration_s=7.0
    )


def test_a_fault_is_read() -> None:
    form = {"CallSid": CALL_SID, "ErrorCode": "11200", "ErrorUrl": "https://hotline.example.org/twilio/voice"}
    assert fault_reported(form) == FaultReported(
        carrier_call_id=CALL_SID, error_code="11200", error_url="https://hotline.example.org/twilio/voice"
    )


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5000, "1000000", "-1", "1e3", "\u0663", " 1"])
def test_a_number_that_no_column_holds_is_none(digits: str) -> None:
    form = {"CallSid": CALL_SID, "MessageSid": MESSAGE_SID, "MessageStatus": "failed", "CallStatus": "completed"}
    form |= {"ErrorCode": digits, "CallDuration": digits, "RecordingSid": RECORDING_SID, "RecordingDuration": digits}
    assert fault_reported(form).error_code == ""
    assert call_status(form).seconds == 0
    assert recording_reported(form | {"RecordingStatus": "completed"}).duration_s == 0

"""What the carrier tells of a call of ours."""

import pytest

from voicebot.errors import CarrierFault
from voicebot.telephony.staff_call_webhooks import DialReported, answered_by, dial_reported, key_pressed


@pytest.mark.parametrize(
    ("form", "key"), [({}, ""), ({"Digits": ""}, ""), ({"Digits": "1"}, "1"), ({"Digits": "#"}, "#")]
)
def test_the_key_that_was_pressed_is_read_or_none(form: dict[str, str], key: str) -> None:
    assert key_pressed(form) == key


@pytest.mark.parametrize("digits", ["12", "x", "hangup"])
def test_what_is_no_key_is_the_carriers_fault(digits: str) -> None:
    with pytest.raises(CarrierFault):
        key_pressed({"Digits": digits})


@pytest.mark.parametrize(
    ("form", "report"),
    [
        (
            {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "61"},
            DialReported(status="completed", is_bridged=True, seconds=61),
        ),
        (
            {"DialCallStatus": "completed", "DialBridged": "false", "DialCallDuration": "9"},
            DialReported(status="completed", is_bridged=False, seconds=9),
        ),
        ({"DialCallStatus": "completed"}, DialReported(status="completed", is_bridged=True, seconds=0)),
        ({"DialCallStatus": "busy"}, DialReported(status="busy", is_bridged=False, seconds=0)),
        ({}, DialReported(status="failed", is_bridged=False, seconds=0)),
    ],
)
def test_a_dial_tells_how_it_ended(form: dict[str, str], report: DialReported) -> None:
    assert dial_reported(form) == report


def test_machine_detection_says_who_answered() -> None:
    assert (answered_by({"AnsweredBy": "human"}), answered_by({})) == ("human", "unknown")

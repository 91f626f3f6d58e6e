"""Calls that the hotline orders: they wait for their turn, ring, are told of; machine detection says who answers."""

from dataclasses import replace

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, NUMBER, StandIn, client_of
from voicebot.simulator import (
    Caller,
    Happening,
    Phone,
    PretendCarrier,
    hang_up,
    not_in_service,
    picked_up_by,
    press,
    sound,
    voicemail,
)
from voicebot.simulator.line import LineEvent

SPOKEN = sound.pcm_wav(sound.tone(500) * 100)


def order(hotline: StandIn, carrier: PretendCarrier, to: str = CALLER, **more: object) -> str:
    hotline.answers("/first", '<Gather numDigits="1" timeout="5"/>')
    hotline.answers("/status", "")
    hotline.answers("/amd", "")
    url = carrier.api_url if carrier.api_url.startswith("http://127") else carrier.serve_api()
    call = client_of(url).calls.create(to=to, from_=NUMBER, url=f"{hotline.url}/first", **more)  # type: ignore[arg-type]
    return str(call.sid)


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        (picked_up_by(Caller()), "completed"),
        (not_in_service(), "failed"),
        (picked_up_by(Caller(), after_s=40), "no-answer"),
    ],
    ids=["answers", "fails", "answers too late"],
)
def test_end_is_told_with_its_last_status(
    hotline: StandIn, make_carrier: MakeCarrier, phone: Phone, status: str
) -> None:
    carrier = make_carrier()
    carrier.phones[CALLER] = phone
    order(hotline, carrier, timeout=20, status_callback=f"{hotline.url}/status")
    assert hotline.await_requests("/status")[0].form["CallStatus"] == status


def test_a_call_starts_each_second(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier(pace=5.0)
    for number in range(3):
        carrier.phones[f"+1503555018{number}"] = picked_up_by(Caller().at(0.5, hang_up()), after_s=0.5)
    sids = [order(hotline, carrier, f"+1503555018{number}") for number in range(3)]
    calls = [carrier.ledger.calls[sid].line.wait(10) for sid in sids]
    waited = [call.queue_s for call in calls]
    assert waited[0] == pytest.approx(0, abs=0.1)
    assert waited[2] - waited[1] == pytest.approx(1, abs=0.6)


def test_call_that_rings_is_cancelled(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier(pace=10.0)
    carrier.phones[CALLER] = picked_up_by(Caller(), after_s=50)
    sid = order(hotline, carrier)
    client_of(carrier.api_url).calls(sid).update(status="canceled")
    assert carrier.ledger.calls[sid].line.wait(10).status == "canceled"
    assert hotline.to("/first") == []


def test_what_happens_on_a_leg_that_is_rung_is_told_to_who_watches_that_telephone(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    carrier, seen = make_carrier(), list[LineEvent]()
    script = Caller().at(0.2, press("1"), hang_up())
    carrier.phones[CALLER] = replace(picked_up_by(script), observer=seen.append)
    sid = order(hotline, carrier)
    carrier.ledger.calls[sid].line.wait(10)
    kinds = [event.kind for event in seen]
    assert Happening.PRESSED in kinds
    assert kinds[-1] is Happening.ENDED


def test_failed_document_asks_the_fallback_of_the_order(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    carrier = make_carrier()
    carrier.phones[CALLER] = picked_up_by(Caller())
    hotline.answers("/spare", "<Hangup/>")
    carrier.serve_api()
    client_of(carrier.api_url).calls.create(
        to=CALLER, from_=NUMBER, url=f"{hotline.url}/nowhere", fallback_url=f"{hotline.url}/spare"
    )
    assert hotline.await_requests("/spare")[0].form["ErrorCode"] == "11200"


@pytest.mark.parametrize(
    ("phone", "kind", "answered_by"),
    [
        (picked_up_by(Caller()), "Enable", "human"),
        (voicemail(SPOKEN, after_s=1), "Enable", "machine_start"),
        (voicemail(SPOKEN, after_s=1), "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_machine_detection_says_who_answered_beside_the_call(
    hotline: StandIn, make_carrier: MakeCarrier, phone: Phone, kind: str, answered_by: str
) -> None:
    carrier = make_carrier()
    carrier.phones[CALLER] = phone
    sid = order(
        hotline,
        carrier,
        machine_detection=kind,
        async_amd="true",
        async_amd_status_callback=f"{hotline.url}/amd",
    )
    assert hotline.await_requests("/amd")[0].form["AnsweredBy"] == answered_by
    assert "AnsweredBy" not in hotline.to("/first")[0].form
    assert client_of(carrier.api_url).calls(sid).fetch().answered_by == answered_by


def test_machine_detection_that_is_waited_for_holds_the_first_document(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    carrier = make_carrier()
    carrier.phones[CALLER] = picked_up_by(Caller())
    sid = order(hotline, carrier, machine_detection="Enable")
    assert hotline.await_requests("/first")[0].form["AnsweredBy"] == "human"
    assert carrier.ledger.calls[sid].line.wait(10).duration_s == pytest.approx(4 + 5, abs=0.2)

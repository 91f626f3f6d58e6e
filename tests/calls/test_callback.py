"""Called back from the product: the owner's telephone rings, a key connects, both talk in real voices."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, HOTLINE_NUMBER, House
from tests.calls.people import REMEDY, STORY, YES, complain
from tests.service.lines import OWNER
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import Ticket
from voicebot.service.callback.order import order_callback
from voicebot.service.outbox.try_out import try_out
from voicebot.simulator import (
    AfterFailedWhisper,
    Caller,
    CarrierOptions,
    Happening,
    LineCall,
    Phone,
    busy,
    hang_up,
    picked_up_by,
    press,
    rings_out,
    sound,
    speak,
    voicemail,
)

NEW_YORK = ZoneInfo("America/New_York")
TAKES = Caller().after("say", press("1"), nth=1)
"""A member who takes the call at the first words."""
SPOKE = TAKES.after("say", press("1"), nth=3)
"""One who also says, when the talk is over, that they spoke with the complainant."""


def called_back(house: House, owner: Phone, complainant: Phone) -> tuple[LineCall, StaffCall]:
    """Complain, let the owner call back from the case, and return their leg and what became of it."""
    complain(house)
    house.carrier.phones |= {OWNER: owner, CALLER_NUMBER: complainant}
    order_callback(house.hotline, house.the_ticket().case_number, actor="owner_1")
    house.work_off()
    (leg,) = house.carrier.ledger.calls_to(OWNER)
    leg.wait(120)
    house.wait_for(lambda: the_call(house).ended_at is not None, "the call to be settled")
    return leg, the_call(house)


def the_call(house: House) -> StaffCall:
    """Return the first call of the only case."""
    ticket = house.the_ticket()
    with house.work() as work:
        return work.staff_calls.of_ticket(ticket.id)[0]


def promise_states(house: House) -> list[str]:
    ticket = house.the_ticket()
    with house.work() as work:
        return [promise.state for promise in work.promises.of_ticket(ticket.id)]


@pytest.mark.requirement("S2-21")
@pytest.mark.requirement("V-09")
def test_owner_and_complainant_talk_and_the_promise_is_kept(house: House, speech_dir: Path) -> None:
    story, remedy, yes = (speak(speech_dir / clip) for clip in (STORY, REMEDY, YES))
    owner = SPOKE.after("bridged", remedy).after(story.label, yes)
    complainant = Caller().after("say", press("1")).after(remedy.label, story).after(yes.label, hang_up())
    leg, call = called_back(house, picked_up_by(owner), picked_up_by(complainant))
    (other,) = house.carrier.ledger.calls_to(CALLER_NUMBER)
    assert (call.result, call.was_bridged, call.agreed, call.keyed) == ("reached", True, True, "1")
    assert promise_states(house) == ["kept"]
    assert (other.from_number, leg.from_number) == (HOTLINE_NUMBER, HOTLINE_NUMBER)
    assert {story.label, remedy.label, yes.label} <= {*leg.heard, *other.heard}
    assert voiced_s(leg.hotline_track) > 0.8 * voiced_s(story.audio)
    assert voiced_s(other.hotline_track) > 0.8 * (voiced_s(remedy.audio) + voiced_s(yes.audio))


def voiced_s(track: bytes | bytearray) -> float:
    """Return how many seconds of a track are somebody's voice; the carrier's own voice is silent here."""
    ticks = [bytes(track[at : at + 160]) for at in range(0, len(track), 160)]
    return sum(map(sound.is_voice, ticks)) * sound.TICK_S


def said(leg: LineCall) -> str:
    return " ".join(event.detail for event in leg.transcript if event.kind is Happening.SAID)


def test_the_whisper_says_which_case_and_the_announcement_who_calls_and_why(house: House) -> None:
    leg, _ = called_back(house, picked_up_by(TAKES), picked_up_by(Caller().after("say", press("1"), hang_up())))
    case_end = " ".join(house.the_ticket().case_number[-3:])
    assert f"Case ending {case_end}." in said(leg)
    assert "We promised it for Wed 18 Nov" in said(leg)
    (other,) = house.carrier.ledger.calls_to(CALLER_NUMBER)
    assert f"about your case ending {case_end}" in said(other)
    assert "nobody asked for this call, press 9" in said(other)


GREETING = sound.pcm_wav(sound.tone(500) * 300)


@pytest.mark.requirement("S2-21")
@pytest.mark.parametrize(
    ("complainant", "result"),
    [
        (busy(), "busy"),
        (rings_out(), "no_answer"),
        (picked_up_by(Caller().at(1.0, hang_up())), "no_answer"),
        (voicemail(GREETING, after_s=3), "voicemail"),
    ],
    ids=["busy", "nobody answers", "hangs up at the announcement", "a machine"],
)
def test_whoever_does_not_reach_them_has_tried_and_the_complainant_is_told(
    house: House, complainant: Phone, result: str
) -> None:
    owner = TAKES.after("bridged", hang_up()) if result != "voicemail" else TAKES.after("beep", hang_up())
    _, call = called_back(house, picked_up_by(owner), complainant)
    house.work_off()
    assert call.result == result
    assert promise_states(house)[0] == "open"
    assert "did not reach you" in house.texts_to(CALLER_NUMBER)[-1].body


def test_machine_that_was_connected_is_no_talk_when_the_owner_says_so(open_house: OpenHouse) -> None:
    house = open_house(options=CarrierOptions(detection_s=600))
    owner = TAKES.after("say", press("2"), nth=3)
    _, call = called_back(house, picked_up_by(owner), voicemail(GREETING, after_s=3))
    assert (call.was_bridged, call.result, promise_states(house)[0]) == (True, "voicemail", "open")


def test_owner_who_does_not_press_the_key_rings_nobody(house: House) -> None:
    _, call = called_back(house, voicemail(GREETING, after_s=3), picked_up_by(Caller()))
    assert house.carrier.ledger.calls_to(CALLER_NUMBER) == []
    assert call.result == "they did not press 1"


def test_who_did_not_ask_for_the_call_is_not_rung_again(house: House) -> None:
    _, call = called_back(house, picked_up_by(TAKES), picked_up_by(Caller().after("say", press("9"))))
    assert (call.refused, call.was_bridged, house.the_ticket().complainant_number) == (True, False, None)
    with house.work() as work:
        assert work.staff_calls.blocked_at(CALLER_NUMBER) is not None


@pytest.mark.parametrize("choice", AfterFailedWhisper)
def test_promise_is_kept_by_no_talk_that_nothing_shows(open_house: OpenHouse, choice: AfterFailedWhisper) -> None:
    """Whatever the carrier does where it may choose: a machine that it connects is not taken for a person."""
    options = CarrierOptions(after_failed_whisper=choice, tells_dial_bridged=False, detection_s=2.0)
    house = open_house(options=options)
    called_back(house, picked_up_by(TAKES.after("beep", hang_up())), voicemail(GREETING, after_s=3))
    assert promise_states(house)[0] == "open"


def test_owner_who_hangs_up_without_a_word_after_a_human_talk_has_kept_it(house: House, speech_dir: Path) -> None:
    remedy = speak(speech_dir / REMEDY)
    owner = TAKES.after("bridged", remedy, remedy, remedy, remedy, remedy, remedy, hang_up())
    _, call = called_back(house, picked_up_by(owner), picked_up_by(Caller()))
    assert (call.answered_by, call.keyed, call.agreed) == ("human", "", False)
    assert (call.result, promise_states(house)) == ("reached", ["kept"])


@pytest.mark.requirement("D-10")
def test_a_telephone_that_is_tried_out_rings_says_so_and_leaves_no_case(house: House) -> None:
    house.carrier.phones[OWNER] = picked_up_by(Caller())
    text, call = try_out(house.hotline, "owner_1")
    (leg,) = house.carrier.ledger.calls_to(OWNER)
    leg.wait(60)
    assert (text.is_sent, call.is_sent) == (True, True)
    assert "trying out how we reach you. Nothing has happened" in said(leg)
    assert house.texts_to(OWNER)[-1].body.endswith("/console/")
    house.work_off()
    assert house.tickets() == []


@pytest.mark.requirement("S1-08")
def test_windows_in_vain_are_followed_by_another_day_and_another_time_of_day(house: House) -> None:
    complain(house)
    house.carrier.phones |= {OWNER: picked_up_by(TAKES), CALLER_NUMBER: busy()}
    ticket = house.the_ticket()
    for count in range(1, 3):
        with house.work() as work:
            promise = work.promises.open_of_ticket(ticket.id)
        assert promise is not None
        house.clock.step(promise.window_closes_at - timedelta(minutes=3) - house.clock.now())
        order_callback(house.hotline, ticket.case_number, actor="owner_1")
        house.work_off()
        house.wait_for(partial(are_settled, house, ticket, count), "the try to be settled")
    house.work_off()
    with house.work() as work:
        windows = [promise.window_opens_at.astimezone(NEW_YORK) for promise in work.promises.of_ticket(ticket.id)]
    assert [f"{at:%a %H:%M}" for at in windows] == ["Wed 11:00", "Fri 16:00", "Tue 09:00"]
    assert "Tue 24 Nov" in house.texts_to(CALLER_NUMBER)[-1].body


def are_settled(house: House, ticket: Ticket, count: int) -> bool:
    """Tell whether so many calls of a case are over."""
    with house.work() as work:
        return sum(call.ended_at is not None for call in work.staff_calls.of_ticket(ticket.id)) == count

"""Called back and recorded: both hear the notice, both voices are kept, and who says no is not recorded."""

import time
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import REMEDY, STORY, hurried_presser
from tests.calls.test_callback import SPOKE, promise_states, said, the_call, voiced_s
from tests.service.lines import OWNER
from voicebot.domain.staff_call import TalkRecording
from voicebot.domain.ticket import AnswerState
from voicebot.service.answer.keep import TALK_SLOT
from voicebot.service.callback.order import order_callback
from voicebot.simulator import Caller, LineCall, hang_up, picked_up_by, press, rest, speak
from voicebot.speech.audio import read_sides


@pytest.fixture
def recording_house(open_house: OpenHouse, tmp_path: Path) -> House:
    """A hotline whose policy records these talks."""
    house = open_house()
    levels = tmp_path / "policy" / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("record_talks: false", "record_talks: true"))
    return house


def called_back(house: House, owner: Caller, complainant: Caller) -> tuple[LineCall, LineCall]:
    """Complain, be called back while a worker works, and return both legs."""
    house.ring(hurried_presser())
    house.carrier.phones |= {OWNER: picked_up_by(owner), CALLER_NUMBER: picked_up_by(complainant)}
    order_callback(house.hotline, house.the_ticket().case_number, actor="owner_1")
    house.work_off()
    (leg,) = house.carrier.ledger.calls_to(OWNER)
    until = time.monotonic() + 120
    while not leg.is_over and time.monotonic() < until:
        house.work_off()
        time.sleep(0.05)
    house.wait_for(lambda: the_call(house).ended_at is not None, "the call to be settled")
    (other,) = house.carrier.ledger.calls_to(CALLER_NUMBER)
    return leg, other


@pytest.mark.requirement("S2-21")
def test_both_voices_of_a_talk_are_kept_after_its_notice(recording_house: House, speech_dir: Path) -> None:
    house, story, remedy = recording_house, speak(speech_dir / STORY), speak(speech_dir / REMEDY)
    owner = SPOKE.after("bridged", rest(4), remedy)
    complainant = Caller().after("say", press("1"), nth=2).after(remedy.label, story, hang_up())
    leg, other = called_back(house, owner, complainant)
    assert "The talk is recorded, unless they say no." in said(leg)
    assert "We record the talk, so that nothing is lost. To talk without a recording, press 8." in said(other)
    house.wait_for(lambda: house.carrier.ledger.recordings != {} or kept(house), "the recording to be there")
    house.step(minutes=3)
    house.wait_for(lambda: stepped(house) and kept(house), "the recording to be stored")
    talk = house.answers(house.the_ticket())[TALK_SLOT]
    assert talk.audio_key is not None
    ours, theirs = read_sides(house.hotline.audio.get(talk.audio_key))
    assert voiced_s(ours) > 0.8 * voiced_s(remedy.audio), "the owner's side"
    assert voiced_s(theirs) > 0.8 * voiced_s(story.audio), "the complainant's side"
    assert (house.carrier.ledger.recordings, promise_states(house)) == ({}, ["kept"])


def kept(house: House) -> bool:
    talk = house.answers(house.the_ticket()).get(TALK_SLOT)
    return talk is not None and talk.state is AnswerState.DONE


def stepped(house: House) -> bool:
    """Let the worker look once more."""
    house.work_off()
    return True


def test_who_presses_8_talks_and_nothing_is_recorded(recording_house: House, speech_dir: Path) -> None:
    house, remedy = recording_house, speak(speech_dir / REMEDY)
    owner = SPOKE.after("bridged", remedy)
    complainant = Caller().after("say", press("8"), nth=2).after(remedy.label, hang_up())
    leg, other = called_back(house, owner, complainant)
    assert remedy.label in other.heard
    assert (house.carrier.ledger.recordings, TALK_SLOT in house.answers(house.the_ticket())) == ({}, False)
    assert not any(event.kind == "recording" for event in leg.transcript)
    assert (the_call(house).recording, promise_states(house)) == (TalkRecording.REFUSED, ["kept"])

"""Texts to and fro through the pretend carrier, hour by hour: a telephone expects a reply, and nothing else."""

import pytest

from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import hurried_presser
from tests.calls.test_staff_told import Handsets
from tests.service.devices import text
from voicebot.domain.promise import PromiseState
from voicebot.service.promise.keep import log_callback
from voicebot.simulator.ledger import Media

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
"""The signature of a picture, and a little of one."""


@pytest.fixture
def handsets(house: House) -> Handsets:
    """Every telephone, after a complaint whose confirmation has come."""
    devices = Handsets(house)
    house.ring(hurried_presser())
    devices.expect("10:10", text(CALLER_NUMBER, "We will call you Wed 18 Nov, 11:00-13:00"))
    return devices


def write(house: House, body: str, *media: Media) -> None:
    assert house.carrier.text(CALLER_NUMBER, body, media=media).replies == ()


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("D-02")
def test_status_move_call_and_words_are_each_answered_once_an_hour(house: House, handsets: Handsets) -> None:
    write(house, "STATUS")
    handsets.expect("10:20", text(CALLER_NUMBER, "is with our case handler. We will call Wed 18 Nov, 11:00-13:00"))
    write(house, "nobody tells me anything")
    handsets.expect("10:30")
    handsets.expect("11:25")
    write(house, "move please")
    handsets.expect("11:35", text(CALLER_NUMBER, "3 for Thu 19 Nov, 09:00-11:00"))
    write(house, "3")
    handsets.expect("11:45", text(CALLER_NUMBER, "we will call you Thu 19 Nov, 09:00-11:00"))
    handsets.expect("12:40")
    write(house, "CALL")
    handsets.expect("12:50", text(CALLER_NUMBER, "We will call you Thu 19 Nov, 09:00-11:00"))
    handsets.expect("13:55")
    case = house.the_ticket()
    assert case.problem.splitlines() == ["nobody tells me anything", "CALL"]
    with house.work() as work:
        states = [promise.state for promise in work.promises.of_ticket(case.id)]
    assert states == [PromiseState.MOVED, PromiseState.OPEN]


@pytest.mark.requirement("S0-11")
def test_after_the_call_status_names_the_decision_and_words_are_promised_a_call(
    house: House, handsets: Handsets
) -> None:
    log_callback(house.hotline, house.the_ticket().case_number, reason="spoke", actor="owner_1")
    write(house, "STATUS")
    handsets.expect("10:20", text(CALLER_NUMBER, "You hear what we decide by"))
    handsets.expect("11:25")
    write(house, "you forgot the lamp")
    handsets.expect("11:35", text(CALLER_NUMBER, "your text is kept"))


@pytest.mark.requirement("S0-11")
def test_stop_is_silence_and_start_is_answered_again(house: House, handsets: Handsets) -> None:
    write(house, "STOP")
    write(house, "are you there")
    handsets.expect("10:20")
    write(house, "START")
    handsets.expect("10:30")
    write(house, "STATUS")
    handsets.expect("10:40", text(CALLER_NUMBER, "is with our case handler"))
    assert "are you there" in house.the_ticket().problem


def test_a_picture_stands_on_the_case_and_is_answered(house: House, handsets: Handsets) -> None:
    write(house, "", Media("image/png", PNG))
    handsets.expect("10:20", text(CALLER_NUMBER, "added to your case"))
    case = house.the_ticket()
    with house.work() as work:
        (picture,) = work.pictures.of_ticket(case.id)
    assert picture.file_key is not None
    assert house.hotline.audio.get(picture.file_key)

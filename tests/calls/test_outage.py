"""Nobody answers for a while: who rang has a case afterwards, and what a copy elsewhere recorded comes home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, House
from tests.calls.people import STORY, STORY_WORDS
from tests.simulator.stand_in import StandIn
from voicebot.domain.ticket import AnswerState
from voicebot.service.background.schedule import run_tasks
from voicebot.service.upkeep.number_setup import ConnectRequest, apply_plan, find_own_number, plan_connection
from voicebot.simulator.caller import Caller, hang_up, press, rest, speak

ELSE = "+12025550177"
COPY = '<Say>Please tell us.</Say><Record action="{goodbye}" finishOnKey="#" timeout="6" trim="do-not-trim"/>'


@pytest.fixture
def elsewhere() -> Iterator[StandIn]:
    """Another host that answers by a recording when ours does not."""
    stand_in = StandIn()
    stand_in.answers("/copy", COPY.format(goodbye=f"{stand_in.url}/goodbye"))
    stand_in.answers("/goodbye", "<Hangup/>")
    yield stand_in
    stand_in.close()


def connect(house: House, **request: str) -> None:
    number = find_own_number(house.hotline)
    assert number is not None
    apply_plan(house.hotline, plan_connection(house.hotline, number, ConnectRequest(**request)))  # type: ignore[arg-type]


@pytest.mark.requirement("S0-11")
def test_two_who_rang_while_nobody_answered_have_a_case_after_the_start(house: House) -> None:
    connect(house)
    house.close_web()
    impatient = Caller().during("say", 0.5, hang_up())
    calls = [house.carrier.ring(number, impatient) for number in (CALLER_NUMBER, ELSE, CALLER_NUMBER)]
    for call in calls:
        assert call.wait().errors != ()
    assert house.tickets() == []
    house.open_web()
    assert run_tasks(house.hotline) >= 1
    house.work_off()
    assert {ticket.complainant_number for ticket in house.tickets()} == {CALLER_NUMBER, ELSE}
    for number in (CALLER_NUMBER, ELSE):
        (text,) = house.texts_to(number)
        assert "you called and we did not answer" in text.body
    assert len(house.calls()) == 3


@pytest.mark.requirement("S0-11")
def test_what_a_copy_elsewhere_recorded_is_fetched_heard_and_deleted_there(
    house: House, elsewhere: StandIn, speech_dir: Path
) -> None:
    connect(house, fallback_url=f"{elsewhere.url}/copy")
    house.close_web()
    teller = Caller().after("say", speak(speech_dir / STORY), rest(0.5), press("#"))
    house.carrier.ring(CALLER_NUMBER, teller).wait()
    assert len(house.carrier.ledger.recordings) == 1
    house.open_web()
    run_tasks(house.hotline)
    house.work_off()
    ticket = house.the_ticket()
    (answer,) = house.answers(ticket).values()
    assert answer.state is AnswerState.DONE
    assert answer.audio_key is not None
    assert house.hotline.audio.exists(answer.audio_key)
    assert STORY_WORDS in ticket.problem
    assert house.carrier.ledger.recordings == {}
    run_tasks(house.hotline)
    house.work_off()
    assert len(house.texts_to(CALLER_NUMBER)) == 1


def test_after_an_outage_the_next_caller_is_answered_as_ever(open_house: OpenHouse) -> None:
    house = open_house()
    connect(house)
    house.close_web()
    house.carrier.ring(CALLER_NUMBER, Caller().during("say", 0.5, hang_up())).wait()
    house.open_web()
    call = house.ring(Caller().during("ask_story", 0.3, hang_up()), number=ELSE)
    assert (call.errors, call.ended_by) == ((), "caller")
    run_tasks(house.hotline)
    house.work_off()
    assert len(house.tickets()) == 2

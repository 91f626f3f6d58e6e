"""Who asks for a person talks to one on duty, or is promised a supervisor's call: in real voices."""

from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import HOTLINE_NUMBER, House
from tests.calls.people import REMEDY, STORY
from tests.calls.test_callback import voiced_s
from tests.service.lines import OWNER, SUPERVISOR, a_policy_dir
from voicebot.distribution import PROJECT_DIR
from voicebot.service.callback.person_now import RINGS_FOR
from voicebot.simulator import Caller, hang_up, picked_up_by, press, rings_out, speak

ASKS = speak(PROJECT_DIR / "voicebot" / "simulator" / "voices" / "supervisor.wav")
pytestmark = [pytest.mark.heavy, pytest.mark.requirement("S1-03")]


@pytest.fixture
def put_through(open_house: OpenHouse, tmp_path: Path) -> House:
    """A hotline that rings those on duty for who asks for a person, as its policy is shipped."""
    folder = a_policy_dir(tmp_path / "put_through")
    levels = folder / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("person_for: never", "person_for: 60 seconds"))
    return open_house(policy_dir=folder)


def test_a_person_asked_for_by_voice_takes_the_call_by_key_and_both_talk(put_through: House, speech_dir: Path) -> None:
    story, remedy = speak(speech_dir / STORY), speak(speech_dir / REMEDY)
    put_through.carrier.phones[SUPERVISOR] = picked_up_by(
        Caller().after("say", press("1"), nth=1).after(story.label, remedy)
    )
    caller = Caller().after("ask_story", ASKS).after("bridged", story).after(remedy.label, hang_up())
    call = put_through.ring(caller)
    (leg,) = put_through.carrier.ledger.calls_to(SUPERVISOR)
    assert leg.from_number == HOTLINE_NUMBER
    assert voiced_s(leg.hotline_track) > 0.8 * voiced_s(story.audio)
    assert remedy.label in call.heard
    assert put_through.the_ticket().supervisor_asks == 1


def test_where_nobody_picks_up_within_a_minute_a_supervisors_call_is_promised(put_through: House) -> None:
    for number in (SUPERVISOR, OWNER):
        put_through.carrier.phones[number] = rings_out()
    call = put_through.ring(Caller().after("ask_story", ASKS).after("promise_supervisor", hang_up()))
    heard = list(call.heard)
    rung = heard[heard.index("connect_person") :]
    assert rung[-2:] == ["person_not_reached", "promise_supervisor"]
    ticket = put_through.the_ticket()
    with put_through.work() as work:
        legs, (promise,) = work.staff_calls.of_ticket(ticket.id), work.promises.of_ticket(ticket.id)
    lasted = [(leg.ended_at - leg.dialled_at).total_seconds() for leg in legs if leg.ended_at and leg.dialled_at]
    assert len(legs) > 1
    assert all(sum(lasted[:at]) + RINGS_FOR.total_seconds() <= 60 for at in range(len(legs))), "none begins too late"
    assert promise.target == "supervisor"

"""Processes that die in the middle: every caller still ends with a ticket, the voice kept, one text."""

import signal
from pathlib import Path

import pytest

from tests.calls.conftest import StartService
from tests.calls.people import REMEDY, has_spoken, story_teller
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
from voicebot.simulator.caller import Caller, press, rest, speak

pytestmark = [pytest.mark.timeout(400), pytest.mark.heavy]
SHORT_STORY = REMEDY
"""Three seconds: eight decoders at once take all of two processors while these are told."""


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize(("callers", "pace"), [(3, 3.0), pytest.param(8, 2.0, marks=pytest.mark.long)])
def test_an_abort_in_a_decoder_loses_none_of_its_callers(
    start_service: StartService, speech_dir: Path, tmp_path: Path, callers: int, pace: float
) -> None:
    service = start_service(pace=pace, policy_dir=a_policy_dir(tmp_path / "policy"))
    tell = speak(speech_dir / SHORT_STORY)
    caller = story_teller(speech_dir)
    kept = tuple(reaction for reaction in caller.reactions if reaction.key != "ask_story")
    caller = Caller(reactions=kept).after("ask_story", tell, rest(30), nth=1)
    caller = caller.after("ask_story", tell, rest(0.3), press("#"), nth=2)
    numbers = [f"+120255501{number}" for number in range(40, 40 + callers)]
    calls = [service.carrier.ring(number, caller) for number in numbers]
    service.wait_for(lambda: all(has_spoken(call) for call in calls), "all of them to have spoken")
    service.kill_answering_process(signal.SIGABRT)
    for call in calls:
        call.wait(240)
    service.wait_for(lambda: all_stories_are_kept(service), "the audio of every story", patience_s=120)
    tickets = service.tickets()
    assert len(tickets) == callers
    assert all(ticket.owner_id for ticket in tickets)
    service.wait_for(
        lambda: [len(service.confirmations(number)) for number in numbers] == [1] * callers, "one text to each caller"
    )


def all_stories_are_kept(service: Service) -> bool:
    """Whether every case has at least one story whose audio is stored."""
    return all(
        any(answer.slot == "story" and answer.audio_key for answer in service.answers(ticket))
        for ticket in service.tickets()
    )

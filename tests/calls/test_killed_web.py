"""A web process that is killed in the middle of a story: the next one takes the caller up."""

from pathlib import Path

import pytest

from tests.calls.conftest import StartService
from tests.calls.house import CALLER_NUMBER
from tests.calls.people import STORY, STORY_WORDS, hurried, story_teller
from tests.calls.service import Service
from tests.service.lines import a_policy_dir
from voicebot.simulator.caller import Caller, press, rest, speak

pytestmark = pytest.mark.timeout(400)
TOLD_S = 4.5
"""Of the line, from the end of the question: the story is over. What is behind the decoder dies with a process."""


@pytest.mark.requirement("S0-11")
def test_a_web_process_killed_in_a_story_is_taken_up_by_the_next(
    start_service: StartService, speech_dir: Path, tmp_path: Path
) -> None:
    service = start_service(pace=3.0, policy_dir=a_policy_dir(tmp_path / "policy"))
    others = tuple(each for each in hurried(story_teller(speech_dir)).reactions if each.key != "ask_story")
    caller = Caller(reactions=others).after("ask_story", speak(speech_dir / STORY), rest(30), nth=1)
    call = service.carrier.ring(CALLER_NUMBER, caller.after("ask_story", press("#"), nth=2))
    service.wait_for(lambda: spooled_s(service) > TOLD_S, "the story to be told")
    assert service.kill("gunicorn") > 0
    call.wait(200)
    (ticket,) = service.tickets()
    service.wait_for(lambda: STORY_WORDS in service.tickets()[0].problem, "the story's words")
    assert ticket.owner_id
    service.wait_for(lambda: len(service.confirmations(CALLER_NUMBER)) == 1, "the confirmation")


def spooled_s(service: Service) -> float:
    """Return how many seconds of voice wait in files."""
    return sum(file.stat().st_size for file in (service.folder / "spool").glob("*.ulaw")) / 8000

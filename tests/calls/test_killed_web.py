"""A web process that is killed in the middle of a story: the next one takes the caller up."""

from pathlib import Path

import pytest

from tests.calls.conftest import StartService
from tests.calls.house import CALLER_NUMBER
from tests.calls.people import STORY_WORDS, has_spoken, story_teller
from tests.service.lines import a_policy_dir

pytestmark = pytest.mark.timeout(400)


@pytest.mark.requirement("S0-11")
def test_a_web_process_killed_in_a_story_is_taken_up_by_the_next(
    start_service: StartService, speech_dir: Path, tmp_path: Path
) -> None:
    service = start_service(pace=3.0, policy_dir=a_policy_dir(tmp_path / "policy"))
    caller = story_teller(speech_dir)
    call = service.carrier.ring(CALLER_NUMBER, caller)
    service.wait_for(lambda: has_spoken(call), "the story to be told")
    assert service.kill("gunicorn") > 0
    call.wait(200)
    (ticket,) = service.tickets()
    service.wait_for(lambda: STORY_WORDS in service.tickets()[0].problem, "the story's words")
    assert ticket.owner_id
    service.wait_for(lambda: len(service.confirmations(CALLER_NUMBER)) == 1, "the confirmation")

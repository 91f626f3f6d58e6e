"""A worker that listens again with Whisper itself, in processes of their own, and a call that begins meanwhile.

Whoever only sees that text stands beside a voice cannot tell whether a caller had to wait for it.
"""

from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.calls.conftest import StartService
from tests.calls.people import STORY_WORDS, silent_presser, story_teller
from tests.calls.service import Service
from tests.installed_model import whisper_folder
from tests.service.lines import a_policy_dir
from voicebot.adapters.second_ear import child
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS
from voicebot.speech.word_errors import plain_words

pytestmark = [pytest.mark.timeout(900), pytest.mark.heavy]

FOR_THE_IDLE_S = 600
"""Idle priority waits for every other test. With a machine of its own it takes ten seconds."""


def listeners(service: Service) -> list[int]:
    """Return how little each process that listens again wants the processor."""
    found = []
    for pid in service.pids(child.__name__):
        with suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid).nice())
    return found


def voices(service: Service) -> list[Answer]:
    """Return the answers whose voice is stored."""
    return [each for case in service.tickets() for each in service.answers(case) if each.audio_key is not None]


def test_whisper_hears_a_call_again_and_makes_way_for_the_next_one(
    start_service: StartService, tmp_path: Path, speech_dir: Path
) -> None:
    settings = {"VOICEBOT_SECOND_MODEL_DIR": str(whisper_folder())}
    service = start_service(policy_dir=a_policy_dir(tmp_path / "policy"), settings=settings)
    service.carrier.ring("+12025550150", story_teller(speech_dir)).wait(120)
    service.wait_for(lambda: listeners(service) == [child.LOWEST_NICE], "somebody to listen again, at idle priority")

    call = service.carrier.ring("+12025550151", silent_presser())
    service.wait_for(lambda: not listeners(service), "the listener to make way")
    assert not call.is_over, "it made way for the call, and had not just ended"
    service.wait_for(
        lambda: {(each.second_by, each.second_tries) for each in voices(service)} == {(None, 0)},
        "the try that was cut off to count as none",
    )
    call.wait(120)

    first = voices(service)[0]
    service.wait_for(lambda: all(each.second_by for each in voices(service)), "second words", patience_s=FOR_THE_IDLE_S)
    story = next(each for each in voices(service) if each.id == first.id)
    heard = plain_words(" ".join(word.text for word in WORDS.validate_json(story.second_words_json)))
    assert (heard, story.second_by) == (STORY_WORDS.split(), "whisper: whisper-base")
    assert (story.text, story.words_json) == (first.text, first.words_json)

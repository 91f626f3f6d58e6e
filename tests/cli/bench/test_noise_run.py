"""Questions in echo and noise, with the real flow, our own clips and the real recogniser.

When these fail our own loudspeaker voice answers our questions, or a caller who speaks over them is not heard.
"""

from functools import lru_cache
from itertools import islice

import pytest

from tests.flow.small_flow import project_texts
from tests.installed_model import recognisers
from voicebot.adapters.prompt_clips import PromptClips
from voicebot.cli.bench.answers import Said, asked_at
from voicebot.cli.bench.noise_run import Asked, NoisyLine, Place, ask_callers, ask_nobody, places
from voicebot.distribution import PROJECT_DIR
from voicebot.flow.definition import Flow
from voicebot.flow.reader import read_flow
from voicebot.simulator.scripts import VOICES
from voicebot.speech.audio import read_wav

pytestmark = pytest.mark.heavy

UNTOUCHED = Asked(is_cut=False, taken_as="")
CLIPS = PromptClips(PROJECT_DIR / "flows" / "clips")


@lru_cache
def _flow() -> Flow:
    return read_flow(project_texts("complaint", "shared"))


def _bundled(name: str) -> bytes:
    return read_wav((VOICES / f"{name}.wav").read_bytes())


def _yes() -> Said:
    return Said(group="", node="confirm_number", words="yes", mulaw=_bundled("yes_please"), wanted="yes")


@pytest.mark.parametrize(
    ("node", "prompt"), [("confirm_number", "no_match_1_yes_no"), ("offer_window", ""), ("ask_number", "")]
)
def test_our_voice_on_a_new_stream_neither_cuts_nor_answers_the_first_question(node: str, prompt: str) -> None:
    line = NoisyLine(Place(name="a loudspeaker", echo_db=16, is_new_stream=True), recognisers(), CLIPS)
    assert line.ask(_flow(), asked_at(_flow(), node, prompt)) == UNTOUCHED


@pytest.mark.parametrize("place", [Place(name="quiet"), Place(name="echo", echo_db=16)], ids=lambda one: one.name)
@pytest.mark.parametrize("is_new_stream", [False, True])
def test_who_speaks_over_a_question_is_heard_at_once(*, place: Place, is_new_stream: bool) -> None:
    there = Place(name=place.name, echo_db=place.echo_db, is_new_stream=is_new_stream)
    ((_, asked),) = ask_callers(_flow(), recognisers(), CLIPS, place=there, said=[_yes()])
    assert asked == Asked(is_cut=True, taken_as="yes")


def test_a_fist_on_the_table_neither_cuts_nor_answers_a_question() -> None:
    (place,) = (one for one in places(b"") if one.name == "single knocks of 120 ms, -10 dB")
    asked = ask_nobody(_flow(), recognisers(), CLIPS, place=place, story=_bundled("story_short"))
    assert set(islice(asked, 4)) == {UNTOUCHED}


@pytest.mark.parametrize("word", ["yes", "no"])
def test_one_short_word_counts_as_a_story(word: str) -> None:
    line = NoisyLine(Place(name="quiet"), recognisers(), CLIPS)
    assert line.ask(_flow(), asked_at(_flow(), "ask_story"), _bundled(word)).taken_as == "open"

"""Words that may tell of danger: heard at every moment of a call, and seldom where nothing of it is meant."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.small_flow import project_texts
from voicebot.domain.utterance import Utterance
from voicebot.flow.definition import Flow
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.flow.grammar import says_within
from voicebot.flow.inspection import Inspection
from voicebot.flow.reader import read_flow
from voicebot.flow.understanding import Hearing, Wanted, understand

COMMANDS = ("danger", "self_harm", "distress")


@pytest.fixture(scope="module")
def flow() -> Flow:
    return read_flow(project_texts("complaint", "shared"))


def _set_off(flow: Flow, text: str) -> list[str]:
    """Return which commands some words within a story set off."""
    lists = ((name, flow.vocabulary["en"][name]) for name in COMMANDS)
    return [name for name, one in lists if says_within(text, one.phrases, not_after=one.not_after)]


def _deaf(flow: Flow, words: str, command: str) -> Iterator[str]:
    """Yield the places of a call where these words are not understood."""
    heard = UtteranceHeard(utterance=Utterance(text=words), finished_by=FinishedBy.SILENCE)
    for name, node in Inspection(flow=flow).listening():
        meaning = understand(Hearing(flow, node, "en"), heard)
        if not isinstance(meaning, Wanted) or meaning.name != command:
            yield name


@pytest.mark.requirement("V-07")
@pytest.mark.parametrize("command", ["danger", "self_harm"])
def test_words_of_danger_are_understood_at_every_place_of_a_call(flow: Flow, command: str) -> None:
    for words in flow.vocabulary["en"][command].phrases[::4]:
        assert list(_deaf(flow, words, command)) == [], words


@pytest.mark.requirement("V-07")
@pytest.mark.parametrize(
    "text",
    [
        "last week i called the police and they came",
        "the fire alarm went off because of your toaster",
        "this waiting is killing me",
        "they said i am in danger of losing my deposit",
        "the ambulance chair was late",
        "my phone died and then the battery died",
        "i hurt myself on the lid",
        "i could die laughing at your prices",
        "the gas bill smells of fraud",
        "i can not cope with this letter no i can read it now",
    ],
)
def test_words_that_only_sound_so_stop_no_story(flow: Flow, text: str) -> None:
    assert _set_off(flow, text) == []


@pytest.mark.requirement("V-07")
def test_none_of_the_texts_of_real_people_sets_it_off(flow: Flow, speech_dir: Path) -> None:
    lines = (speech_dir / "manifest.jsonl").read_text().splitlines()
    texts = [text for line in lines if (text := json.loads(line).get("reference"))]
    assert len(texts) > 150
    assert [text for text in texts if _set_off(flow, text)] == []

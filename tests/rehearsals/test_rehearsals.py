"""Every rehearsal is played and answered as its file says, and together they go through every node and exit."""

from functools import lru_cache
from pathlib import Path

import pytest

from tests import quick_yaml
from tests.flow.small_flow import project_texts
from voicebot.flow.definition import Flow
from voicebot.flow.grammar import commands_of
from voicebot.flow.inspection import Inspection
from voicebot.flow.listens import ASK_FIELD, story_lists
from voicebot.flow.nodes import ListenNode
from voicebot.flow.prompts import clip_name
from voicebot.flow.reader import read_flow
from voicebot.flow.rehearsal import Rehearsal, replay
from voicebot.speech.audio import duration_s, read_wav

OUR_OWN_S = 0.4
"""Marks and turns take that long at most: from the caller's last word to our next are the timers and this."""
FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.yaml"))
FLOWS = sorted({path.parent.name for path in FILES})


@lru_cache
def _flow(name: str) -> Flow:
    return read_flow(project_texts(name, "shared"))


def _read(path: Path) -> Rehearsal:
    return Rehearsal.model_validate(quick_yaml.load(path.read_text()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rehearsal_is_answered_as_written(path: Path) -> None:
    written = _read(path)
    played, _ = replay(_flow(path.parent.name), written)
    assert played == written


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rehearsal_ends_with_the_call(path: Path) -> None:
    turns = _read(path).turns
    assert [turn.then == "hang_up" for turn in turns] == [False] * (len(turns) - 1) + [True]


@pytest.mark.parametrize("name", FLOWS)
def test_rehearsals_take_every_exit_of_every_node(name: str) -> None:
    flow = _flow(name)
    taken = {exit_name for path in FILES for exit_name in replay(flow, _read(path))[1] if path.parent.name == name}
    assert _every_exit(flow) - taken == set()


@pytest.mark.parametrize("name", FLOWS)
def test_rehearsals_say_every_prompt_but_those_for_failures_outside_the_flow(name: str) -> None:
    flow = _flow(name)
    said = {key for path in FILES if path.parent.name == name for turn in _read(path).turns for key in turn.we_say}
    # What ends in _unnamed is heard where no clip says the name of the company. All shared words are the complaint's.
    prompts = flow.prompts["en"] if name == "complaint" else flow.lines[f"{name}/prompts.en.yaml"].keys() - {""}
    unheard = {key for key in set(prompts) - said if not key.endswith("_unnamed") and not key.startswith(ASK_FIELD)}
    # The policy asks for fields. The others are said beside a wait.
    beside = {"wait_person", "wait_story", "warn_story_limit"}
    assert unheard == ({"hash_key", "owner_roles", "static_fallback", *beside} if name == "complaint" else set())


def test_who_says_nothing_more_hears_us_again_within_eight_seconds() -> None:
    flow = _flow("complaint")
    story = flow.nodes["ask_story"]
    assert isinstance(story, ListenNode)
    assert story.open is not None
    assert story.open.pause_after_s is not None
    words = flow.prompts["en"][story.open.pause_prompt or ""]
    clip = (FOLDER.parents[1] / "flows" / "clips" / "en" / f"{clip_name(words)}.wav").read_bytes()
    waited_s = story.open.pause_after_s + duration_s(read_wav(clip)) + story.open.end_silence_s
    assert waited_s <= 8 - OUR_OWN_S


@pytest.mark.parametrize("word", ["someone", "somebody"])
def test_a_word_of_many_stories_said_between_two_pauses_asks_for_nobody(word: str) -> None:
    flow = _flow("complaint")
    story = flow.nodes["ask_story"]
    assert isinstance(story, ListenNode)
    commands = commands_of(flow.vocabulary["en"], story_lists(flow, story))
    assert word not in commands
    assert {f"speak to {word}", f"can i talk to {word} please", f"get me {word}"} <= set(commands)


def test_every_flow_is_rehearsed() -> None:
    flows = {path.parent.name for path in (FOLDER.parents[1] / "flows").glob("*/flow.yaml")}
    assert flows == set(FLOWS)


def _every_exit(flow: Flow) -> set[str]:
    found = set()
    for place, link in Inspection(flow=flow).links():
        parts = [str(part) for part in place if part != "nodes"]
        is_said = flow.nodes.get(parts[0]) is not None and flow.nodes[parts[0]].kind in ("say", "find_questions")
        label = ".".join(parts if is_said else [part for part in parts if part != "go"])
        found |= {label} if isinstance(link, str) else {f"{label}.{branch}" for branch in range(len(link))}
    for name, node in Inspection(flow=flow).listening():
        for part in ("no_input", "no_match"):
            prompts = getattr(getattr(node, part), "prompts", ())
            found |= {f"{name}.{part}.{number}" for number in range(1, len(prompts) + 1)}
    return found

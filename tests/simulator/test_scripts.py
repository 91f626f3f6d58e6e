"""The ready scripts name prompts that the flow has, and clips that are there."""

from pathlib import Path

import pytest

from tests import quick_yaml
from voicebot.simulator.caller import Speak
from voicebot.simulator.scripts import SCRIPTS

FLOWS = Path(__file__).resolve().parents[2] / "flows"


def _prompt_keys() -> set[str]:
    texts = [FLOWS / "complaint/prompts.en.yaml", FLOWS / "shared/prompts.en.yaml"]
    return {key for text in texts for key in _keys(quick_yaml.load(text.read_text()))}


def _keys(tree: object) -> set[str]:
    if not isinstance(tree, dict):
        return set()
    return set(tree) | {key for part in tree.values() for key in _keys(part)}


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_reacts_to_prompts_that_the_flow_has(name: str) -> None:
    assert {reaction.key for reaction in SCRIPTS[name]().reactions} <= _prompt_keys()


def test_only_the_complaint_is_spoken() -> None:
    speaking = {
        name
        for name, script in SCRIPTS.items()
        if any(isinstance(action, Speak) for reaction in script().reactions for action in reaction.actions)
    }
    assert speaking == {"complaint"}

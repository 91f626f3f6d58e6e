"""The history is written in one place, and staff can read every line of it."""

import ast

import pytest

from tests.house import tree
from voicebot.service.history import Verb
from voicebot.service.wording.names import verb_said

ONE_PLACE = "voicebot/service/history.py"


@pytest.mark.parametrize("verb", Verb)
def test_each_verb_of_the_history_has_words_for_staff(verb: Verb) -> None:
    said = verb_said(verb)
    assert said != verb.replace("_", " "), f"write in service/wording/names.py how staff read {verb!r}"
    assert said == said.strip().rstrip(".")


def test_a_verb_of_a_newer_version_is_read_all_the_same() -> None:
    assert verb_said("kettle_mended") == "kettle mended"


def test_lines_of_the_history_and_events_of_calls_are_made_in_one_place() -> None:
    makers = [
        f"{tree.place(module)}: {call.func.id}"
        for module in tree.modules("voicebot")
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in {"HistoryEntry", "CallEvent"} and tree.place(module) != ONE_PLACE
    ]
    assert makers == [], f"call what {ONE_PLACE} offers instead"

"""What the house has, it also shows: each event, instruction and kind of node by a turn, each code by a line."""

import ast
import re
from collections.abc import Iterator
from typing import Annotated, get_args, get_origin

import pytest

from tests.flow import test_engine
from tests.flow.sample_turns import Sample, sample_flow, samples
from tests.house import tree
from voicebot import errors
from voicebot.flow.events import FlowEvent
from voicebot.flow.instructions import Instruction, Pause, Words
from voicebot.flow.nodes import Node

ERRORS_PAGE = (tree.PROJECT_DIR / "docs/errors.md").read_text()
SAMPLES = samples()
ROWS = ("S0-11", "S0-12", "S2-14", "S2-21")
"""Rows of the requirements that today's house must show working."""


def _kinds(part: object) -> set[str]:
    """Return the kinds that a union of parts tells apart."""
    if get_origin(part) is Annotated:
        return _kinds(get_args(part)[0])
    return {get_args(each.model_fields["kind"].annotation)[0] for each in get_args(part)}


def _codes() -> set[str]:
    """Return every code: of the error classes, and those given where an error is raised."""
    trees = [tree.parsed(path) for path in tree.modules()]
    families = {error.__name__ for error in vars(errors).values() if isinstance(error, type)}
    return {code for module in trees for node in ast.walk(module) for code in _code_of(node, families)}


def _code_of(node: ast.AST, families: set[str]) -> Iterator[str]:
    if isinstance(node, ast.ClassDef) and families & {node.name, *(getattr(base, "id", "") for base in node.bases)}:
        for line in node.body:
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code":
                yield ast.literal_eval(line.value)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in families:
        for keyword in node.keywords:
            if keyword.arg == "code":
                assert isinstance(keyword.value, ast.Constant), "a code is stable, so it is written out"
                yield str(keyword.value.value)


@pytest.mark.parametrize(("family", "part"), [("events", FlowEvent), ("instructions", Instruction), ("nodes", Node)])
def test_each_kind_has_its_sample(family: str, part: object) -> None:
    wanted = _kinds(part) | (_kinds(Words | Pause) if family == "instructions" else set())
    assert {sample.kind for sample in SAMPLES if sample.family == family} == wanted


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sample_has_the_kind_it_is_named_after(sample: Sample) -> None:
    match sample.family:
        case "events":
            assert sample.event.kind == sample.kind
        case "instructions":
            assert sample.kind in sample.kinds()
        case "nodes":
            assert sample.node is not None
            assert sample_flow().nodes[sample.node].kind == sample.kind
            played = sample.play()
            come_by = {name.partition(".")[0] for name in played.exits}
            assert sample.node in {played.session.node, *come_by}


def test_each_sample_is_played() -> None:
    (mark,) = getattr(test_engine.test_turn_tells_what_its_sample_says, "pytestmark", [])
    assert [sample.name for sample in mark.args[1]] == [sample.name for sample in SAMPLES]


def test_every_error_code_is_written_with_hyphens() -> None:
    assert sorted(code for code in _codes() if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)) == []


def test_every_error_code_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"^\| `([^`]+)` \|", ERRORS_PAGE, re.MULTILINE))
    assert len(documented) > 10
    assert documented == _codes()


@pytest.mark.parametrize("row", ROWS)
def test_requirement_is_shown_by_a_test(row: str) -> None:
    assert f'pytest.mark.requirement("{row}")' in tree.tests_text()

"""What the house has, it also shows: events, instructions, error codes and requirements are tested and documented."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house import tree
from voicebot import errors
from voicebot.flow import events, instructions

ERRORS_PAGE = (tree.PROJECT_DIR / "docs/errors.md").read_text()
ROWS = ("S0-11", "S0-12", "S2-14", "S2-21")
"""Rows of the requirements that today's house must show working."""


def _kinds(module: object) -> list[str]:
    return sorted(
        name
        for name, thing in vars(module).items()
        if isinstance(thing, type) and "kind" in getattr(thing, "model_fields", {})
    )


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


@pytest.mark.parametrize("name", _kinds(events))
def test_event_is_tested(name: str) -> None:
    assert re.search(rf"\b{name}\b", tree.tests_text())


@pytest.mark.parametrize("name", _kinds(instructions))
def test_instruction_is_tested(name: str) -> None:
    assert re.search(rf"\b{name}\b", tree.tests_text())


def test_every_error_code_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"^\| `([^`]+)` \|", ERRORS_PAGE, re.MULTILINE))
    assert len(documented) > 10
    assert documented == _codes()


@pytest.mark.parametrize("row", ROWS)
def test_requirement_is_shown_by_a_test(row: str) -> None:
    assert f'pytest.mark.requirement("{row}")' in tree.tests_text()

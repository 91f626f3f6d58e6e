"""What a message tells people to do can be done by whoever installed a wheel and has no checkout."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.house import tree
from voicebot.cli import main

TEMPLATES = sorted((tree.PROJECT_DIR / "voicebot/web").rglob("*.html"))
ASKS_FIRST = tree.PROJECT_DIR / "voicebot/distribution.py"
"""The one place that names `make`: it looks whether there is a checkout."""
COMMAND = re.compile(r"(?:`|<code>)voicebot ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")


def _said(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each string of a module with its place, those that only explain the code left out; a template is one."""
    if path.suffix == ".html":
        yield tree.place(path), path.read_text()
        return
    module = tree.parsed(path)
    explaining = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    shown = {id(doc) for node in ast.walk(module) for doc in _help(node)}
    for node in ast.walk(module):
        is_shown = id(node) not in explaining or id(node) in shown
        if is_shown and isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield f"{tree.place(path)}:{node.lineno}", node.value


def _help(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the docstring of a command, which `--help` shows."""
    if isinstance(node, ast.FunctionDef) and any("command" in ast.unparse(mark) for mark in node.decorator_list):
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first.value


SAID = [each for path in (*tree.modules("voicebot"), *TEMPLATES) if path != ASKS_FIRST for each in _said(path)]
NAMED = sorted({name for _, words in SAID for name in COMMAND.findall(words)})


def test_no_message_points_into_a_checkout() -> None:
    in_a_checkout = re.compile(r"\bdocs/\w+|\bthe README|\.venv/|(?:`|<code>)make\b")
    found = [place for place, words in SAID if in_a_checkout.search(words) and "twilio.com/docs" not in words]
    assert found == []


@pytest.mark.parametrize("command", NAMED)
def test_command_named_in_a_message_exists(command: str) -> None:
    run = CliRunner().invoke(main, [*command.split(), "--help"])
    assert run.exit_code == 0, run.output


def test_messages_name_commands_and_pages() -> None:
    assert {"model install", "flows copy", "docs errors", "docs settings", "docs operating"} <= set(NAMED)

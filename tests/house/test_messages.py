"""What a message tells people to do can be done by whoever installed a wheel and has no checkout."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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


@cache
def _everything_said() -> tuple[tuple[str, str], ...]:
    paths = (*tree.modules("voicebot"), *TEMPLATES)
    return tuple(each for path in paths if path != ASKS_FIRST for each in _said(path))


def _named() -> set[str]:
    return {name for _, words in _everything_said() for name in COMMAND.findall(words)}


def test_no_message_points_into_a_checkout() -> None:
    in_a_checkout = re.compile(r"\bdocs/\w+|\bthe README|\.venv/|(?:`|<code>)make\b")
    found = [
        place for place, words in _everything_said() if in_a_checkout.search(words) and "twilio.com/docs" not in words
    ]
    assert found == []


def test_every_command_named_in_a_message_exists() -> None:
    runs = {command: CliRunner().invoke(main, [*command.split(), "--help"]) for command in sorted(_named())}
    assert {command: run.output for command, run in runs.items() if run.exit_code != 0} == {}


def test_messages_name_commands_and_pages() -> None:
    assert {"model install", "flows copy", "docs errors", "docs settings", "docs operating"} <= _named()

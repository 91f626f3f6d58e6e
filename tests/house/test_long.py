"""What only `make test-long` runs has a short form that CI runs, and CI leaves nothing else out.

`make test` also leaves out what is marked as heavy, but never the only kill of a process of ours.
"""

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator

import pytest

from tests.house import tree

MARK = "pytest.mark.long"
MAKEFILE = (tree.PROJECT_DIR / "Makefile").read_text()


def _marked() -> Iterator[tuple[str, ast.AST, bool]]:
    """Yield the place of each mark in our tests, and whether it stands in a list of parameters with a short one."""
    for path in tree.modules("tests"):
        if path.name == "test_long.py" or MARK not in path.read_text():
            continue
        module = tree.parsed(path)
        paired = {id(mark) for node in ast.walk(module) if isinstance(node, ast.List) for mark in _paired(node)}
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == MARK:
                yield f"{tree.place(path)}:{node.lineno}", node, id(node) in paired


def _paired(parameters: ast.List) -> Iterator[ast.AST]:
    """Yield the marks of long parameters that stand beside an unmarked one."""
    marks = [_mark_of(each) for each in parameters.elts]
    if None in marks:
        yield from (mark for mark in marks if mark is not None)


def _mark_of(parameter: ast.expr) -> ast.AST | None:
    keywords = parameter.keywords if isinstance(parameter, ast.Call) else []
    return next((each.value for each in keywords if each.arg == "marks" and ast.unparse(each.value) == MARK), None)


def test_every_long_form_stands_beside_its_short_one() -> None:
    marked = list(_marked())
    assert len(marked) > 3
    assert [place for place, _, is_paired in marked if not is_paired] == []


def test_ci_leaves_out_nothing_but_the_long_forms() -> None:
    options = tomllib.loads((tree.PROJECT_DIR / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert re.findall(r" -[mk] '?([\w ]+)'?", options["addopts"]) == ["not long"]
    assert re.findall(r"--(?:deselect|ignore)\S*", options["addopts"] + MAKEFILE) == []
    assert re.search(
        "^export CI=true .*^make test$", (tree.PROJECT_DIR / ".ci/run").read_text(), re.MULTILINE | re.DOTALL
    )
    assert _chosen("tests", ci="true") == []
    assert _chosen("tests", ci="true", part="tests/chaos") == []


def test_what_make_test_leaves_out_other_targets_run() -> None:
    assert _chosen("tests") == ["not heavy and not long"]
    assert _chosen("check") == ["not heavy and not long"]
    assert _chosen("tests", part="tests/chaos") == []
    assert _chosen("test-heavy") == ["heavy and not long"]
    assert _chosen("test-long") == ["long"]


def _chosen(target: str, *, ci: str = "", part: str = "tests") -> list[str]:
    """Return by which marks a target of make chooses among the tests."""
    command = ["make", "--dry-run", "--no-print-directory", target, f"TESTS={part}", "MAKE=:"]
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "EVERYTHING"}}
    shown = subprocess.run(
        command, cwd=tree.PROJECT_DIR, env=environment | {"CI": ci}, capture_output=True, text=True, check=True
    )
    (run,) = re.findall(r"bin/pytest (tests.*)", shown.stdout)
    return [quoted or plain for quoted, plain in re.findall(r' -[mk] (?:"([^"]+)"|(\S+))', run)]


@pytest.mark.parametrize("process", ["gunicorn", "voicebot worker"])
def test_make_test_kills_each_kind_of_process(process: str) -> None:
    killing = [
        function
        for path in tree.modules("tests")
        if f'.kill("{process}")' in path.read_text() and "pytestmark = pytest.mark.heavy" not in path.read_text()
        for function in ast.walk(tree.parsed(path))
        if isinstance(function, ast.FunctionDef) and f".kill('{process}')" in ast.unparse(function)
    ]
    assert [each.name for each in killing if not _is_heavy(each)] != []


def _is_heavy(function: ast.FunctionDef) -> bool:
    return any("mark.heavy" in ast.unparse(mark) for mark in function.decorator_list)

"""What only `make test-long` runs has a short form that `make test` runs, and nothing else is left out."""

import ast
import re
import tomllib
from collections.abc import Iterator

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


def test_nothing_but_the_long_forms_is_left_out() -> None:
    options = tomllib.loads((tree.PROJECT_DIR / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert re.findall(r" -[mk] '?([\w ]+)'?", options["addopts"]) == ["not long"]
    assert re.findall(r"pytest .*? -[mk] (\S+)", MAKEFILE) == ["long"], "make test-long runs them"
    assert re.findall(r"--(?:deselect|ignore)\S*", options["addopts"] + MAKEFILE) == []

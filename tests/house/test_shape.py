"""Parts stay small, and names come from the trade."""

import ast
import sys
from pathlib import Path

import pytest

from tests.house import tree

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "models", "base", "manager", "managers", "misc"}
MODULES = tree.modules() + tree.modules("tests")


@pytest.mark.parametrize("path", MODULES, ids=tree.place)
def test_module_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_conftest_has_fewer_than_100_lines() -> None:
    for path in tree.modules("tests"):
        if path.name == "conftest.py":
            assert len(path.read_text().splitlines()) < 100, tree.place(path)


@pytest.mark.parametrize("path", MODULES, ids=tree.place)
def test_function_has_at_most_40_lines_without_its_docstring(path: Path) -> None:
    assert [function.place for function in tree.functions(path) if function.lines > 40] == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [tree.place(path) for path in MODULES if path.stem in FORBIDDEN] == []


def test_no_package_of_ours_takes_a_name_of_the_standard_library() -> None:
    tops = {path.relative_to(tree.PROJECT_DIR / "voicebot").parts[0] for path in tree.modules()}
    assert {Path(top).stem for top in tops} & (sys.stdlib_module_names - {"__init__", "__main__"}) == set()


@pytest.mark.parametrize("path", tree.modules(), ids=tree.place)
def test_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree.parsed(path)), "a module starts with one sentence of purpose"

"""Parts stay small, and names come from the trade."""

import ast
import sys
from pathlib import Path

from tests.house import tree

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "models", "base", "manager", "managers", "misc"}
HOUSE = tree.modules()
MODULES = HOUSE + tree.modules("tests")


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_module_has_more_than_400_lines() -> None:
    assert [f"{tree.place(path)}: {_lines(path)} lines" for path in MODULES if _lines(path) > 400] == []


def test_no_conftest_has_100_lines() -> None:
    assert [tree.place(path) for path in MODULES if path.name == "conftest.py" and _lines(path) >= 100] == []


def test_no_function_has_more_than_40_lines_without_its_docstring() -> None:
    functions = [function for path in MODULES for function in tree.functions(path)]
    assert len(functions) > 100
    assert [f"{function.place}: {function.lines} lines" for function in functions if function.lines > 40] == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [tree.place(path) for path in MODULES if path.stem in FORBIDDEN] == []


def test_no_floor_takes_a_name_of_the_standard_library() -> None:
    tops = {Path(path.relative_to(tree.PROJECT_DIR / "voicebot").parts[0]).stem for path in HOUSE}
    assert tops & sys.stdlib_module_names == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [tree.place(path) for path in HOUSE if not ast.get_docstring(tree.parsed(path))] == []

"""Tests mirror the tree, so that a module's conversation is found by its name."""

from pathlib import Path

import pytest

from tests.house import tree

PACKAGE = tree.PROJECT_DIR / "voicebot"
TESTS = tree.PROJECT_DIR / "tests"
FREE = {"house", "calls", "rehearsals"}
"""Folders of tests that mirror no floor: rules of the house, whole calls, rehearsals of the flows."""


def _test_of(module: Path) -> Path:
    return TESTS / module.relative_to(PACKAGE).with_name(f"test_{module.name}")


def _module_of(test: Path) -> Path:
    return PACKAGE / test.relative_to(TESTS).with_name(test.name.removeprefix("test_"))


PURE = [
    module
    for floor in tree.PURE_FLOORS
    for module in tree.modules(f"voicebot/{floor}")
    if module.name != "__init__.py" and tree.does_something(module)
]
MIRRORED = [
    test
    for test in tree.modules("tests")
    if test.name.startswith("test_") and test.relative_to(TESTS).parts[0] not in FREE
]


@pytest.mark.parametrize("module", PURE, ids=tree.place)
def test_module_of_a_pure_floor_has_its_own_test_file(module: Path) -> None:
    assert _test_of(module).is_file(), f"write {tree.place(_test_of(module))}"


@pytest.mark.parametrize("test", MIRRORED, ids=tree.place)
def test_file_of_tests_belongs_to_a_module(test: Path) -> None:
    module = _module_of(test)
    assert module.is_file() or module.with_suffix("").is_dir(), f"{tree.place(module)} does not exist"

"""Tests mirror the tree, so that a module's conversation is found by its name."""

from pathlib import Path

from tests.house import tree

PACKAGE = tree.PROJECT_DIR / "voicebot"
TESTS = tree.PROJECT_DIR / "tests"
FREE = {"browser", "calls", "chaos", "fuzz", "house", "rehearsals"}
"""Folders of tests that mirror no floor: a real browser, whole calls, faults, hostile input, our rules, rehearsals."""


def _test_of(module: Path) -> Path:
    return TESTS / module.relative_to(PACKAGE).with_name(f"test_{module.name}")


def _module_of(test: Path) -> Path:
    return PACKAGE / test.relative_to(TESTS).with_name(test.name.removeprefix("test_"))


def _needs_tests(module: Path) -> bool:
    return module.name != "__init__.py" and tree.does_something(module)


def test_each_module_of_a_pure_floor_has_its_own_test_file() -> None:
    pure = [module for floor in tree.PURE_FLOORS for module in tree.modules(f"voicebot/{floor}")]
    wanted = [_test_of(module) for module in pure if _needs_tests(module)]
    assert len(wanted) > 20
    assert [f"write {tree.place(test)}" for test in wanted if not test.is_file()] == []


def test_each_file_of_tests_belongs_to_a_module() -> None:
    tests = [path for path in tree.modules("tests") if path.name.startswith("test_")]
    mirrored = [test for test in tests if test.relative_to(TESTS).parts[0] not in FREE]
    modules = [_module_of(test) for test in mirrored]
    assert [
        f"{tree.place(module)} does not exist"
        for module in modules
        if not module.is_file() and not module.with_suffix("").is_dir()
    ] == []

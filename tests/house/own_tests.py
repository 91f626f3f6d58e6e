"""Modules up to `service` whose own test file does not walk through all their branches, each with its reason.

A key is the floor and the module's name ("service/turn"), without the rooms between them, so a move from room to room
changes nothing here. Two modules of a floor with one name are told apart by the room before it ("service/ports/sms").
`own_coverage.py` measures; `test_own_tests.py` looks that each key still means one module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.house import tree

TESTS = tree.PROJECT_DIR / "tests"
PACKAGE = tree.PROJECT_DIR / "voicebot"


@dataclass(frozen=True)
class Excuse:
    """Why a module is not held by its own tests, and how much of it is."""

    percent: int
    """Of lines and branches, whole percents; it may not fall."""
    reason: str


AHEAD = "a voice stored ahead of its hearing is walked from one module on: tests/service/listening/test_arrivals.py"

EXCUSED: dict[str, Excuse] = {
    "service/listening/answer_audio": Excuse(90, f"{AHEAD}, with a disk that gets full"),
    "service/listening/call_listening": Excuse(92, f"{AHEAD}, which holds frames before the decoder takes them"),
    "speech/echo": Excuse(
        99,
        "the solver stops where nothing is left to solve, so that it never divides by nought in a call; clicks, tones, "
        "noise and voices all leave something, and no sound is known that brings it there",
    ),
}


@cache
def measured_modules() -> tuple[Path, ...]:
    """Return every module that its own test file must hold."""
    modules = [module for floor in tree.PURE_FLOORS for module in tree.modules(f"voicebot/{floor}")]
    return tuple(module for module in modules if module.name != "__init__.py" and tree.does_something(module))


def mirror_of(module: Path) -> Path:
    """Return the test file that mirrors a module."""
    return TESTS / module.relative_to(PACKAGE).with_name(f"test_{module.name}")


def own_tests_of(module: Path) -> tuple[Path, ...]:
    """Return a module's own test files: the one that mirrors it, and the one of its package, where that has one."""
    package = mirror_of(module.parent.with_suffix(".py"))
    return (mirror_of(module), package) if package.is_file() else (mirror_of(module),)


def name_of(module: Path) -> str:
    """Return where a module stands, from its floor on, without its suffix."""
    return module.relative_to(PACKAGE).with_suffix("").as_posix()


def is_meant(key: str, module: Path) -> bool:
    """Tell whether a key of the list means a module, in whatever room it stands."""
    floor, _, end = key.partition("/")
    name = name_of(module)
    return name.startswith(f"{floor}/") and name.endswith(f"/{end}")


def excuse_of(module: Path, excused: Mapping[str, Excuse]) -> Excuse | None:
    """Return a module's entry in a list; None when its own tests hold it."""
    return next((excuse for key, excuse in excused.items() if is_meant(key, module)), None)

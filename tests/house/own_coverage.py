"""Measures each module by its own test file only: `make own-coverage`.

A branch that only some other module's test walks through is not held: that test has other things to say, and changes
with them. Each module of the floors up to `service` has all its branches walked by the test file that mirrors it,
together with the one that mirrors its package where there is one (`tests/service/test_listening.py`), or stands in
`own_tests.py` with its reason. This program ends with status 1 when that is not so, and also when a module in that list
has come to need it no more, or has fallen further than the list says.

Each of these test files runs once, and coverage notes which file walked where; of a function's body only what its own
test file walked counts. What importing the module runs, a function that fills a table included, counts for all.

While working at some modules, name them: `make own-coverage MODULES="service/turn domain/promise"` runs no other tests.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

from tests.house import tree
from tests.house.own_tests import EXCUSED, Excuse, excuse_of, is_meant, measured_modules, name_of, own_tests_of

Arc = tuple[int, int]
"""From line to line; negative ends are the way into a function or class and out of it."""
BEFORE_TESTS = "^$"
"""The context of what runs while tests are collected: functions that fill a table at import, for instance."""
AT_ONCE = os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a module's own tests walk through."""

    module: Path
    percent: int
    """Of its lines and branches, cut off, so that 100 means all."""
    missing: tuple[str, ...] = ()
    """Lines never run, and branches never taken (from line to line)."""


def run_tests(data: Path, modules: Iterable[Path]) -> int:
    """Run the own tests of some modules, noting which file walks where; return pytest's status."""
    files = sorted({str(test) for module in modules for test in own_tests_of(module) if test.is_file()})
    options = [f"--cov=voicebot/{floor}" for floor in tree.PURE_FLOORS]
    options += ["--cov-branch", "--cov-report=", "--cov-fail-under=0", "-p", "tests.house.own_context"]
    # Noting what is walked makes tests slower.
    options += ["--timeout", "1800"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--numprocesses",
        str(min(AT_ONCE, len(files))),
        "--dist",
        "loadfile",
    ]
    environment = {**os.environ, "COVERAGE_FILE": str(data)}
    return subprocess.run([*command, *options, *files], cwd=tree.PROJECT_DIR, env=environment, check=False).returncode


def measure(data: Path, modules: Sequence[Path]) -> list[Measured]:
    """Read from the run what each module's own tests walked through."""
    walked = CoverageData(basename=str(data))
    walked.read()
    with tempfile.TemporaryDirectory() as folder:
        own = CoverageData(basename=f"{folder}/own")
        own.add_arcs({str(module): own_arcs(walked, module) for module in modules})
        own.write()
        coverage = Coverage(data_file=f"{folder}/own", config_file=str(tree.PROJECT_DIR / "pyproject.toml"))
        coverage.load()
        coverage.json_report(morfs=[str(module) for module in modules], outfile=f"{folder}/own.json")
        files = json.loads(Path(f"{folder}/own.json").read_text())["files"]
    found = {str(tree.PROJECT_DIR / name): figures for name, figures in files.items()}
    return [_measured(module, found[str(module)]) for module in modules]


def own_arcs(walked: CoverageData, module: Path) -> set[Arc]:
    """Return where a module's own tests went, and what importing it ran."""
    inside = _lines_of_bodies(module)
    walked.set_query_contexts(None)
    at_import = {arc for arc in walked.arcs(str(module)) or () if not inside & {abs(arc[0]), abs(arc[1])}}
    walked.set_query_contexts([BEFORE_TESTS, *(f"^{re.escape(tree.place(test))}$" for test in own_tests_of(module))])
    return at_import | set(walked.arcs(str(module)) or ())


def _lines_of_bodies(module: Path) -> set[int]:
    """Return the lines that run only when some function is called."""
    functions = [node for node in ast.walk(tree.parsed(module)) if isinstance(node, ast.FunctionDef)]
    bodies = [(node.body[0].lineno, node.end_lineno or 0) for node in functions if node.body[0].lineno > node.lineno]
    return {line for first, last in bodies for line in range(first, last + 1)}


def _measured(module: Path, figures: Mapping) -> Measured:
    missing = [str(line) for line in figures["missing_lines"]]
    missing += [f"{start}->{'exit' if end < 0 else end}" for start, end in figures["missing_branches"]]
    percent = min(99, int(figures["summary"]["percent_covered"])) if missing else 100
    return Measured(module=module, percent=percent, missing=tuple(missing))


def faults_of(measured: Measured, excused: Mapping[str, Excuse]) -> Iterator[str]:
    """Yield what is wrong with a module's figure and its entry in the list."""
    name, excuse, missing = name_of(measured.module), excuse_of(measured.module, excused), " ".join(measured.missing)
    if excuse is None and missing:
        yield f"{name}: its own tests leave out {missing}; test that, or list it in own_tests.py"
    elif excuse is not None and not missing:
        yield f"{name}: all its branches are tested now; take it out of own_tests.py"
    elif excuse is not None and measured.percent < excuse.percent:
        yield f"{name}: {measured.percent} % and no longer {excuse.percent} %: {missing}"


def tell(found: Iterable[Measured]) -> int:
    """Print every figure below all, then the faults; return the status to end with."""
    found = list(found)
    for measured in found:
        if measured.missing:
            print(f"{measured.percent:4} %  {name_of(measured.module)}  {' '.join(measured.missing)}")
    faults = [fault for measured in found for fault in faults_of(measured, EXCUSED)]
    print("\n".join(faults) or f"all {len(found)} modules are held by their own tests, but for {len(EXCUSED)} listed")
    return 1 if faults else 0


def asked_for(names: Sequence[str]) -> list[Path]:
    """Return the modules that are named, with their floor, and all of them when none is."""
    modules = measured_modules()
    unknown = [name for name in names if not any(is_meant(name, module) for module in modules)]
    if unknown:
        sys.exit(f"no module up to service is called {' '.join(unknown)}: name its floor and its file (service/turn)")
    return [module for module in modules if not names or any(is_meant(name, module) for name in names)]


def main(names: Sequence[str]) -> int:
    """Run the tests and measure; a test that fails hides no figure."""
    modules = asked_for(names)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "walked"
        status = run_tests(data, modules)
        if status > pytest.ExitCode.TESTS_FAILED:
            sys.exit(
                "the tests could not be run, so nothing was measured: mend what pytest names above, and run this again"
            )
        return tell(measure(data, modules)) or status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The repository as house tests see it: which files are ours, and what stands in them.

Each is read once in a process. To parse everything costs seconds, so tests do it when they run, not when collected.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
PURE_FLOORS = ("domain", "flow", "speech", "telephony", "service")
MIGRATIONS = "voicebot/adapters/store/migrations"
BINARY = {".wav", ".png", ".zip", ".gz", ".woff2", ".ico"}


@dataclass(frozen=True)
class Function:
    """A function and how long it is without its docstring."""

    name: str
    place: str
    lines: int


@cache
def our_files() -> tuple[Path, ...]:
    """Return every file that is, or would be, tracked: all but what `.gitignore` names."""
    lines = (PROJECT_DIR / ".gitignore").read_text().split()
    anchored = {PROJECT_DIR / line.strip("/") for line in lines if line.startswith("/")}
    names = [line.rstrip("/") for line in lines if not line.startswith("/")] + [".git"]

    def walk(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if path in anchored or any(fnmatch(path.name, name) for name in names):
                continue
            if path.is_dir():
                yield from walk(path)
            else:
                yield path

    return tuple(walk(PROJECT_DIR))


def modules(under: str = "voicebot") -> list[Path]:
    """Return our Python files in a folder, migrations left out."""
    return [
        path
        for path in our_files()
        if path.suffix == ".py"
        and path.is_relative_to(PROJECT_DIR / under)
        and not path.is_relative_to(PROJECT_DIR / MIGRATIONS)
    ]


def place(path: Path) -> str:
    """Return a path as people write it: from the project's folder."""
    return path.relative_to(PROJECT_DIR).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function of a module, nested ones and methods included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = _without_docstring(node)
            first = node.lineno if body is node.body else (node.body[0].end_lineno or node.lineno) + 1
            lines = (node.end_lineno or node.lineno) - first + 1
            yield Function(node.name, f"{place(path)}:{node.lineno} {node.name}", lines)


def does_something(path: Path) -> bool:
    """Tell whether a module has a function with a body: shapes and Protocols have none."""
    return any(
        not all(_is_ellipsis(statement) for statement in _without_docstring(node))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@cache
def tests_text() -> str:
    """Return the text of all tests but the house's own, for "is it mentioned anywhere"."""
    tests = [path for path in modules("tests") if not path.is_relative_to(PROJECT_DIR / "tests/house")]
    return "\n".join(path.read_text() for path in tests)


def _without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def _is_ellipsis(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)

"""Whoever calls a public function learns from its docstring which of our errors it raises.

Held where bad input comes in and where the outside fails: in a function's own lines, and in those of the private
helpers of its module that it calls. What a call into another module raises stands at that module's function.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.house import tree
from voicebot import errors

FLOORS = ("domain", "flow", "speech", "telephony", "service", "adapters")
OURS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
Function = ast.FunctionDef | ast.AsyncFunctionDef
Told = tuple[Function, str]
"""A function and the words that speak of it: its docstring, of a constructor its class's."""


def our_errors() -> set[str]:
    """Return the names of our errors, those that a module makes of them included."""
    classes = [
        node for path in tree.modules() for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.ClassDef)
    ]
    return OURS | {made.name for made in classes if any(isinstance(b, ast.Name) and b.id in OURS for b in made.bases)}


def public_functions(parsed: ast.Module) -> Iterator[Told]:
    """Yield what others may call: functions, methods of public classes, and their constructors."""
    for node in parsed.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node, ast.get_docstring(node) or ""
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, Function) and method.name == "__init__":
                    yield method, f"{ast.get_docstring(node)} {ast.get_docstring(method)}"
                elif isinstance(method, Function) and not method.name.startswith("_"):
                    yield method, ast.get_docstring(method) or ""


def raised_in(function: Function, names: set[str]) -> set[str]:
    """Return which of our errors a function's own lines raise."""
    raised = (node.exc for node in ast.walk(function) if isinstance(node, ast.Raise))
    called = (exc.func if isinstance(exc, ast.Call) else exc for exc in raised)
    return {each.id for each in called if isinstance(each, ast.Name) and each.id in names}


def helpers_of(parsed: ast.Module, names: set[str]) -> Mapping[str, set[str]]:
    """Return what each private helper of a module raises, by its name."""
    helpers = [node for node in ast.walk(parsed) if isinstance(node, Function) and node.name.startswith("_")]
    return {helper.name: raised_in(helper, names) for helper in helpers}


def called_in(function: Function) -> Iterator[str]:
    """Yield the names of what a function calls, by name or on itself, where no `try` stands around it."""
    tries = [node for node in ast.walk(function) if isinstance(node, ast.Try)]
    guarded = {id(inner) for each in tries for line in each.body for inner in ast.walk(line)}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and id(node) not in guarded:
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "self":
                yield node.func.attr


def untold(parsed: ast.Module, names: set[str]) -> Iterator[str]:
    """Yield the public functions of a module that raise an error of ours and do not say so."""
    helpers = helpers_of(parsed, names)
    for function, words in public_functions(parsed):
        handed_on = {each for name in called_in(function) for each in helpers.get(name, ())}
        missing = {name for name in raised_in(function, names) if name not in words}
        missing |= set() if "Raises" in words else {name for name in handed_on if name not in words}
        if missing:
            yield f"{function.lineno} {function.name} raises {', '.join(sorted(missing))}"


@pytest.mark.parametrize("floor", FLOORS)
def test_a_public_function_names_each_error_of_ours_that_it_raises(floor: str) -> None:
    names = our_errors()
    paths: list[Path] = tree.modules(f"voicebot/{floor}")
    found = [f"{tree.place(path)}:{each}" for path in paths for each in untold(tree.parsed(path), names)]
    assert found == [], "write `Raises: Refused when …` into the docstring"


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("def f():\n '''Do it.'''\n raise Refused('no')", True),
        ("def f():\n '''Do it. Raises: Refused when it cannot.'''\n raise Refused('no')", False),
        ("def f():\n '''Do it.'''\n _g()\ndef _g():\n raise Refused('no')", True),
        ("def f():\n '''Do it.'''\n try:\n  _g()\n except Refused:\n  pass\ndef _g():\n raise Refused('no')", False),
        ("def _f():\n raise Refused('no')", False),
        ("class F:\n '''Is.'''\n def __init__(self):\n  raise Refused('no')", True),
        ("class F:\n '''Is. Raises (when made): Refused.'''\n def __init__(self):\n  raise Refused('no')", False),
        ("def f():\n '''Do it.'''\n raise ValueError('no')", False),
    ],
)
def test_an_error_that_is_not_told_is_found(body: str, is_found: bool) -> None:
    assert bool(list(untold(ast.parse(body), {"Refused"}))) is is_found

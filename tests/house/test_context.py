"""A use case has one context and so one instant: what it writes together bears the same time.

Who reads a case's history, or asks which promise a text could know of, compares instants. Where each function asks the
clock anew, a promise is younger than the text that tells it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

SERVICE = "voicebot/service"
MAKER = "context_of"

MEASURED: dict[str, str] = {
    "answer/audio.py _fetch": "the carrier was asked before, and no transaction is open",
    "answer/picture.py _put_off": "the carrier was asked before, and no transaction is open",
    "answer/second_listening.py is_kept": "it measures how long the turn still lasts, in a transaction that is over",
    "background/clock_watch.py __init__": "it watches the clock itself",
    "background/clock_watch.py confirm": "it watches the clock itself",
    "background/clock_watch.py _look": "it watches the clock itself",
    "background/health.py signs_of_life": "it is one question to a port that opens its own transaction",
    "background/schedule.py _run_if_due": "the task has run meanwhile: how long it rests counts from its end",
    "call/budget.py _arrival_of": "the instant of a call that two transactions share",
    "callback/dial.py _still_ours": "it measures how long ago the claim was looked at, in a transaction that is over",
    "call/stored_turn.py _ms_since": "it measures how long the turn took",
    "outbox/sms.py _still_holds": "it measures how long ago the claim was looked at, in a transaction that is over",
    "ticket/text_budget.py receive_text": "the instant of a text that two transactions share",
    "upkeep/after_restore.py settle_after_restore": "when the restore began, before many transactions",
    "upkeep/reconcile.py reconcile": "how far back a list of the carrier's is read, with no transaction open",
    "upkeep/retention.py erase_by_hand": "when the run began, before many transactions",
    "upkeep/retention.py _due": "when the search began: it goes through many transactions",
    "upkeep/retention.py _mark_unanswered": "when the search began: it goes through many transactions",
}
"""Where the clock is asked beside the maker of contexts, each with its reason. All of it lies outside transactions."""


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Yield the functions of a module, methods and nested ones too."""
    yield from (node for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.FunctionDef))


def place(path: Path, function: ast.FunctionDef) -> str:
    return f"{path.relative_to(tree.PROJECT_DIR / SERVICE).as_posix()} {function.name}"


def types_of(function: ast.FunctionDef) -> set[str]:
    """Return the types of a function's parameters, as they are written."""
    known = function.args
    every = (*known.posonlyargs, *known.args, *known.kwonlyargs)
    return {ast.unparse(each.annotation).strip("'") for each in every if each.annotation is not None}


def asks_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("clock.now")


def makes_context(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == MAKER


def opens_transaction(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any(
        ast.unparse(item.context_expr).endswith((".unit_of_work()", ".look()")) for item in node.items
    )


def test_no_use_case_takes_ports_and_transaction_side_by_side() -> None:
    both = [
        place(path, function)
        for path in tree.modules(SERVICE)
        for function in functions(path)
        if {"Hotline", "UnitOfWork"} <= types_of(function) and function.name != MAKER
    ]
    assert not both, "take a `Context` (service/hotline.py): it has ports, transaction and instant"


def test_the_clock_is_asked_where_a_context_is_made() -> None:
    askers = {
        place(path, function)
        for path in tree.modules(SERVICE)
        for function in functions(path)
        if any(asks_clock(node) for node in ast.walk(function))
    }
    assert askers == {f"hotline.py {MAKER}", *MEASURED}, "take the context's `now`; each other place needs a reason"


def test_a_transaction_has_one_context_and_asks_no_clock() -> None:
    """A second context in one transaction would bring a second instant; so would one made in a loop."""
    doubled = [
        f"{tree.place(path)}:{block.lineno}"
        for path in tree.modules(SERVICE)
        for block in ast.walk(tree.parsed(path))
        if opens_transaction(block)
        if _contexts(block) > 1 or any(asks_clock(node) for node in ast.walk(block))
    ]
    assert not doubled, "make the context once and hand it on"


def _contexts(block: ast.AST) -> int:
    """Count how often a block makes a context; what stands in a loop is made again each time."""
    again = {id(part) for node in ast.walk(block) for part in _repeated(node) if makes_context(part)}
    return sum(2 if id(node) in again else 1 for node in ast.walk(block) if makes_context(node))


def _repeated(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node runs again and again: what a loop goes through is looked up once."""
    match node:
        case ast.For(body=body) | ast.While(body=body):
            yield from (part for each in body for part in ast.walk(each))
        case ast.ListComp(elt=made) | ast.SetComp(elt=made) | ast.GeneratorExp(elt=made) | ast.DictComp(value=made):
            yield from ast.walk(made)

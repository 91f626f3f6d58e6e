"""Each of these decisions is made in one place; whoever needs it asks there."""

import ast
import dataclasses
from collections.abc import Iterator

from tests.house import tree
from voicebot.service.ports import CaseLine


def calls_of(method: str) -> Iterator[str]:
    """Yield the places in which a function or method of this name is called."""
    for module in tree.modules("voicebot"):
        for node in ast.walk(tree.parsed(module)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == method:
                yield tree.place(module)


def test_which_case_a_contact_joins() -> None:
    assert set(calls_of("open_of")) == {"voicebot/service/ticket/joining.py"}


WORDED_FOR_OTHERS = ("voicebot/simulator/", "voicebot/flow/prompts.py", "voicebot/cli/demo/")
"""What is no instant as staff read it: the carrier's forms, windows worded for callers, the clock of a play."""


def test_how_staff_read_an_instant() -> None:
    writers = {
        tree.place(module)
        for module in tree.modules("voicebot")
        for node in ast.walk(tree.parsed(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%H:%M" in node.value
    }
    assert {each for each in writers if not each.startswith(WORDED_FOR_OTHERS)} == {"voicebot/domain/instants.py"}


def test_how_a_failure_is_logged() -> None:
    loggers = {
        tree.place(module)
        for module in tree.modules("voicebot")
        if "structlog.get_logger" in module.read_text() and any(kinds_in(tree.parsed(module)))
    }
    assert loggers == set(), "a failure is logged by service/failure_log.py"


def kinds_in(module: ast.Module) -> Iterator[str]:
    """Yield `type(problem).__name__` of each error that a module catches or is given, but for those told in another."""
    nodes = list(ast.walk(module))
    errors = {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
    errors |= {node.arg for node in nodes if isinstance(node, ast.arg) and "Exception" in ast.unparse(node)}
    told_on = {id(part) for node in nodes if is_making(node) for part in ast.walk(node)}
    yield from (
        ast.unparse(node)
        for node in nodes
        if id(node) not in told_on
        if isinstance(node, ast.Attribute) and node.attr == "__name__"
        if ast.unparse(node.value) in {f"type({error})" for error in errors}
    )


def is_making(node: ast.AST) -> bool:
    """Tell whether a node makes a value of a class."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[0].isupper()


def test_one_place_judges_whether_the_model_hears() -> None:
    assert set(calls_of("KnownClip")) == {"voicebot/bootstrap/hearing.py"}
    judges = {place for place in calls_of("word_errors") if not place.startswith("voicebot/cli/")}
    assert judges == {"voicebot/service/doctor/hearing.py"}, "benches and recordings judge clips, not the model"


def test_which_cases_are_open() -> None:
    lists = {
        tree.place(module)
        for module in tree.modules("voicebot")
        for node in ast.walk(tree.parsed(module))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        if {"TicketStatus.OPEN", "TicketStatus.ACKNOWLEDGED"} <= {ast.unparse(each) for each in node.elts}
    }
    assert lists == {"voicebot/domain/ticket.py"}


def test_a_function_takes_its_instant_once() -> None:
    again = {
        f"{tree.place(module)}: {function.name}"
        for module in tree.modules("voicebot/service")
        for function in ast.walk(tree.parsed(module))
        if isinstance(function, ast.FunctionDef)
        if sum(is_looking_at_the_clock(node) for node in ast.walk(function)) > 1
    }
    assert again == set(), "take `now` once and hand it on, so that all of an action has one instant"


def is_looking_at_the_clock(node: ast.AST) -> bool:
    """Tell whether a node asks the clock of a hotline."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("clock.now")


def test_a_line_of_the_case_list_is_one_record() -> None:
    fields = {each.name for each in dataclasses.fields(CaseLine)}
    fields |= {name for name, part in vars(CaseLine).items() if isinstance(part, property)}
    copies = {
        f"{tree.place(module)}: {record.name}"
        for module in tree.modules("voicebot")
        for record in ast.walk(tree.parsed(module))
        if isinstance(record, ast.ClassDef) and record.name not in ("CaseLine", "Ticket")
        if len(fields & fields_of(record)) > 6
    }
    assert copies == set(), "take service/ports/case_list.py CaseLine, and add only what is new"


def fields_of(record: ast.ClassDef) -> set[str]:
    """Return the names of a record's own fields."""
    return {ast.unparse(part.target) for part in record.body if isinstance(part, ast.AnnAssign)}

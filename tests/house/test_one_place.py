"""Each of these decisions is made in one place; whoever needs it asks there."""

import ast
from collections.abc import Iterator

from tests.house import tree


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

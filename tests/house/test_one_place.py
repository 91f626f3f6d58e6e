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

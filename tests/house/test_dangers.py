"""Each danger of a line that calls back has a test that shows its attack failing.

Source: twilio.md 1.12 (dangers), and what any service with pages, files and sockets meets.
"""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.house import tree

DANGERS = (
    "premium and satellite numbers",
    "SMS pumping",
    "call loops",
    "one number, many calls",
    "endless silent calls",
    "stored XSS",
    "SSRF",
    "path traversal",
    "replayed sockets",
)


def _marked() -> Iterator[str]:
    """Yield the name in each `@pytest.mark.danger(…)` of the tests."""
    for path in tree.modules("tests"):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.danger":
                yield ast.literal_eval(node.args[0])


MARKED = Counter(_marked())


@pytest.mark.parametrize("danger", DANGERS)
def test_the_attack_is_shown_failing(danger: str) -> None:
    assert MARKED[danger] >= 2, f'no attack is marked @pytest.mark.danger("{danger}")'


def test_no_mark_names_a_danger_that_nobody_listed() -> None:
    assert set(MARKED) - set(DANGERS) == set()

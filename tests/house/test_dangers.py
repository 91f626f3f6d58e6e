"""Each danger of a line that calls back has a test that shows its attack failing.

Source: twilio.md 1.12 (dangers), and what any service with pages, files and sockets meets.
"""

import ast
from collections import Counter
from collections.abc import Iterator

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
    "guessed codes",
)


def _marked() -> Iterator[str]:
    """Yield the name in each `@pytest.mark.danger(…)` of the tests."""
    for path in tree.modules("tests"):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.danger":
                yield ast.literal_eval(node.args[0])


def test_each_attack_is_shown_failing_and_none_that_nobody_listed() -> None:
    marked = Counter(_marked())
    assert [danger for danger in DANGERS if marked[danger] < 2] == [], (
        "mark two attacks @pytest.mark.danger(…) for each"
    )
    assert set(marked) - set(DANGERS) == set()

"""Which tests coverage does not count: whole calls, and what fuzzes or harasses a running hotline.

They walk the same code over and over, and counting makes each step dearer. What a line of code does is shown by the
tests of its floor. Those are counted, and reach the 90 % by themselves.
"""

import pytest

from tests.running_order import folder_of

WHOLE = frozenset({"browser", "calls", "chaos", "fuzz"})
"""Folders of such tests."""


def leave_uncounted(items: list[pytest.Item]) -> None:
    """Mark the tests during which coverage rests."""
    for item in items:
        if folder_of(item.path) in WHOLE:
            item.add_marker("no_cover")

"""Which tests coverage does not count: whole calls, and what fuzzes or harasses a running hotline.

They walk the same code over and over, and counting makes each step dearer. What a line of code does is shown by the
tests of its floor. Those are counted, and reach the 90 % by themselves.
"""

from pathlib import Path

import pytest

WHOLE = frozenset({"browser", "calls", "chaos", "fuzz"})
"""Folders of such tests."""

_TESTS = Path(__file__).resolve().parent


def leave_uncounted(items: list[pytest.Item]) -> None:
    """Mark the tests during which coverage rests."""
    for item in items:
        if item.path.is_relative_to(_TESTS) and item.path.relative_to(_TESTS).parts[0] in WHOLE:
            item.add_marker("no_cover")

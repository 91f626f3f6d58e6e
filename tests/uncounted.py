"""Which tests coverage does not count: whole calls, what fuzzes or harasses a running hotline, and what is heavy.

They walk the same code over and over, and counting doubles the processor time of each step. Tests of the house read
code and walk little of it. What a line of code does is shown by the tests of its floor on one database. Those are
counted, and reach the 90 % by themselves. Where each file's own walk is asked for (own_coverage.py), its heavy tests
count too.
"""

import pytest

from tests.house.own_context import counts_by_file
from tests.running_order import folder_of

WHOLE = frozenset({"browser", "calls", "chaos", "fuzz", "house"})
"""Folders of such tests."""


def leave_uncounted(items: list[pytest.Item]) -> None:
    """Mark the tests during which coverage rests, among them all that are marked as heavy by now."""
    for item in items:
        if folder_of(item.path) in WHOLE or (item.get_closest_marker("heavy") and not counts_by_file()):
            item.add_marker("no_cover")

"""Rows of figures, put together by the name of their group, and all of them as a whole.

A median is the middle value, or the mean of the two in the middle. It is found here, because SQLite has no function for
it, and to number the rows of each group by a window took both databases longer than to gather them.
Knows: rows with a name. Must not know: what they count.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from sqlalchemy import CursorResult

TOTAL = "*"
"""Name of the group that is all, since no week, target, channel or id is written so."""

Columns = Mapping[str, Sequence[Any]]


def groups_of(result: CursorResult[Any]) -> Mapping[str, Columns]:
    """Return the columns of all rows, if there are any, and those of each name. The first column is the name."""
    names, rows = tuple(result.keys()), result.all()
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[str(row[0])].append(row)
    every = {TOTAL: rows, **groups} if rows else {}
    return {name: dict(zip(names, zip(*of_name, strict=True), strict=True)) for name, of_name in every.items()}


def known(values: Sequence[Any]) -> list[Any]:
    """Return the values that are not missing."""
    return [value for value in values if value is not None]


def middle(values: Sequence[Any]) -> float | None:
    """Return the median of the values that are not missing, or None where all are.

    >>> middle([4, None, 1, 2, 50]), middle([None])
    (3.0, None)
    """
    there = known(values)
    return float(median(there)) if there else None

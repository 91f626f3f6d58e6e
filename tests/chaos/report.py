"""A run's counts as a plain table: what was expected, what was found, what differs."""

from collections.abc import Sequence

from tests.chaos.counting import Count

SHOWN = 6
"""Ids named of those that differ."""


def table(counts: Sequence[Count]) -> str:
    """Return the table."""
    width = max(len(each.what) for each in counts)
    lines = [f"  {'':{width}}  expected   found"]
    lines += [line for each in counts for line in _lines(each, width)]
    return "\n".join(lines)


def differing(counts: Sequence[Count]) -> list[str]:
    """Return what differs, a sentence each."""
    return [
        f"{each.what}: expected {each.expected}, found {each.found}{_which(each)}" for each in counts if each.differs
    ]


def _lines(each: Count, width: int) -> list[str]:
    mark = "  <-- DIFFERS" if each.differs else ""
    lines = [f"  {each.what:{width}}  {each.expected:8d}{each.found:8d}{mark}"]
    if each.differs:
        lines.append(f"      {_which(each).strip(' ()')}")
    elif each.expected != each.found or each.allowance:
        lines.append(f"      allowed: {each.allowance}, because {each.why}")
    return lines


def _which(each: Count) -> str:
    if not each.which:
        return ""
    more = f" and {len(each.which) - SHOWN} more" if len(each.which) > SHOWN else ""
    return f" ({', '.join(each.which[:SHOWN])}{more})"

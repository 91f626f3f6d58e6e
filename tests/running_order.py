"""In which order tests are run: what takes longest first, for begun last a single test would decide when a run ends.

Within that the order is pytest's own. A worker is given a whole file at a time.
"""

from pathlib import Path

import pytest

SLOWEST_FIRST = ("chaos", "calls", "fuzz", "browser", "cli", "adapters", "simulator")
"""Folders of tests that start processes, play whole calls or wait; all others only compute."""
USUAL_LIMIT_S = 180
"""As in pyproject.toml; a test that names a longer one takes longest of all."""

_TESTS = Path(__file__).resolve().parent


def place_in_run(item: pytest.Item) -> tuple[float, int]:
    """Return what to sort a test by."""
    limit = item.get_closest_marker("timeout")
    limit_s = max(USUAL_LIMIT_S, limit.args[0]) if limit else USUAL_LIMIT_S
    folder = item.path.relative_to(_TESTS).parts[0] if item.path.is_relative_to(_TESTS) else ""
    return -limit_s, SLOWEST_FIRST.index(folder) if folder in SLOWEST_FIRST else len(SLOWEST_FIRST)

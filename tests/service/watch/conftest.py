"""What tests of the watch over the watch begin with."""

from pathlib import Path

import pytest

from tests.service.lines import Line
from tests.service.watch.canaries import Canaries
from tests.service.watch.mornings import Mornings


@pytest.fixture
def mornings(line: Line, tmp_path: Path) -> Mornings:
    """A hotline whose management gets its morning list."""
    return Mornings(line, tmp_path / "mornings")


@pytest.fixture
def mornings_on_both(line_on_both: Line, tmp_path: Path) -> Mornings:
    """The same, once on each database."""
    return Mornings(line_on_both, tmp_path / "mornings")


@pytest.fixture
def canaries(line: Line, tmp_path: Path) -> Canaries:
    """A hotline with a second number, on a working morning at eight."""
    return Canaries(line, tmp_path / "canaries")

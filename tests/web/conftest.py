"""The web process on a fresh database."""

from pathlib import Path

import pytest

from tests.service.conftest import definitions, line
from tests.service.lines import Line
from tests.web.desk import Desk

__all__ = ["definitions", "line"]


@pytest.fixture
def desk(line: Line, tmp_path: Path) -> Desk:
    """The application, without any clip."""
    return Desk(line, tmp_path / "clips")

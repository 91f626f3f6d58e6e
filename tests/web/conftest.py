"""The web process on a fresh database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import WEDNESDAY_TEN, migrated_file
from tests.service.lines import Line, a_policy_dir, copy_of
from tests.web.desk import Desk

__all__ = ["migrated_file"]


@pytest.fixture
def line(migrated_file: Path, tmp_path: Path) -> Iterator[Line]:  # noqa: F811  the fixture of that name
    """A hotline on SQLite, Wednesday at ten in New York."""
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    yield Line(engine, a_policy_dir(tmp_path / "policy"), WEDNESDAY_TEN)
    engine.dispose()


@pytest.fixture
def desk(line: Line, tmp_path: Path) -> Desk:
    """The application, without any clip."""
    return Desk(line, tmp_path / "clips")

"""The API on a fresh database."""

import pytest

from tests.web.api.desk import ApiDesk
from tests.web.console.conftest import console, definitions, engine
from tests.web.console.desk import ConsoleDesk

__all__ = ["console", "definitions", "engine"]


@pytest.fixture
def api(console: ConsoleDesk) -> ApiDesk:
    """The application, and programs that ask it."""
    return ApiDesk(console)

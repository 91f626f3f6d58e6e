"""The API on a fresh database."""

import pytest

from tests.web.api.desk import ApiDesk
from tests.web.console.conftest import console, console_on_both, definitions, engine
from tests.web.console.desk import ConsoleDesk

__all__ = ["console", "console_on_both", "definitions", "engine"]


@pytest.fixture
def api(console: ConsoleDesk) -> ApiDesk:
    """The application, and programs that ask it."""
    return ApiDesk(console)


@pytest.fixture
def api_on_both(console_on_both: ConsoleDesk) -> ApiDesk:
    """The same, once on each database."""
    return ApiDesk(console_on_both)

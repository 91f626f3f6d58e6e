"""Tells coverage which test file is running: a plugin of pytest for `own_coverage.py`.

pytest-cov's own note names the test, and writes down all that was walked after each step of each one. Which file it was
is all that is asked here, and that is written down once a file.
"""

import pytest
from coverage import Coverage

RUNNING = pytest.StashKey[str]()
_at_work: list[pytest.Config] = []


def counts_by_file() -> bool:
    """Say whether it matters now which test file walked where."""
    return bool(_at_work)


def pytest_configure(config: pytest.Config) -> None:
    """Be at work as long as pytest is."""
    _at_work.append(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Be at work no more."""
    _at_work.remove(config)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin a new context with the first test of a file."""
    file, _, _ = item.nodeid.partition("::")
    coverage = Coverage.current()
    if coverage is not None and item.config.stash.get(RUNNING, "") != file:
        coverage.switch_context(file)
        item.config.stash[RUNNING] = file

"""Python looks for garbage in a test run as in one long program: seldom, and not among what stays to the end.

Modules and collected tests are some hundred thousand objects. By default each of Python's full looks walks them all,
and that was a tenth of the processor time of the quick tests.
"""

import gc
from collections.abc import Generator

import pytest

_ALLOCATED = 20_000
"""So many objects more than were freed, then the youngest are looked at; Python's own number is 700."""


def pytest_configure() -> None:
    """Look seldom from now on."""
    gc.set_threshold(_ALLOCATED)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor later among them: tests and modules stay until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Look once at the end, so that what was thrown away is still told. Pytest itself then looks five times more."""
    gc.collect()
    gc.freeze()

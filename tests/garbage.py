"""Python looks for garbage in a test run as in one long program: seldom, and not among what stays to the end.

Modules and collected tests are some hundred thousand objects. By default each of Python's full looks walks them all,
and that was a tenth of the processor time of the quick tests.
"""

import gc

_ALLOCATED = 20_000
"""So many objects more than were freed, then the youngest are looked at; Python's own number is 700."""


def pytest_configure() -> None:
    """Look seldom from now on."""
    gc.set_threshold(_ALLOCATED)


def pytest_collection_finish() -> None:
    """Look no more at what there is now."""
    gc.freeze()

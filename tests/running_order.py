"""In which order tests are run: what takes longest first, for begun last a single test would decide when a run ends.

Within that the order is pytest's own. A worker is given one test at a time, quick ones by the handful, but for three
kinds that stay together: tests that share something made once for their file, such as a built wheel, tests of the
house, which share what they have read of all files, and tests of living processes. Those wait for most of their time.
Were each worker to begin with one of them, the processors would have nothing to do for minutes. Whole calls wait for
half of their time, and so they are spread among the tests that compute.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain, cycle
from pathlib import Path

import pytest

SLOWEST_FIRST = ("chaos", "calls", "fuzz", "browser", "cli", "adapters", "simulator")
"""Folders of tests that start processes, play whole calls or wait; all others only compute."""
WAITING = frozenset({"chaos", "calls", "fuzz", "browser"})
"""Folders whose tests wait longer than they compute."""
WAITING_UNTIL = 0.85
"""Where in the run the last of them begins, for a run should end with short tests."""
SHARING_ALL_FILES = "house"
"""The folder whose tests read and parse every file of ours, once in a process."""
USUAL_LIMIT_S = 180
"""As in pyproject.toml; a test that names a longer one takes longest of all."""
LIVING = frozenset({"start_service", "open_site", "apart"})
"""Fixtures that start the hotline's processes."""
HANDFUL = 8
"""So many quick tests are handed to a worker at once. To hand out and tick off each by itself takes a thousandth of a
second, and pytest-xdist looks through all that a worker was ever given each time."""

_TESTS = Path(__file__).resolve().parent


def put_in_order(items: list[pytest.Item]) -> None:
    """Sort the tests."""
    items.sort(key=_place_in_run)


def spread(items: list[pytest.Item]) -> None:
    """Begin with what stays together, then let those that wait come evenly among those that compute.

    Only for workers that take a test at a time: elsewhere they would wait as long in any order.
    """
    together = {item for item, _ in grouped(items, workers=1)}
    alone = [item for item in items if item not in together]
    waiting = [item for item in alone if _folder(item) in WAITING]
    computing = [item for item in alone if _folder(item) not in WAITING]
    at = {item: WAITING_UNTIL * place / len(waiting) for place, item in enumerate(waiting)}
    at |= {item: place / len(computing) for place, item in enumerate(computing)}
    items[:] = [item for item in items if item in together] + sorted(alone, key=at.__getitem__)


def keep_together(items: list[pytest.Item], *, workers: int) -> None:
    """Write into a test's address with which others it goes to one worker; pytest-xdist reads it there."""
    for item, group in chain(grouped(items, workers=workers), handfuls(items)):
        # pytest-xdist 3.8 itself writes it into an attribute that pytest 9.2 no longer reads.
        item._id = type(item.id).parse(f"{item.nodeid}@{group}")


def grouped(items: list[pytest.Item], *, workers: int) -> Iterator[tuple[pytest.Item, str]]:
    """Yield each test that goes with others, and the name of its group."""
    # Half of the workers wait with living processes meanwhile, and the others compute.
    rows = cycle(f"living processes {number}" for number in range((workers + 1) // 2))
    for item in items:
        if _shares_with_its_file(item):
            yield item, item.path.relative_to(_TESTS).as_posix()
        elif LIVING & set(_fixtures(item)):
            yield item, next(rows)
        elif _folder(item) == SHARING_ALL_FILES:
            yield item, SHARING_ALL_FILES


def handfuls(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, str]]:
    """Yield each quick test that stays with no others, and the name of its handful."""
    together = {item for item, _ in grouped(items, workers=1)}
    quick = (item for item in items if item not in together and _place_in_run(item) == _QUICK)
    for number, item in enumerate(quick):
        yield item, f"handful {number // HANDFUL}"


def _shares_with_its_file(item: pytest.Item) -> bool:
    return any(each.scope == "module" for of_name in _fixtures(item).values() for each in of_name)


def _fixtures(item: pytest.Item) -> dict[str, list[pytest.FixtureDef[object]]]:
    return dict(item._fixtureinfo.name2fixturedefs) if isinstance(item, pytest.Function) else {}


def _folder(item: pytest.Item) -> str:
    return folder_of(item.path)


@cache
def folder_of(path: Path) -> str:
    """Return in which folder of our tests a file is; empty where it is none of them."""
    return path.relative_to(_TESTS).parts[0] if path.is_relative_to(_TESTS) else ""


def _place_in_run(item: pytest.Item) -> tuple[float, int]:
    limit = item.get_closest_marker("timeout")
    limit_s = max(USUAL_LIMIT_S, limit.args[0]) if limit else USUAL_LIMIT_S
    folder = _folder(item)
    return -limit_s, SLOWEST_FIRST.index(folder) if folder in SLOWEST_FIRST else len(SLOWEST_FIRST)


_QUICK = (-USUAL_LIMIT_S, len(SLOWEST_FIRST))
"""The place of a test that only computes and may take no longer than usual."""

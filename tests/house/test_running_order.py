"""Tests that share what is made once for their file go to one worker, and so do those of living processes."""

from collections import Counter

import pytest

from tests.house.own_tests import TESTS
from tests.running_order import HANDFUL, LIVING, SHARING_ALL_FILES, SLOWEST_FIRST, WAITING, grouped, handfuls, spread


def test_every_test_of_a_shared_file_and_of_living_processes_goes_with_others(request: pytest.FixtureRequest) -> None:
    groups = dict(grouped(request.session.items, workers=4))
    for item in request.session.items:
        assert isinstance(item, pytest.Function)
        fixtures = item._fixtureinfo.name2fixturedefs
        is_shared = any(each.scope == "module" for of_name in fixtures.values() for each in of_name)
        is_shared = is_shared or item.path.parent.name == SHARING_ALL_FILES
        assert (item in groups) == (is_shared or bool(LIVING & set(fixtures)))


def test_who_hands_out_the_tests_reads_it_in_their_addresses(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("loadgroup", default=False):
        for item, group in grouped(request.session.items, workers=1):
            assert group.rstrip("0123456789") in item.nodeid.rpartition("@")[2]


def test_living_processes_take_half_of_the_workers(request: pytest.FixtureRequest) -> None:
    item = request.node
    item._fixtureinfo.name2fixturedefs["apart"] = ()
    names = [[group for _, group in grouped([item] * 4, workers=workers)] for workers in (1, 2, 3, 4)]
    del item._fixtureinfo.name2fixturedefs["apart"]
    assert [len(set(each)) for each in names] == [1, 1, 2, 2]


def test_those_that_wait_come_among_those_that_compute_and_end_before_them(request: pytest.FixtureRequest) -> None:
    together, alone = dict(grouped(request.session.items, workers=2)), list(request.session.items)
    spread(alone)
    assert set(alone) == set(request.session.items)
    assert set(alone[: len(together)]) == set(together)
    waits = [item.path.relative_to(TESTS).parts[0] in WAITING for item in alone[len(together) :]]
    if 20 < sum(waits) < len(waits) / 2:
        parts = [waits[at : at + len(waits) // 5] for at in range(0, len(waits), len(waits) // 5)]
        assert min(sum(part) for part in parts[:4]) > 0
        assert not any(waits[-len(waits) // 10 :])


def test_quick_tests_are_handed_out_by_the_handful_and_those_that_take_long_one_by_one(
    request: pytest.FixtureRequest,
) -> None:
    items = request.session.items
    together, quick = dict(grouped(items, workers=2)), dict(handfuls(items))
    assert not together.keys() & quick.keys()
    for item in set(items) - together.keys():
        takes_long = item.path.relative_to(TESTS).parts[0] in SLOWEST_FIRST or item.get_closest_marker("timeout")
        assert takes_long or item in quick
        assert item.path.relative_to(TESTS).parts[0] not in SLOWEST_FIRST or item not in quick
    sizes = list(Counter(quick.values()).values())
    assert set(sizes[:-1]) <= {HANDFUL}
    assert sum(sizes[-1:]) <= HANDFUL

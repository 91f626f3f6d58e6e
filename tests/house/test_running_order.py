"""Tests that share what is made once for their file go to one worker, and so do those of living processes."""

import pytest

from tests.running_order import LIVING, grouped


def test_every_test_of_a_shared_file_and_of_living_processes_goes_with_others(request: pytest.FixtureRequest) -> None:
    groups = dict(grouped(request.session.items, workers=4))
    for item in request.session.items:
        assert isinstance(item, pytest.Function)
        fixtures = item._fixtureinfo.name2fixturedefs
        is_shared = any(each.scope == "module" for of_name in fixtures.values() for each in of_name)
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

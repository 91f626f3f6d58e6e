"""Tests that share what is made once for their file go to one worker, and so do those of living processes."""

from collections.abc import Iterator

import pytest
from xdist import is_xdist_worker

from tests.running_order import LIVING


def _grouped(items: list[pytest.Item]) -> Iterator[tuple[str, str]]:
    """Yield the address and the group of each test that has one."""
    for item in items:
        if mark := item.get_closest_marker("xdist_group"):
            yield item.nodeid, mark.args[0]


def test_who_hands_out_tests_is_told_which_stay_together_before_it_asks(request: pytest.FixtureRequest) -> None:
    hooks = request.config.pluginmanager.hook.pytest_collection_modifyitems.get_hookimpls()
    (ours,) = (each for each in hooks if each.plugin_name.endswith("tests/conftest.py"))
    assert ours.tryfirst, "pytest-xdist writes a group into a test's address when it is asked itself"
    if is_xdist_worker(request) and request.config.getoption("loadgroup", default=False):
        for address, group in _grouped(request.session.items):
            assert address.endswith(f"@{group}")


def test_every_test_of_living_processes_and_every_shared_file_is_in_a_group(request: pytest.FixtureRequest) -> None:
    groups = dict(_grouped(request.session.items))
    for item in request.session.items:
        of_file = [each for named in item._fixtureinfo.name2fixturedefs.values() for each in named]
        is_shared = any(each.scope == "module" for each in of_file)
        if is_shared or LIVING & set(item._fixtureinfo.name2fixturedefs):
            assert item.nodeid in groups

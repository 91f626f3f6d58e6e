"""Coverage counts what the tests of a floor walk through, once: what it leaves out takes half as long."""

import pytest

from tests.running_order import folder_of
from tests.uncounted import WHOLE


def test_coverage_rests_during_whole_calls_and_what_is_heavy_and_nowhere_else(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        is_dear = folder_of(item.path) in WHOLE or item.get_closest_marker("heavy") is not None
        assert (item.get_closest_marker("no_cover") is not None) == is_dear, item.nodeid

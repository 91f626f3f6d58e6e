"""Refusals are all counted, and told seldom."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from voicebot.web.guard.refusal_log import RefusalLog


def _counted(route: str) -> float:
    return REGISTRY.get_sample_value("voicebot_bad_signatures_total", {"route": route}) or 0.0


def test_a_thousand_refusals_are_counted_and_told_in_one_line() -> None:
    refusals, before = RefusalLog(pause_s=3600), _counted("/a")
    with capture_logs() as log:
        for _ in range(1000):
            refusals.note("/a")
    assert _counted("/a") - before == 1000
    assert [(entry["route"], entry["times"]) for entry in log] == [("/a", 1)]


def test_each_route_has_its_own_line() -> None:
    refusals = RefusalLog(pause_s=3600)
    with capture_logs() as log:
        for route in ("/a", "/b", "/a"):
            refusals.note(route)
    assert [entry["route"] for entry in log] == ["/a", "/b"]


@pytest.mark.parametrize("times", [1, 3])
def test_the_next_line_says_how_many_there_were(times: int) -> None:
    refusals = RefusalLog(pause_s=0.0)
    with capture_logs() as log:
        for _ in range(times):
            refusals.note("/a")
    assert [entry["times"] for entry in log] == [1] * times

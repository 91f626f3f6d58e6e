"""Shares of a line of figures: of what, and of nothing."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN
from voicebot.service.ports.figures import FigureLine, Period


@pytest.mark.requirement("D-03")
def test_each_share_is_of_its_own_whole() -> None:
    line = FigureLine(
        kept=6, missed=2, kept_late=2, attested=4, moved=2, moved_by_us=1, cases=5, golden=4, calls=8, abandoned=2
    )
    assert line.kept_rate == 6 / 8
    assert line.attested_share == 4 / 8  # of those kept in time and late
    assert line.moved_by_us_share == 1 / 10  # of those kept, missed and moved
    assert line.golden_share == 4 / 5
    assert line.abandoned_share == 2 / 8


def test_share_of_nothing_is_none_and_not_nought() -> None:
    line = FigureLine()
    assert {line.kept_rate, line.attested_share, line.moved_by_us_share, line.golden_share, line.abandoned_share} == {
        None
    }


def test_period_reaches_from_its_first_edge_to_its_last() -> None:
    edges = tuple(MONDAY_TEN + timedelta(days=7 * week) for week in range(3))
    assert (Period(edges=edges).begins_at, Period(edges=edges).ends_at) == (edges[0], edges[2])

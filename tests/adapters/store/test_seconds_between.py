"""Seconds between two instants, the same on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.builders import MONDAY_TEN, a_call
from tests.builders import a_ticket as a_case
from voicebot.adapters.store import tables
from voicebot.adapters.store.call import CallRows
from voicebot.adapters.store.seconds_between import SecondsBetween
from voicebot.adapters.store.ticket import TicketRows


@pytest.mark.parametrize(
    ("lasted_s", "said"), [(0, 0), (0.4, 0), (59.6, 60), (86400 * 40 + 1, 86400 * 40 + 1), (-5, -5)]
)
def test_whole_seconds_also_over_a_change_of_the_clock(engine: Engine, lasted_s: float, said: int) -> None:
    ended_at = MONDAY_TEN + timedelta(seconds=lasted_s)
    with engine.begin() as connection:
        TicketRows(connection).add(a_case())
        CallRows(connection).add(a_call(ended_at=ended_at))
        calls = tables.calls.c
        assert connection.scalar(select(SecondsBetween(calls.started_at, calls.ended_at))) == said


def test_nothing_where_an_instant_is_missing(engine: Engine) -> None:
    with engine.begin() as connection:
        TicketRows(connection).add(a_case())
        CallRows(connection).add(a_call())
        calls = tables.calls.c
        assert connection.scalar(select(SecondsBetween(calls.started_at, calls.ended_at))) is None

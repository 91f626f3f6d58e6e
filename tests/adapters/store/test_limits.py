"""What defences remember, on both databases; counted by an index, cheaply."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from tests.builders import MONDAY_TEN
from tests.databases import copy_of
from voicebot.adapters.store import SqlUnitOfWork, open_store
from voicebot.adapters.store.tables.limits import texts_let_go
from voicebot.service.ports.limits import TextCounts

from .conftest import NoJobs

MANY = 100_000
Works = Callable[[], SqlUnitOfWork]


def test_a_sent_text_is_recorded_once_and_counted_by_block_region_and_in_all(
    unit_of_work: Works,
) -> None:
    with unit_of_work() as work:
        work.limits.hold_texts()
        for sms_id, prefix, region in (("a", "1202555", "US"), ("b", "1202555", "US"), ("c", "1416555", "CA")):
            assert work.limits.record_text_sent(sms_id, prefix=prefix, region=region, at=MONDAY_TEN)
        assert not work.limits.record_text_sent("a", prefix="1202555", region="US", at=MONDAY_TEN)
        work.commit()
    with unit_of_work() as work:
        count = work.limits.count_texts
        assert count(MONDAY_TEN, number="", prefix="1202555", region="CA") == TextCounts(
            to_number=0, to_prefix=2, to_region=1, in_all=3
        )
        later = count(MONDAY_TEN + timedelta(seconds=1), number="", prefix="1202555", region="CA")
        assert later == TextCounts(to_number=0, to_prefix=0, to_region=0, in_all=0)
        assert (work.limits.was_text_sent("a"), work.limits.was_text_sent("z")) == (True, False)


def test_texts_that_nobody_counts_any_more_are_forgotten(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        for sms_id, day in (("old", 0), ("young", 6), ("new", 8)):
            work.limits.record_text_sent(sms_id, prefix="1202555", region="US", at=MONDAY_TEN + timedelta(days=day))
        assert [work.limits.was_text_sent(sms_id) for sms_id in ("old", "young", "new")] == [False, True, True]


def test_a_silent_call_waits_until_it_is_due_and_is_ended_once(unit_of_work: Works) -> None:
    later = MONDAY_TEN + timedelta(seconds=35)
    with unit_of_work() as work:
        work.limits.add_silent("call-1", later)
        work.limits.add_silent("call-1", later + timedelta(hours=1))
        work.commit()
    with unit_of_work() as work:
        assert work.limits.silent_due(MONDAY_TEN, 10) == []
        assert work.limits.silent_due(later, 10) == ["call-1"]
        assert [work.limits.end_silent("call-1"), work.limits.end_silent("call-1")] == [True, False]


def test_an_alarm_is_given_once_under_its_name(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        assert [work.limits.alarm_once(name, MONDAY_TEN) for name in ("a", "a", "b")] == [True, False, True]


@pytest.mark.danger("SMS pumping")
def test_limits_are_read_by_an_index_however_many_texts_there_are(migrated_file: Path, tmp_path: Path) -> None:
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    _fill(engine)
    plans: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, values, *_: plans.append((sql, values)))
    since = MONDAY_TEN - timedelta(days=1)
    with open_store(engine, NoJobs)() as work:
        counts = work.limits.count_texts(since, number="+12025550143", prefix="1202555", region="US")
    assert counts.to_prefix < counts.to_region <= counts.in_all < MANY / 50
    ((sql, values),) = (plan for plan in plans if "text_let_go" in plan[0])
    with engine.connect() as connection:
        steps = [plan.detail for plan in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    searches = [step for step in steps if "text_let_go" in step]
    assert len(searches) == 3
    assert all("COVERING INDEX ix_text_let_go" in step for step in searches), searches
    engine.dispose()


def _fill(engine: Engine) -> None:
    """Write texts of a hundred days, a thousand a day, a tenth of them to one block of numbers."""
    rows = [
        {
            "sms_id": f"sms-{count}",
            "prefix": "1202555" if count % 10 == 0 else f"1{count % 900 + 100}555",
            "region": "US" if count % 4 else "CA",
            "at": MONDAY_TEN - timedelta(seconds=86.4 * count),
        }
        for count in range(MANY)
    ]
    with engine.begin() as connection:
        connection.execute(insert(texts_let_go), rows)

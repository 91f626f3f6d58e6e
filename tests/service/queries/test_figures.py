"""Figures with their weeks and names."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import at
from tests.service.lines import Line
from voicebot.domain.ticket import NotComplaint
from voicebot.errors import Refused
from voicebot.service.ports import GroupBy
from voicebot.service.queries.figures import (
    csv_text,
    exported,
    exported_loads,
    last_weeks,
    said_count,
    said_share,
    said_time,
    view_figures,
)
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing


def test_weeks_begin_on_monday_by_the_companys_clock_and_differ_by_the_clock() -> None:
    now = datetime(2026, 11, 2, 4, 30, tzinfo=UTC)  # Sunday night in New York, after the clock was set back
    period = last_weeks(now, "America/New_York", weeks=2)
    assert list(period.edges) == [
        at("Monday 19 October 2026 00:00:00"),
        at("Monday 26 October 2026 00:00:00"),
        at("Monday 02 November 2026 00:00:00"),
    ]
    assert [edge - begin for begin, edge in zip(period.edges, period.edges[1:], strict=False)] == [
        timedelta(hours=168),
        timedelta(hours=169),
    ]


@pytest.mark.requirement("S2-21")
def test_missed_call_is_seen_by_week_by_step_and_by_owner(line_on_both: Line) -> None:
    line = line_on_both
    line.told_call()
    line.step(hours=4)
    line.sweep()
    view = view_figures(line.hotline, weeks=2)
    assert [each.name for each in view.lines] == ["from Mon 9 Nov 2026", "from Mon 16 Nov 2026"]
    assert [each.figures.missed for each in view.lines] == [0, 1]
    # The apology promised a new window: it is no promise of this week that was kept or missed yet.
    assert (view.total.kept, view.total.missed, view.total.cases, view.total.golden) == (0, 1, 1, 1)
    assert view.steps == {"missed": 1}
    (load,) = view.loads
    assert (load.owner, load.open_cases, load.promised, load.missed) == ("First handler", 1, 1, 1)
    by_owner = view_figures(line.hotline, by=GroupBy.OWNER)
    assert [(each.name, each.figures.missed) for each in by_owner.lines] == [("First handler", 1)]


def test_hotline_on_which_nobody_rang_has_empty_figures(line: Line) -> None:
    view = view_figures(line.hotline)
    assert view.is_empty
    assert len(view.lines) == 8
    line.ring()
    assert not view_figures(line.hotline).is_empty


@pytest.mark.parametrize("weeks", [0, -1, 54])
def test_as_many_weeks_as_a_year_has(line: Line, weeks: int) -> None:
    with pytest.raises(Refused, match="1 to 53 weeks"):
        view_figures(line.hotline, weeks=weeks)


def test_rows_for_programs_have_the_total_last_and_no_formula_for_a_spreadsheet(line: Line) -> None:
    line.told_call()
    view = view_figures(line.hotline, by=GroupBy.OWNER)
    rows = exported(view)
    assert [row["owner"] for row in rows] == ["First handler", "all"]
    assert rows[0]["golden_share"] == 1.0
    assert rows[0]["kept_rate"] is None
    assert exported_loads(view)[0]["open_cases"] == 1
    written = csv_text([{"owner": '=HYPERLINK("x")', "kept": -1}, {"owner": "Ann, B", "kept": 2}])
    assert written == 'owner,kept\r\n"\'=HYPERLINK(""x"")",-1\r\n"Ann, B",2\r\n'


def test_shares_and_times_in_words() -> None:
    assert [said_share(share) for share in (None, 0.0, 0.874)] == ["–", "0 %", "87 %"]
    assert [said_time(seconds) for seconds in (None, 42.0, 5400.0)] == ["–", "42 s", "1 h 30 min"]
    assert [said_count(count) for count in (None, 3.0, 2.5)] == ["–", "3", "2.5"]


@pytest.mark.requirement("S4-16")
@pytest.mark.requirement("D-01")
def test_how_cases_ended_is_told_for_programs_too_and_a_prank_alone_is_no_empty_page(line: Line) -> None:
    case = line.ticket(line.told_call()).case_number
    act(line.hotline, case, dismissing(kind=NotComplaint.PRANK, words="a child at play", actor="owner_1"))
    view = view_figures(line.hotline, by=GroupBy.OWNER)
    assert not view.is_empty
    (owner, everybody) = exported(view)
    assert (owner["owner"], owner["ended_prank"], owner["ended_agreed"], owner["solved_share"]) == (
        "First handler",
        1,
        0,
        None,
    )
    assert everybody["ended_prank"] == 1
    assert "ended_not_reached" in csv_text(exported(view)).splitlines()[0]

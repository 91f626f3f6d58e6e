"""Rows of lanes in words: the same on the page and on the terminal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import at
from voicebot.domain.instants import Instants
from voicebot.domain.ticket import Channel
from voicebot.service.ports import Lane, LaneCase
from voicebot.service.ports.lanes import CaseFlags, LaneWindow, Why
from voicebot.service.wording import lanes

NOW = at("Wednesday 18 November 2026 12:00:00")
INSTANTS = Instants(zone="America/New_York", now=NOW)
HOUR = timedelta(hours=1)
NO_FLAGS = CaseFlags(is_supervisor_asked=False, is_listen_first=False, is_recording_refused=False, is_silent=False)


def a_row(*, why: Why | None = None, **hours: float) -> LaneCase:
    """Build a row whose clocks are so many hours from now."""
    clocks: dict[str, Any] = dict.fromkeys(("opens_at", "closes_at", "missed_at", "waits_at"))
    clocks |= {name: NOW + amount * HOUR for name, amount in hours.items()}
    return LaneCase(
        ticket_id="ticket-1",
        case_number="482913756",
        channel=Channel.PHONE,
        locale="en",
        owner_id="owner_1",
        window=LaneWindow(**clocks),
        flags=NO_FLAGS,
        demand="",
        story="the kettle leaks",
        number_end="0143",
        times=1,
        tries=0,
        why=why,
    )


def of_dan(*, why: Why, **hours: float) -> LaneCase:
    """Build a row of what waits for a colleague who is away."""
    return replace(a_row(why=why, **hours), waits_for="deputy_1")


@pytest.mark.parametrize(
    ("lane", "row", "said"),
    [
        (Lane.CALL_NOW, a_row(opens_at=-1, closes_at=0.15), ("soon", "9 min left", "open until 12:09")),
        (Lane.MISSED, a_row(missed_at=-14), ("missed", "14 h overdue", "no new window")),
        (
            Lane.MISSED,
            a_row(missed_at=-1, opens_at=1, closes_at=3),
            ("missed", "1 h overdue", "opens again 13:00, closes 15:00"),
        ),
        (Lane.LATER, a_row(opens_at=1, closes_at=3), ("ahead", "in 1 h", "opens 13:00, closes 15:00")),
        (Lane.NEXT_DAYS, a_row(opens_at=24, closes_at=26), ("quiet", "in 1 day", "opens Thu 19 Nov 12:00")),
        (Lane.NO_DATE, a_row(closes_at=0), ("missed", "less than a minute overdue", "find a number")),
        (Lane.NO_DATE, a_row(closes_at=2), ("quiet", "in 2 h", "find a number")),
        (Lane.MINE, a_row(why=Why.TASK, waits_at=2), ("quiet", "in 2 h", "a task of yours, by 14:00")),
        (Lane.MINE, a_row(why=Why.DECISION, waits_at=-2), ("missed", "2 h overdue", "decide, by 10:00")),
        (Lane.MINE, a_row(why=Why.OFFER, waits_at=-2), ("quiet", "", "offered to you")),
        (Lane.MINE, of_dan(why=Why.OFFER, waits_at=-2), ("quiet", "", "offered to a colleague")),
        (Lane.MINE, of_dan(why=Why.TASK, waits_at=2), ("quiet", "in 2 h", "a colleague's task, by 14:00")),
        (Lane.MINE, of_dan(why=Why.DECISION, waits_at=2), ("quiet", "in 2 h", "decide, by 14:00")),
    ],
)
def test_how_a_row_stands_is_said_in_words(lane: Lane, row: LaneCase, said: tuple[str, str, str]) -> None:
    clock = lanes.row_clock(lane, row, INSTANTS)
    assert (clock.urgency, clock.left, clock.window) == said


def test_what_whoever_calls_has_to_know_first_is_tagged() -> None:
    plain = a_row(missed_at=-1)
    assert list(lanes.tags_of(Lane.MISSED, plain)) == []
    flags = CaseFlags(is_supervisor_asked=True, is_listen_first=True, is_recording_refused=True, is_silent=True)
    told = replace(plain, channel=Channel.SMS, flags=flags)
    assert ", ".join(lanes.tags_of(Lane.CALL_NOW, told)) == (
        "supervisor asked, missed before, listen first, refused recording, said nothing, by text"
    )


def test_counts_are_said_and_nothing_is_said_of_none() -> None:
    row = a_row()
    assert [lanes.times_said(each) for each in (row, replace(row, times=3))] == ["", "×3"]
    assert [lanes.tries_said(each) for each in (0, 1, 2)] == ["", "1 try", "2 tries"]
    assert [lanes.count_said(200, is_more=each) for each in (True, False)] == ["200+", "200"]
    assert [lanes.kept_said(12, each) for each in (14, 0)] == ["kept today 12 of 14", "no promise was due today yet"]
    assert [lanes.on_line_said(each) for each in (1, 0)] == ["1 on the line now", ""]
    assert [lanes.gist_of(each) for each in (row, replace(row, demand="a new one"))] == [
        "the kettle leaks",
        "a new one",
    ]
    assert set(lanes.LANES) == set(Lane)


def test_it_is_said_for_whom_something_waits_and_until_when_they_are_away() -> None:
    row, names, away = of_dan(why=Why.OFFER), {"deputy_1": "Dan"}, {"deputy_1": NOW + 2 * HOUR}
    assert lanes.for_whom_said(row, names, away, INSTANTS) == "for Dan, away until 14:00 EST"
    assert lanes.for_whom_said(a_row(), names, away, INSTANTS) == ""

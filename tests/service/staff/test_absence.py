"""Away until a time, and back: seen by colleagues, respected by what goes by the rota, ended by the clock alone."""

from datetime import timedelta

import pytest

from tests.builders import a_change
from tests.service.lines import Line
from tests.service.staff.people import add_somebody
from tests.service.staff.team import join_team
from voicebot.domain.rota import ChangeKind
from voicebot.errors import Refused
from voicebot.service.callback.order import who_rings
from voicebot.service.hotline import context_of
from voicebot.service.staff.absence import away_until, come_back, go_away
from voicebot.service.staff.rota import Stretch, add_change, rota_of, swap, view_rota

HOUR = timedelta(hours=1)
AWAY = {"over": (-5, -4), "now": (-1, 1), "ahead": (1, 2)}


def stretches(line: Line) -> list[tuple[float, float]]:
    """Return in hours from now what the rota says of absences of the handler."""
    person, now = view_rota(line.hotline).person("owner_1"), line.clock.now()
    assert person is not None
    return [((each.begins_at - now) / HOUR, (each.ends_at - now) / HOUR) for each in person.changes]


def test_who_is_away_gets_no_case_and_no_call_until_the_clock_says_so(line: Line) -> None:
    case = line.ticket(line.told_call())
    join_team(line, "Anna")
    until = line.clock.now() + 4 * HOUR
    for _ in range(2):
        go_away(line.hotline, "owner_1", until=until, actor="owner_1")
    assert stretches(line) == [(0, 4)]
    assert away_until(line.hotline, "owner_1") == until
    assert line.ticket(line.told_call("CA2", "+12025550177")).owner_id == "anna"
    with line.work() as work:
        rung = who_rings(context_of(line.hotline, work), case)
    assert rung is None or rung.id != "owner_1"
    line.step(hours=4)
    assert away_until(line.hotline, "owner_1") is None


def test_away_for_longer_or_shorter_is_what_was_said_last(line: Line) -> None:
    for hours in (4, 1, 2):
        go_away(line.hotline, "owner_1", until=line.clock.now() + hours * HOUR, actor="owner_1")
        line.step(minutes=30)
    assert away_until(line.hotline, "owner_1") == line.clock.now() + 1.5 * HOUR
    line.step(hours=1.5)
    assert away_until(line.hotline, "owner_1") is None


def test_back_before_the_time_ends_it_and_keeps_what_was(line: Line) -> None:
    go_away(line.hotline, "owner_1", until=line.clock.now() + 4 * HOUR, actor="owner_1")
    line.step(hours=1)
    for _ in range(2):
        come_back(line.hotline, "owner_1", actor="owner_1")
    assert stretches(line) == [(-1, 0)]
    assert away_until(line.hotline, "owner_1") is None


def test_an_absence_said_and_taken_back_in_one_moment_leaves_nothing(line: Line) -> None:
    add_change(line.hotline, ChangeKind.AWAY, _stretch(line, "deputy_1"), actor="boss")
    go_away(line.hotline, "owner_1", until=line.clock.now() + HOUR, actor="owner_1")
    come_back(line.hotline, "owner_1", actor="owner_1")
    assert stretches(line) == []
    assert away_until(line.hotline, "deputy_1") is not None


@pytest.mark.parametrize("is_swap", [True, False])
def test_what_a_swap_or_a_calendar_says_is_changed_there(line: Line, is_swap: bool) -> None:
    if is_swap:
        swap(line.hotline, _stretch(line, "owner_1"), stands_in="deputy_1", actor="boss")
    else:
        now = line.clock.now()
        with line.work() as work:
            work.rota.add_change(a_change(kind=ChangeKind.AWAY, begins_at=now, ends_at=now + HOUR, feed_uid="uid"))
            work.commit()
    with pytest.raises(Refused, match="calendar"):
        come_back(line.hotline, "owner_1", actor="owner_1")
    assert away_until(line.hotline, "owner_1") is not None


@pytest.mark.parametrize("when", sorted(AWAY))
@pytest.mark.parametrize("feed_uid", [None, "uid"], ids=["said", "calendar"])
def test_nobody_comes_onto_the_rota_by_an_absence(line: Line, when: str, feed_uid: str | None) -> None:
    """Else who looks after nothing gets cases and calls for a day by one click, or by a holiday in a calendar."""
    add_somebody(line, name="Gus", email="gus@firm.example")
    now = line.clock.now()
    begins_at, ends_at = (now + hours * HOUR for hours in AWAY[when])
    with line.work() as work:
        work.rota.add_change(a_change("gus", begins_at=begins_at, ends_at=ends_at, feed_uid=feed_uid))
        work.commit()
        decided = rota_of(work, context_of(line.hotline, work).policy, now=now)
    shown = view_rota(line.hotline)
    for each in (decided, shown):
        assert "gus" not in {person.id for person in (*each.people, *each.on_duty(now), *each.of_role("supervisor"))}
    assert [person.id for person in shown.beside] == ([] if when == "over" else ["gus"])
    assert (decided.person("gus") is not None) is (when == "now"), "who is away is not taken for somebody without hours"


def test_away_until_a_time_that_is_over_is_refused(line: Line) -> None:
    with pytest.raises(Refused):
        go_away(line.hotline, "owner_1", until=line.clock.now(), actor="owner_1")
    assert stretches(line) == []


def _stretch(line: Line, staff_id: str) -> Stretch:
    return Stretch(staff_id=staff_id, begins_at=line.clock.now(), ends_at=line.clock.now() + HOUR)

"""Calendars are fetched by themselves; what cannot be had leaves what was there, and is said."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import pytest
from structlog.testing import capture_logs

from tests.service.chaos import Death, Dying, DyingWork, Fate
from tests.service.lines import SUPERVISOR, Line
from voicebot.domain.calendar_feed import CalendarFeed, FetchedCalendar
from voicebot.domain.rota import ChangeKind, FedStretch
from voicebot.errors import Refused, Unavailable
from voicebot.service.background.schedule import run_tasks
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.calendar_feed import all_calendars, drop_calendar, follow_calendar
from voicebot.service.staff.rota import view_rota
from voicebot.service.upkeep.calendar_fetch import LONGEST_RUN_S, fetch_calendar, fetch_due_calendars

ADDRESS = "https://calendar.example/anna.ics"
HOUR = timedelta(hours=1)


def follow(line: Line, *, hours: float = 4) -> str:
    line.calendars.answers[ADDRESS] = away_for(line.clock.now(), hours)
    return follow_calendar(line.hotline, "owner_1", ChangeKind.AWAY, ADDRESS, actor="owner_1").id


def away_for(now: datetime, hours: float) -> FetchedCalendar:
    event = FedStretch(uid="1", begins_at=now, ends_at=now + hours * HOUR, note="Dentist")
    return FetchedCalendar(events=(event,), etag='"1"')


def is_away(line: Line) -> bool:
    return "owner_1" not in [person.id for person in view_rota(line.hotline).on_duty(line.clock.now())]


def only_feed(line: Line) -> CalendarFeed:
    (feed,) = all_calendars(line.hotline)
    return feed


@pytest.mark.requirement("D-05")
def test_what_a_calendar_says_is_on_the_rota_at_once_and_changes_with_it_within_the_hour(line_on_both: Line) -> None:
    line = line_on_both
    follow(line, hours=3)
    line.run_jobs()
    assert is_away(line)
    line.calendars.answers[ADDRESS] = FetchedCalendar(events=(), etag='"2"')
    line.step(minutes=59)
    fetch_due_calendars(line.hotline)
    assert is_away(line)
    line.step(minutes=1)
    fetch_due_calendars(line.hotline)
    assert not is_away(line)
    assert [feed.etag for feed in line.calendars.asked] == ["", '"1"']


def test_a_calendar_of_letters_that_no_database_keeps_is_taken_over_without_them(line_on_both: Line) -> None:
    line = line_on_both
    follow(line)
    now = line.clock.now()
    odd = FedStretch(uid="a\0b\ud800", begins_at=now, ends_at=now + 4 * HOUR, note="Den\0tist\ud800 \x1b[31m")
    line.calendars.answers[ADDRESS] = FetchedCalendar(events=(odd,))
    for _ in range(2):
        fetch_due_calendars(line.hotline)
        line.step(minutes=60)
    assert only_feed(line).problem == ""
    (change,) = next(person for person in view_rota(line.hotline).people if person.id == "owner_1").changes
    assert change.feed_uid == "ab"
    assert change.note == "Dentist [31m"


def test_the_worker_fetches_what_is_due_as_one_of_its_tasks(line: Line) -> None:
    follow(line)
    run_tasks(line.hotline)
    assert is_away(line)


def test_a_feed_with_nothing_new_keeps_its_events_and_counts_as_fetched(line: Line) -> None:
    follow(line)
    line.run_jobs()
    line.calendars.answers[ADDRESS] = None
    line.step(hours=1)
    fetch_due_calendars(line.hotline)
    feed = only_feed(line)
    assert is_away(line)
    assert (feed.good_at, feed.problem) == (line.clock.now(), "")


@pytest.mark.parametrize(
    "problem", [Unavailable("fetching the calendar: calendar.example did not give it"), Refused("no calendar")]
)
def test_the_last_good_copy_stays_in_force_and_the_problem_is_said(line: Line, problem: Exception) -> None:
    follow(line)
    line.run_jobs()
    good_at = line.clock.now()
    line.calendars.answers[ADDRESS] = problem
    line.step(hours=1)
    fetch_due_calendars(line.hotline)
    feed = only_feed(line)
    assert is_away(line)
    assert (feed.good_at, feed.problem, feed.etag) == (good_at, str(problem), "")
    line.calendars.answers[ADDRESS] = away_for(line.clock.now(), 0.5)
    line.step(hours=1)
    fetch_due_calendars(line.hotline)
    assert only_feed(line).problem == ""
    assert not is_away(line)


def test_a_calendar_of_which_one_event_cannot_be_changes_nothing_at_all(line: Line) -> None:
    follow(line)
    line.run_jobs()
    now = line.clock.now()
    good = FedStretch(uid="2", begins_at=now, ends_at=now + 9 * HOUR)
    endless = FedStretch(uid="3", begins_at=now + HOUR, ends_at=now + timedelta(days=500))
    line.calendars.answers[ADDRESS] = FetchedCalendar(events=(good, endless))
    line.step(hours=1)
    fetch_due_calendars(line.hotline)
    assert [change.feed_uid for change in view_rota(line.hotline).people[0].changes] == ["1"]
    assert "400 days" in only_feed(line).problem


def test_staff_are_told_once_a_day_of_a_calendar_that_is_a_day_old(line: Line) -> None:
    line.told_call()
    line.settle()
    follow(line)
    line.run_jobs()
    line.calendars.answers[ADDRESS] = Unavailable("away")
    before = len(line.sender.sent)
    for _ in range(23):
        line.step(hours=1)
        fetch_due_calendars(line.hotline)
    line.run_jobs()
    assert not told_since(line, before)
    for _ in range(3):
        line.step(hours=1)
        fetch_due_calendars(line.hotline)
    line.run_jobs()
    assert told_since(line, before) == [SUPERVISOR], "who answers for the hotline"


def told_since(line: Line, before: int) -> list[str]:
    return [number for number, body in line.sender.sent[before:] if "calendar" in body]


def gone(line: Line, feed: str) -> None:
    drop_calendar(line.hotline, feed, actor="owner_1")


def replaced(line: Line, _feed: str) -> None:
    follow_calendar(line.hotline, "owner_1", ChangeKind.AWAY, ADDRESS, actor="boss")


@pytest.mark.parametrize("meanwhile", [gone, replaced])
def test_a_calendar_that_was_changed_while_it_was_fetched_is_left_alone(
    line: Line, meanwhile: Callable[[Line, str], None]
) -> None:
    feed = follow(line)
    fetched = line.calendars.fetch

    class Slow:
        def fetch(self, feed: CalendarFeed, *, now: datetime, zone: str) -> FetchedCalendar | None:
            came = fetched(feed, now=now, zone=zone)
            meanwhile(line, feed.id)
            return came

    line.use(calendars=Slow())
    fetch_calendar(line.hotline, feed)
    assert not view_rota(line.hotline).people[0].changes
    fetch_calendar(line.hotline, "gone")


@pytest.mark.parametrize("dies_in", range(6))
def test_a_worker_killed_anywhere_leaves_the_old_copy_or_the_new_one(line_on_both: Line, dies_in: int) -> None:
    line = line_on_both
    follow(line, hours=3)
    line.run_jobs()
    line.step(hours=1)
    line.calendars.answers[ADDRESS] = away_for(line.clock.now(), 6)
    old, new = (line.clock.now() + hours * HOUR for hours in (2, 6))
    fate, whole = Fate(), line.hotline
    line.use(unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate), calendars=Dying(line.calendars, fate))
    fate.dies_in = dies_in
    with suppress(Death):
        fetch_due_calendars(line.hotline)
    line.hotline = whole
    ends = [change.ends_at for change in view_rota(line.hotline).people[0].changes]
    assert ends in ([old], [new])
    fetch_due_calendars(line.hotline)
    (change,) = view_rota(line.hotline).people[0].changes
    assert change.ends_at == new


OTHER_ADDRESS = "https://calendar.example/ben.ics"


def follow_two(line: Line) -> None:
    follow(line)
    line.calendars.answers[OTHER_ADDRESS] = away_for(line.clock.now(), 4)
    follow_calendar(line.hotline, "deputy_1", ChangeKind.AWAY, OTHER_ADDRESS, actor="owner_1")
    line.run_jobs()
    line.step(hours=2)


def test_a_calendar_that_fails_in_an_unexpected_way_stops_no_other_and_is_named_by_kind(line: Line) -> None:
    follow_two(line)
    line.calendars.answers[ADDRESS] = RecursionError("a caller's words")
    before = len(line.calendars.asked)
    with capture_logs() as logs:
        assert fetch_due_calendars(line.hotline) == 2
    assert len(line.calendars.asked) == before + 2
    problems = {feed.staff_id: feed.problem for feed in all_calendars(line.hotline)}
    assert ("RecursionError" in problems["owner_1"], problems["deputy_1"]) == (True, "")
    (failed,) = [entry for entry in logs if entry["event"] == "calendar_failed"]
    assert (failed["log_level"], "a caller's words" in str(failed)) == ("error", False)


def test_slow_calendars_leave_the_rest_to_the_next_run(line: Line) -> None:
    follow_two(line)
    passing = count(0, LONGEST_RUN_S)
    assert fetch_due_calendars(line.hotline, elapsed_s=lambda: next(passing)) == 1
    assert fetch_due_calendars(line.hotline) == 1


def test_a_calendar_that_is_changed_while_it_fails_keeps_the_newer_address_s_word(line: Line) -> None:
    feed = follow(line)

    class Failing:
        def fetch(self, feed: CalendarFeed, *, now: datetime, zone: str) -> FetchedCalendar | None:
            replaced(line, feed.id)
            raise Unavailable("the old address is away")

    line.use(calendars=Failing())
    fetch_calendar(line.hotline, feed)
    assert only_feed(line).problem == ""


def test_without_a_database_the_run_ends_and_says_so(line: Line) -> None:
    follow_two(line)

    class Gone:
        def __call__(self) -> UnitOfWork:
            raise Unavailable("the database is away")

    line.use(unit_of_work=Gone())
    with pytest.raises(Unavailable, match="database"):
        fetch_due_calendars(line.hotline)

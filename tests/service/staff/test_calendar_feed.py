"""A person's calendar: taken over from a file, or followed at an address."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.lines import Line
from tests.service.meanwhile import before_asking
from voicebot.domain.rota import ChangeKind, FedStretch
from voicebot.errors import Refused
from voicebot.service.job_names import FETCH_CALENDAR
from voicebot.service.staff.calendar_feed import all_calendars, drop_calendar, follow_calendar, take_calendar
from voicebot.service.staff.rota import Stretch, add_change, view_rota

HOUR = timedelta(hours=1)
ADDRESS = "https://calendar.example/anna/secret.ics"


def is_on_duty(line: Line) -> bool:
    return "owner_1" in [person.id for person in view_rota(line.hotline).on_duty(line.clock.now())]


def follow(line: Line, address: str = ADDRESS, kind: ChangeKind = ChangeKind.AWAY) -> str:
    return follow_calendar(line.hotline, "owner_1", kind, address, actor="owner_1").id


def test_calendar_taken_over_again_brings_each_stretch_once_and_forgets_what_it_no_longer_has(line: Line) -> None:
    now = line.clock.now()
    tomorrow = FedStretch(uid="1", begins_at=now + 24 * HOUR, ends_at=now + 26 * HOUR, note="x" * 500)
    today = FedStretch(uid="2", begins_at=now - HOUR, ends_at=now + HOUR)
    over = FedStretch(uid="3", begins_at=now - 2 * HOUR, ends_at=now)
    for events, came in (([tomorrow, today, over], 2), ([tomorrow, today, over], 2), ([tomorrow], 1)):
        assert take_calendar(line.hotline, "owner_1", ChangeKind.AWAY, events, actor="boss") == came
        changes = view_rota(line.hotline).people[0].changes
        assert len(changes) == came
    assert len(changes[0].note) == 200


def test_a_change_by_hand_holds_against_a_calendar_that_says_the_same_again(line: Line) -> None:
    now = line.clock.now()
    whole_day = FedStretch(uid="1", begins_at=now - HOUR, ends_at=now + 8 * HOUR)
    take_calendar(line.hotline, "owner_1", ChangeKind.AWAY, [whole_day], actor="owner_1")
    line.step(minutes=1)
    here = Stretch(staff_id="owner_1", begins_at=line.clock.now(), ends_at=now + 2 * HOUR)
    add_change(line.hotline, ChangeKind.HERE, here, actor="boss")
    line.step(minutes=1)
    take_calendar(line.hotline, "owner_1", ChangeKind.AWAY, [whole_day], actor="owner_1")
    assert is_on_duty(line)


def test_what_says_here_and_what_says_away_are_two_calendars(line: Line) -> None:
    now = line.clock.now()
    for kind, uid in ((ChangeKind.AWAY, "1"), (ChangeKind.HERE, "2")):
        event = FedStretch(uid=uid, begins_at=now + HOUR, ends_at=now + 2 * HOUR)
        take_calendar(line.hotline, "owner_1", kind, [event], actor="owner_1")
    assert [change.kind for change in view_rota(line.hotline).people[0].changes] == [ChangeKind.AWAY, ChangeKind.HERE]


def test_a_calendar_that_is_followed_is_fetched_at_once_and_is_one_of_its_kind(line: Line) -> None:
    first = follow(line)
    assert (FETCH_CALENDAR, first) in line.jobs_waiting
    second = follow(line, "webcal://calendar.example/new.ics")
    assert [(feed.id, feed.address) for feed in all_calendars(line.hotline)] == [
        (second, "https://calendar.example/new.ics")
    ]
    assert all_calendars(line.hotline)[0].host == "calendar.example"


def test_a_calendar_that_is_followed_no_more_takes_along_what_it_brought(line: Line) -> None:
    now = line.clock.now()
    take_calendar(
        line.hotline,
        "owner_1",
        ChangeKind.AWAY,
        [FedStretch(uid="1", begins_at=now, ends_at=now + HOUR)],
        actor="owner_1",
    )
    feed = follow(line)
    assert not is_on_duty(line)
    drop_calendar(line.hotline, feed, actor="owner_1")
    assert is_on_duty(line)
    with pytest.raises(Refused, match="already"):
        drop_calendar(line.hotline, feed, actor="owner_1")


def test_a_file_is_refused_where_the_calendar_comes_by_itself(line: Line) -> None:
    follow(line)
    with pytest.raises(Refused, match="by itself"):
        take_calendar(line.hotline, "owner_1", ChangeKind.AWAY, [], actor="owner_1")
    assert take_calendar(line.hotline, "owner_1", ChangeKind.HERE, [], actor="owner_1") == 0


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "as your calendar program shows it"),
        ("calendar.example/x.ics", "as your calendar program shows it"),
        ("https://me:secret@calendar.example/x.ics", "as your calendar program shows it"),
        ("https://calendar.example\\@evil.example/x.ics", "as your calendar program shows it"),
        ("file:///etc/passwd", "as your calendar program shows it"),
        ("https://calendar.example/" + "x" * 2000, "as your calendar program shows it"),
        ("http://calendar.example/x.ics", "may not be fetched from http://calendar.example"),
        ("https://calendar.example:8443/x.ics", "may not be fetched from https://calendar.example:8443"),
        ("https://calendar.example.evil.example/secret.ics", "VOICEBOT_CALENDAR_ORIGINS"),
        ("https://127.0.0.1/secret.ics", "may not be fetched"),
    ],
)
def test_an_address_that_is_none_or_not_allowed_is_refused_and_not_repeated(line: Line, address: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        follow(line, address)
    assert "secret" not in str(refused.value)
    assert not all_calendars(line.hotline)


def test_the_calendar_of_nobody_is_refused(line: Line) -> None:
    with pytest.raises(Refused, match="goes by"):
        follow_calendar(line.hotline, "gone_1", ChangeKind.AWAY, ADDRESS, actor="boss")
    assert not all_calendars(line.hotline)


@pytest.mark.requirement("D-05")
def test_two_who_name_a_calendar_at_once_name_one_and_the_second_looks_again(line_on_postgres: Line) -> None:
    line = line_on_postgres
    at_once = replace(
        line.hotline,
        unit_of_work=lambda: before_asking(line, "calendar_feeds", "add", happens=lambda: follow(line)),
    )
    with pytest.raises(Refused, match="look again"):
        follow_calendar(at_once, "owner_1", ChangeKind.AWAY, ADDRESS.replace("anna", "ben"), actor="boss")
    assert [feed.address for feed in all_calendars(line.hotline)] == [ADDRESS]

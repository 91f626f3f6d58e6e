"""When a feed is stale, asked for again, and asked for whole."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_calendar_feed
from voicebot.domain.calendar_feed import (
    FetchedCalendar,
    failed,
    is_asked_whole,
    is_origin,
    is_stale,
    read_address,
    went_well,
)
from voicebot.domain.rota import ChangeKind, RotaRules
from voicebot.errors import Refused

RULES = RotaRules()
HOUR = timedelta(hours=1)
FEED = a_calendar_feed(kind=ChangeKind.HERE, address="https://calendar.example:8443/anna.ics")


@pytest.mark.parametrize(
    ("origin", "is_one"),
    [
        ("https://calendar.google.com", True),
        ("http://127.0.0.1:8080", True),
        ("https://calendar.google.com/", False),
        ("calendar.google.com", False),
        ("https://me@host", False),
        ("", False),
    ],
)
def test_an_origin_is_scheme_and_host(origin: str, is_one: bool) -> None:
    assert is_origin(origin) is is_one


@pytest.mark.parametrize("said", [" WEBCAL://calendar.example/a.ics", "webcals://calendar.example/a.ics"])
def test_an_address_for_calendar_programs_is_fetched_by_https(said: str) -> None:
    assert read_address(said, {"https://calendar.example"}) == "https://calendar.example/a.ics"


def test_capitals_in_a_host_are_the_same_host() -> None:
    address = "HTTPS://Calendar.Example/Anna.ics"
    assert read_address(address, {"https://calendar.example"}) == address


def test_a_day_after_the_last_good_answer_a_feed_is_stale_and_not_before() -> None:
    assert not is_stale(FEED, RULES, MONDAY_TEN + 24 * HOUR - timedelta(seconds=1))
    assert is_stale(FEED, RULES, MONDAY_TEN + 24 * HOUR)
    well = went_well(FEED, RULES, now=MONDAY_TEN + HOUR, fetched=None)
    assert not is_stale(well, RULES, MONDAY_TEN + 24 * HOUR)


def test_a_try_that_brought_something_is_remembered_by_its_version() -> None:
    well = went_well(FEED, RULES, now=MONDAY_TEN, fetched=FetchedCalendar(events=(), etag="a", modified="b"))
    assert (well.etag, well.modified, well.read_at, well.good_at) == ("a", "b", MONDAY_TEN, MONDAY_TEN)
    assert well.next_fetch_at == MONDAY_TEN + HOUR
    assert not is_asked_whole(well, MONDAY_TEN + 23 * HOUR)
    assert is_asked_whole(well, MONDAY_TEN + 24 * HOUR)
    unchanged = went_well(well, RULES, now=MONDAY_TEN + 2 * HOUR, fetched=None)
    assert (unchanged.etag, unchanged.read_at) == ("a", MONDAY_TEN)


def test_a_try_that_failed_is_said_and_the_next_one_asks_for_all() -> None:
    well = went_well(FEED, RULES, now=MONDAY_TEN, fetched=FetchedCalendar(events=(), etag="a"))
    bad = failed(well, RULES, now=MONDAY_TEN + HOUR, problem="x" * 500)
    assert (bad.etag, len(bad.problem), bad.good_at) == ("", 200, MONDAY_TEN)
    assert bad.next_fetch_at == MONDAY_TEN + 2 * HOUR


def test_of_an_address_only_the_host_is_shown() -> None:
    assert FEED.host == "calendar.example:8443"


@pytest.mark.parametrize("said", ["ftp://calendar.example/a.ics", "https://calendar.example/" + "a" * 3000])
def test_what_is_no_address_of_a_calendar_is_refused_and_not_repeated(said: str) -> None:
    with pytest.raises(Refused, match="as your calendar program shows it") as refusal:
        read_address(said, {"https://calendar.example"})
    assert refusal.value.code == "calendar-address"
    assert "a.ics" not in str(refusal.value)


def test_an_address_at_a_host_that_is_not_allowed_is_refused_with_the_setting_that_allows_it() -> None:
    with pytest.raises(Refused, match="VOICEBOT_CALENDAR_ORIGINS") as refusal:
        read_address("https://elsewhere.example/secret.ics", {"https://calendar.example"})
    assert "secret" not in str(refusal.value)

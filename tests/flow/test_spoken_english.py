"""English days and hours, as tables."""

from datetime import date, time

import pytest

from voicebot.flow.spoken_english import English

ENGLISH = English()
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-11-23", "today"),
        ("2026-11-24", "tomorrow"),
        ("2026-11-25", "on Wednesday"),
        ("2026-11-29", "on Sunday"),
        ("2026-11-30", "on Monday | November | thirtieth"),
        ("2026-12-01", "on Tuesday | December | first"),
        ("2027-01-22", "on Friday | January | twenty-second"),
        ("2026-11-22", "on Sunday | November | twenty-second"),
    ],
)
def test_a_day_is_said_by_how_near_it_is(on: str, said: str) -> None:
    assert " | ".join(ENGLISH.day(date.fromisoformat(on), today=MONDAY)) == said


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        ("00:00", "midnight", "midnight"),
        ("00:30", "twelve | thirty", "twelve | thirty | in the morning"),
        ("09:00", "nine", "nine in the morning"),
        ("11:05", "eleven | oh five", "eleven | oh five | in the morning"),
        ("12:00", "noon", "noon"),
        ("12:45", "twelve | forty-five", "twelve | forty-five | in the afternoon"),
        ("13:00", "one", "one in the afternoon"),
        ("17:59", "five | fifty-nine", "five | fifty-nine | in the afternoon"),
        ("18:00", "six", "six in the evening"),
        ("20:13", "eight | thirteen", "eight | thirteen | in the evening"),
        ("21:00", "nine", "nine at night"),
        ("23:00", "eleven", "eleven at night"),
    ],
)
def test_an_hour_is_said_as_the_beginning_and_the_end_of_a_window(at: str, begins: str, ends: str) -> None:
    assert " | ".join(ENGLISH.hour_from(time.fromisoformat(at))) == begins
    assert " | ".join(ENGLISH.hour_to(time.fromisoformat(at))) == ends


def test_every_minute_and_day_is_made_of_the_pieces_that_are_listed() -> None:
    minutes = [time(hour, minute) for hour in range(24) for minute in range(60)]
    begins = {piece for phrase in ENGLISH.from_pieces() for piece in phrase}
    ends = {piece for phrase in ENGLISH.to_pieces() for piece in phrase}
    days = {piece for phrase in ENGLISH.day_pieces() for piece in phrase}
    assert {piece for at in minutes for piece in ENGLISH.hour_from(at)} == begins
    assert {piece for at in minutes for piece in ENGLISH.hour_to(at)} == ends
    year = [date.fromordinal(MONDAY.toordinal() + ahead) for ahead in range(366)]
    assert {piece for on in year for piece in ENGLISH.day(on, today=MONDAY)} == days


def test_dates_are_written_short() -> None:
    assert ENGLISH.written_day(date(2026, 12, 1)) == "Tue 1 Dec"


def test_english_can_say_any_minute() -> None:
    assert ENGLISH.speaks_minutes()

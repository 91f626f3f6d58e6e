"""How hours, durations, shares and zones are spelled in policy files."""

from datetime import time, timedelta

import pytest

from voicebot.domain.business_calendar import ALL_DAY, DaySpan
from voicebot.flow.policy_values import (
    none_for_never,
    read_calendar_days,
    read_chat,
    read_clock_time,
    read_delay,
    read_hours,
    read_lead,
    read_mailbox,
    read_percent,
    read_phone,
    read_shared_number,
    read_time_of_day,
    read_working_days,
    read_working_time,
    read_zone,
)


def test_hours_are_closed_all_day_or_spans() -> None:
    assert read_hours("closed") == ()
    assert read_hours("all day") == ALL_DAY
    assert read_hours(["9:00-13:00", "14:00 - 24:00"]) == (
        DaySpan(opens_minute=540, closes_minute=780),
        DaySpan(opens_minute=840, closes_minute=1440),
    )


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("open", "write `closed`"),
        ([], "write `closed`"),
        (["9-13"], "write for example 9:00-13:00"),
        (["13:00-9:00"], "earlier time first"),
        (["9:00-9:00"], "earlier time first"),
        (["9:00-24:01"], "a day ends at 24:00"),
        (["9:60-13:00"], "earlier time first"),
        (["9:00-13:00", "12:00-18:00"], "each after the other"),
        (["14:00-18:00", "9:00-13:00"], "earliest first"),
    ],
)
def test_other_hours_are_refused_with_a_cure(written: object, cure: str) -> None:
    with pytest.raises(ValueError, match=cure):
        read_hours(written)


def test_durations_say_their_unit_and_whether_work_counts() -> None:
    assert read_working_time("8 working hours") == timedelta(hours=8)
    assert read_working_time("1 working minute") == timedelta(minutes=1)
    assert read_clock_time("90 seconds") == timedelta(seconds=90)
    assert read_clock_time("1.5 hours") == timedelta(minutes=90)
    assert read_delay("at once") == read_lead("none") == timedelta(0)
    assert read_delay("8 working seconds") == timedelta(seconds=8)
    assert read_lead("30 minutes") == timedelta(minutes=30)


@pytest.mark.parametrize("written", ["8", "8 h", "hours", "-1 hours", "0 hours", "8 hours 5 minutes"])
def test_a_number_without_its_unit_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="write a number and its unit"):
        read_clock_time(written)


@pytest.mark.parametrize("written", ["99999999999999999999 hours", f"{'9' * 400} seconds"])
def test_a_number_beyond_all_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="longer than time can be counted"):
        read_clock_time(written)


def test_working_time_and_clock_time_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="clock time, but working time counts here"):
        read_working_time("8 hours")
    with pytest.raises(ValueError, match="working time, but clock time counts here"):
        read_clock_time("8 working hours")


def test_shares_go_from_one_to_a_hundred() -> None:
    assert [read_percent(share) for share in ("1 %", "80%", "100 %")] == [1, 80, 100]
    for share in ("0 %", "101 %", "0.8", "eighty"):
        with pytest.raises(ValueError, match="write for example 80 %"):
            read_percent(share)


def test_zones_are_iana_names() -> None:
    assert read_zone("Europe/Zagreb") == "Europe/Zagreb"
    for zone in ("Middle/Earth", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="write an IANA name"):
            read_zone(zone)


def test_a_phone_is_kept_in_one_form_and_never_repeated_in_a_fault() -> None:
    assert read_phone("+1 202-555-0123") == "+12025550123"
    assert read_phone("") == ""
    with pytest.raises(ValueError, match="with country code") as fault:
        read_phone("202 555 0199")
    assert "0199" not in str(fault.value)


def test_a_number_with_a_budget_of_its_own_is_never_empty() -> None:
    assert read_shared_number("+1 202-555-0123") == "+12025550123"
    with pytest.raises(ValueError, match="a number is missing"):
        read_shared_number("")
    with pytest.raises(ValueError, match="with country code") as fault:
        read_shared_number("202 555 0199")
    assert "0199" not in str(fault.value)


def test_days_say_whether_they_are_worked() -> None:
    assert (read_working_days("1 working day"), read_working_days("10 working days")) == (1, 10)
    assert read_calendar_days("14 calendar days") == 14
    for read, written in (
        (read_working_days, "10 days"),
        (read_working_days, "8 working hours"),
        (read_working_days, "366 working days"),
        (read_calendar_days, "0 calendar days"),
        (read_calendar_days, "14 working days"),
        (read_calendar_days, 14),
    ):
        with pytest.raises(ValueError, match="write for example"):
            read(written)


def test_never_is_nothing() -> None:
    assert none_for_never("never") is None
    assert none_for_never({"day": "10"}) == {"day": "10"}


def test_a_time_of_day_is_hours_and_minutes() -> None:
    assert [read_time_of_day(said) for said in ("8:30", "08:30", "23:59")] == [time(8, 30), time(8, 30), time(23, 59)]
    for said in ("8", "24:00", "8:60", "half past eight", 510):
        with pytest.raises(ValueError, match="write for example 8:30"):
            read_time_of_day(said)


def test_a_mailbox_is_an_address_or_nothing_and_is_never_repeated_in_a_fault() -> None:
    assert (read_mailbox(" anna@example.com "), read_mailbox(""), read_mailbox(None)) == ("anna@example.com", "", "")
    with pytest.raises(ValueError, match="no e-mail address") as fault:
        read_mailbox("anna at example.com")
    assert "anna at" not in str(fault.value)


def test_a_chat_is_a_name_and_its_address_which_is_a_secret_is_never_repeated_in_a_fault() -> None:
    assert (read_chat(" supervisors "), read_chat(""), read_chat(None)) == ("supervisors", "", "")
    with pytest.raises(ValueError, match="does not belong here") as fault:
        read_chat("https://chat.example/secret")
    assert "chat.example" not in str(fault.value)
    with pytest.raises(ValueError, match="no name for a chat"):
        read_chat("the supervisors")

"""Single fields of the carrier's webhooks."""

from datetime import UTC, datetime

import pytest

from voicebot.errors import CarrierFault
from voicebot.telephony.form_fields import is_stale, number_of, sid_of, stored_text, told_at


@pytest.mark.parametrize(
    ("written", "is_old"),
    [
        ("Wed, 18 Nov 2026 14:00:00 +0000", False),
        ("Tue, 17 Nov 2026 09:59:59 -0500", True),
        ("2026-11-17T15:00:01", False),
        ("2026-11-17T14:00:00+00:00", True),
        ("2026-11-17 15:00:01 UTC", False),
        ("2026-11-17T14:59:59.250Z", True),
        ("Tue, 17 Nov 2026 14:59:59 Etc/UTC", True),
        ("Tue, 17 Nov 2026 15:00:01 Etc/UTC", False),
        ("17 Nov 2026 14:59:59 GMT", True),
        ("1794927601", False),  # Unix time: the same instant as the two lines below
        ("1794927599", True),
        ("1794927601.5", False),
        ("1794927599000", True),
        ("1794927601000", False),
        ("", False),
        ("   ", False),
        ("yesterday", True),
        ("9" * 400, True),
        ("Tue, 99 Nov 2026 14:59:59 +0000", True),
        ("-1794927601", True),
        ("١٧٩٤٩٢٧٦٠١", True),
    ],
)
def test_a_report_is_as_old_as_it_says(written: str, is_old: bool) -> None:
    now = datetime(2026, 11, 18, 15, tzinfo=UTC)
    assert is_stale(told_at({"Timestamp": written}, "Timestamp"), now) is is_old


def test_an_instant_that_nobody_can_read_opens_nothing_unless_another_field_tells_it() -> None:
    now = datetime(2026, 11, 18, 15, tzinfo=UTC)
    form = {"Timestamp": "yesterday", "RecordingStartTime": "Wed, 18 Nov 2026 14:00:00 +0000"}
    assert not is_stale(told_at(form, "Timestamp", "RecordingStartTime"), now)
    assert is_stale(told_at(form, "Timestamp"), now)
    assert is_stale(told_at({"Timestamp": "yesterday"}, "Timestamp", "RecordingStartTime"), now)
    assert told_at({}, "Timestamp", "RecordingStartTime") is None


@pytest.mark.parametrize("sid", ["", "RE1", "CA" + "0" * 32, "RE" + "0" * 33, "RE" + "/" * 32])
def test_an_identifier_of_another_kind_or_shape_is_the_carriers_fault(sid: str) -> None:
    with pytest.raises(CarrierFault):
        sid_of({"RecordingSid": sid}, "RecordingSid")


def test_an_identifier_of_its_kind_is_taken() -> None:
    assert sid_of({"RecordingSid": "RE" + "0" * 32}, "RecordingSid") == "RE" + "0" * 32


def test_a_text_loses_what_no_column_holds() -> None:
    assert stored_text({"Body": "a\0bc"}, "Body", most=2) == "ab"
    assert stored_text({}, "Body", most=2) == ""


@pytest.mark.parametrize(("written", "number"), [("30006", 30006), ("", None), ("9" * 20, None), ("-1", None)])
def test_a_number_is_read_if_a_column_holds_it(written: str, number: int | None) -> None:
    assert number_of({"ErrorCode": written}, "ErrorCode") == number

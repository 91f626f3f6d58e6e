"""Single fields of the carrier's webhooks."""

from datetime import UTC, datetime

import pytest

from voicebot.errors import CarrierFault
from voicebot.telephony.form_fields import instant_of, is_stale, number_of, sid_of, stored_text


@pytest.mark.parametrize(
    ("written", "is_old"),
    [
        ("Wed, 18 Nov 2026 14:00:00 +0000", False),
        ("Tue, 17 Nov 2026 09:59:59 -0500", True),
        ("2026-11-17T15:00:01", False),
        ("2026-11-17T14:00:00+00:00", True),
        ("", False),
        ("yesterday", False),
        ("9" * 400, False),
    ],
)
def test_a_report_is_as_old_as_it_says(written: str, is_old: bool) -> None:
    now = datetime(2026, 11, 18, 15, tzinfo=UTC)
    assert is_stale(instant_of({"Timestamp": written}, "Timestamp"), now) is is_old


@pytest.mark.parametrize("sid", ["", "RE1", "CA" + "0" * 32, "RE" + "0" * 33, "RE" + "/" * 32])
def test_an_identifier_of_another_kind_or_shape_is_the_carriers_fault(sid: str) -> None:
    with pytest.raises(CarrierFault):
        sid_of({"RecordingSid": sid}, "RecordingSid")


def test_a_text_loses_what_no_column_holds() -> None:
    assert stored_text({"Body": "a\0bc"}, "Body", most=2) == "ab"
    assert stored_text({}, "Body", most=2) == ""


@pytest.mark.parametrize(("written", "number"), [("30006", 30006), ("", None), ("9" * 20, None), ("-1", None)])
def test_a_number_is_read_if_a_column_holds_it(written: str, number: int | None) -> None:
    assert number_of({"ErrorCode": written}, "ErrorCode") == number

"""What can come of asking the carrier."""

from voicebot.service.ports import SmsRefused


def test_a_refusal_carries_the_carriers_error_number() -> None:
    assert SmsRefused(21614).code == 21614
    assert "21614" in str(SmsRefused(21614))

"""What a refusal of the carrier carries."""

from voicebot.service.ports.account import CarrierSaidNo


def test_refusal_carries_status_and_number_of_the_error() -> None:
    refusal = CarrierSaidNo(401, 20003)
    assert (refusal.status, refusal.code) == (401, 20003)
    assert str(refusal) == "the carrier refused with HTTP 401, error 20003"

"""What ringing somebody may end in names no number."""

from voicebot.service.ports import CallRefused


def test_a_refusal_names_the_carriers_number_and_nobody() -> None:
    assert (CallRefused(21215).code, str(CallRefused(21215))) == (21215, "21215")

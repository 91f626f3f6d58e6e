"""What can come of sending a message to staff."""

from voicebot.service.ports import MessageRefused


def test_a_refusal_carries_its_reason() -> None:
    assert MessageRefused("no such mailbox").reason == "no such mailbox"
    assert "no such mailbox" in str(MessageRefused("no such mailbox"))

"""What a shut door carries."""

from voicebot.service.ports.installation import DoorShut


def test_shut_door_says_why() -> None:
    assert DoorShut("nobody answered in time").why == "nobody answered in time"

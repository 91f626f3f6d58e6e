"""What a shut door carries."""

from voicebot.service.ports.installation import DoorShut


def test_an_address_where_nobody_answers_says_why() -> None:
    assert DoorShut("nobody answered in time").why == "nobody answered in time"

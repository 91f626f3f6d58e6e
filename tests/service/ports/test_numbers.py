"""What is kept of a number before it is changed."""

from tests.builders import MONDAY_TEN
from voicebot.service.ports import KeptSettings


def test_a_change_that_connects_undoes_nothing() -> None:
    assert KeptSettings(id="1", number_sid="PN1", at=MONDAY_TEN, values_json="{}").undoes is None

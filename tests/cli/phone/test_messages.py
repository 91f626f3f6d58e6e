"""What the page may say, and that what a person typed comes back in no sentence."""

import json

import pytest

from voicebot.cli.phone.messages import Dial, Unreadable, read_message
from voicebot.simulator import LineQuality, Noise

BAD = {"loss_percent": 5, "jitter_ms": 30, "noise": "people", "noise_below_db": 10}


def test_a_call_is_dialled_on_a_line_as_bad_as_chosen_and_nobody_makes_noise_on_the_way_back() -> None:
    dial = read_message(json.dumps({"type": "dial", "number": "+12025550143", "quality": BAD}))
    assert isinstance(dial, Dial)
    bad = LineQuality(loss_percent=5, jitter_ms=30, noise=Noise.PEOPLE, noise_below_db=10)
    assert dial.quality.of_caller() == bad
    assert dial.quality.of_hotline() == LineQuality(loss_percent=5, jitter_ms=30)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "dial", "number": "5550143"}, "write it like +12025550143"),
        ({"type": "press", "keys": "A"}, "load the page again"),
        ({"type": "line", "quality": {"loss_percent": 200}}, "load the page again"),
        ({"type": "sing"}, "load the page again"),
        ({"type": "hang_up", "and": "more"}, "load the page again"),
        ([], "load the page again"),
    ],
)
def test_what_cannot_be_taken_is_answered_with_what_to_do_and_repeats_nothing(message: object, why: str) -> None:
    with pytest.raises(Unreadable, match=why.replace("+", r"\+")) as refused:
        read_message(json.dumps(message))
    assert "5550143" not in str(refused.value).replace("+12025550143", "")

"""No line of any log tells a number or a caller's words: read after every whole call, and here shown to be readable."""

from pathlib import Path

import structlog

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER
from tests.calls.log_reader import told_secrets
from tests.calls.people import hurried_presser

LEAKS = ["{number}", "+1 202 555 0143 rang", "{digits}", "it says: {text}", "/twilio/media/abc/{token}"]


def test_a_line_that_tells_a_secret_is_found_and_a_logged_number_is_masked(
    open_house: OpenHouse, tmp_path: Path
) -> None:
    house = open_house()
    house.ring(hurried_presser())
    text = house.texts_to(CALLER_NUMBER)[0].body
    told = [leak.format(number=CALLER_NUMBER, digits=CALLER_NUMBER[2:], text=text, token="f" * 32) for leak in LEAKS]
    log = tmp_path / "other.log"
    log.write_text("\n".join(["an ordinary line", *told]))
    assert told_secrets(log, house) == told
    structlog.get_logger("voicebot.somewhere").warning("leaking", caller=CALLER_NUMBER, spaced="+1 202 555 0143")
    lines = (tmp_path / "house.log").read_text()
    assert "leaking" in lines
    assert "0143" not in lines

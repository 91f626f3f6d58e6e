"""A text on the terminal shows its words and not the number."""

from io import StringIO

from tests.builders import MONDAY_TEN
from voicebot.adapters.console_sms import ConsoleSms


def test_text_is_written_and_counts_as_delivered() -> None:
    terminal = StringIO()
    sms = ConsoleSms(terminal, lambda: "1" * 32)
    sid = sms.send("+12025550143", "Your case is 482-913-756.")
    assert sid == "SM" + "1" * 32
    assert "Your case is 482-913-756." in terminal.getvalue()
    assert "+12025550143" not in terminal.getvalue()
    assert sms.state_of(sid) == ("delivered", None)
    assert sms.find("+12025550143", "Your case is 482-913-756.", MONDAY_TEN) == ()

"""The last page of the demo."""

import io
from pathlib import Path

from rich.console import Console

from tests.cli.demo.cases import a_broken_case, a_kept_case
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.sandbox import BEN, set_up
from voicebot.cli.demo.screen import Screen
from voicebot.cli.demo.summary import rows, show_case, show_what_is_missing, show_where_to_look
from voicebot.distribution import PROJECT_DIR
from voicebot.flow.policy import read_policy

POLICY = read_policy({file.name: file.read_text() for file in (PROJECT_DIR / "flows" / "policy_demo").glob("*.yaml")})


def test_the_table_tells_everything_in_the_order_of_time() -> None:
    told = rows(a_broken_case(), Storyteller(POLICY, caller=BEN, name="Ben"))
    assert told == [
        ("10:00:00", "promise: a call from 14:00 to 16:00", "breached"),
        ("10:00:00", "SMS to the caller: confirmation", "delivered"),
        ("10:00:00", "SMS to the caller: promise missed", "delivered"),
        ("16:00:00", "promise: a call from 14:00 to 16:00", "open"),
        ("16:00:00", "the window closes, nobody has called", "breach"),
        ("16:00:00", "ladder: missed", "Olive Handler, Sue Supervisor; SMS delivered"),
        ("16:00:00", "ladder: heads", "Art Area; SMS not sent"),
    ]


def test_the_table_tells_of_the_call_back() -> None:
    told = rows(a_kept_case(), Storyteller(POLICY, caller=BEN, name="Ben"))
    assert told[-1] == ("15:00:00", "the owner calls back from the case", "reached")


def test_the_page_names_the_recording_and_the_verdict(tmp_path: Path) -> None:
    out = io.StringIO()
    with Screen(Console(file=out, width=200)) as screen:
        show_case(screen, a_broken_case(), Storyteller(POLICY, caller=BEN, name="Ben"))
        show_where_to_look(screen, a_broken_case(), set_up(tmp_path))
        show_what_is_missing(screen, [])
        show_what_is_missing(screen, ["the ladder was not climbed"])
    assert "call_ben.wav" in out.getvalue()
    assert "Ben: case 482-913-756" in out.getvalue()
    assert "all there" in out.getvalue()
    assert "- the ladder was not climbed" in out.getvalue()

"""The last page of the demo."""

import io
from pathlib import Path

from rich.console import Console

from tests.cli.demo.cases import a_case
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.sandbox import CALLER, set_up
from voicebot.cli.demo.screen import Screen
from voicebot.cli.demo.summary import rows, show_case, show_what_is_missing
from voicebot.distribution import PROJECT_DIR
from voicebot.flow.policy import read_policy

POLICY = read_policy({file.name: file.read_text() for file in (PROJECT_DIR / "flows" / "policy_demo").glob("*.yaml")})


def test_the_table_tells_everything_in_the_order_of_time() -> None:
    told = rows(a_case(), Storyteller(POLICY, CALLER))
    assert told == [
        ("10:00:00", "promise: a call from 14:00 to 16:00", "breached"),
        ("10:00:00", "SMS to the caller: confirmation", "delivered"),
        ("10:00:00", "SMS to the caller: promise missed", "delivered"),
        ("16:00:00", "promise: a call from 14:00 to 16:00", "kept"),
        ("16:00:00", "the window closes, nobody has called", "breach"),
        ("16:00:00", "ladder: missed", "Olive Handler, Sue Supervisor; SMS delivered"),
        ("16:00:00", "ladder: heads", "Art Area; SMS not sent"),
        ("15:00:00", "the owner calls back from the case", "reached"),
    ]


def test_the_page_names_the_recording_and_the_verdict(tmp_path: Path) -> None:
    out = io.StringIO()
    with Screen(Console(file=out, width=200)) as screen:
        show_case(screen, a_case(), Storyteller(POLICY, CALLER), set_up(tmp_path))
        show_what_is_missing(screen, [])
        show_what_is_missing(screen, ["the ladder was not climbed"])
    assert "call.wav" in out.getvalue()
    assert "Case 482-913-756" in out.getvalue()
    assert "are all there" in out.getvalue()
    assert "- the ladder was not climbed" in out.getvalue()

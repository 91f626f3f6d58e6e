"""`voicebot export` into a file or a pipe, over a real database."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from tests.service.lines import Line
from voicebot.cli import main
from voicebot.domain.case_number import written

pytestmark = pytest.mark.usefixtures("kept_log")


def export(*words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["export", *words], catch_exceptions=False)


def test_cases_and_calls_between_two_days_are_written_and_that_is_kept(line: Line) -> None:
    case = written(line.ticket(line.told_call()).case_number)
    tomorrow = f"{line.clock.now() + timedelta(days=2):%Y-%m-%d}"
    for what in ("cases", "calls"):
        assert case in export(what, "--to", tomorrow, "--by", "anna").stdout
        later = export(what, "--from", tomorrow, "--bom", "--by", "anna").stdout_bytes
        assert later.startswith(b"\xef\xbb\xbfca")
        assert later.count(b"\n") == 1
    log = export("log").stdout.splitlines()
    assert [each.split("  ")[1:] for each in log] == [
        ["anna", f"{what} ({word} {tomorrow})"] for what in ("cases", "calls") for word in ("to", "from")
    ]

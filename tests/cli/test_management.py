"""`voicebot management` on a terminal, over a real database and the real clock."""

import json

import pytest
from click.testing import CliRunner

from tests.service.lines import CALLER, Line
from voicebot.cli import main

pytestmark = pytest.mark.requirement("S1-08")


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["management", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_waits_for_people_and_for_programs(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, refusal_asked_by="owner_1")
    shown = run()
    assert "A second person is needed: 1" in shown
    assert CALLER not in shown
    told = json.loads(run("--json"))
    assert [each["who"] for each in told["refusals"]["lines"]] == ["First handler"]
    assert told["tasks"] == {"lines": [], "is_cut": False}

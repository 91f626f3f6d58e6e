"""`voicebot morning` on a terminal, over a real database and the real clock."""

import json

import pytest
from click.testing import CliRunner

from tests.service.lines import CALLER, Line
from voicebot.cli.morning import morning

pytestmark = pytest.mark.requirement("D-07")


def run(*words: str) -> str:
    result = CliRunner().invoke(morning, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_for_people_and_who_has_got_it(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, refusal_asked_by="owner_1")
    shown = run()
    case = line.ticket(answer).case_number
    for words in (case[:3], "First handler: opened", "asks a second person", "Managing director: not told yet"):
        assert words in shown
    assert CALLER not in shown


def test_the_morning_list_is_given_as_json_for_programs(line: Line) -> None:
    line.told_call()
    told = json.loads(run("--json"))
    assert [each["who"] for each in told["oldest"]["lines"]] == ["First handler"]
    assert {each["who"] for each in told["sent"]} >= {"executive_1", "supervisor_1"}
    assert told["not_sent"] == []

"""`voicebot tickets find` on a terminal, over a real database."""

import json

import pytest
from click.testing import CliRunner

from tests.service.lines import Line
from voicebot.cli.ticket import tickets
from voicebot.domain.case_number import written


def run(*words: str) -> str:
    result = CliRunner().invoke(tickets, ["find", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.requirement("S1-01")
def test_a_case_is_found_by_its_words_and_its_number_as_in_the_console(line: Line) -> None:
    ticket = line.ticket(line.told_call())
    case = written(ticket.case_number)
    assert case in run("parcel", "BROKEN")
    assert case in run("0143")
    (found,) = json.loads(run("--json", "broken"))
    assert (found["case"], found["number"], found["hits"][0]["kind"]) == (case, "+12025550143", "said")
    assert ticket.pin not in run("--json", "code")


def test_what_is_not_found_says_how_to_look(line: Line) -> None:
    line.told_call()
    assert "No case has that" in run("zebra")
    assert "a digit is wrong" in run("482-719-301")

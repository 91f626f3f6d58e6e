"""`voicebot figures` on a terminal, over a real database and the real clock."""

import csv
import io
import json

from click.testing import CliRunner

from tests.service.lines import Line
from voicebot.cli import main
from voicebot.cli.figures import figures


def run(*words: str) -> str:
    result = CliRunner().invoke(figures, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_empty_hotline_says_when_figures_appear(line: Line) -> None:
    assert "Nothing has happened yet" in run()


def test_tables_for_people_and_the_same_for_programs(line: Line) -> None:
    line.told_call()
    shown = run("--by", "owner")
    for words in ("Promised calls", "Kept rate", "Moved by us", "Cases and calls", "First handler", "in all"):
        assert words in shown
    told = json.loads(run("--by", "owner", "--json"))
    assert (told["figures"][-1]["cases"], told["load"][0]["open_cases"]) == (1, 1)
    rows = list(csv.DictReader(io.StringIO(run("--weeks", "2", "--csv"))))
    assert [row["cases"] for row in rows] == ["0", "1", "1"]


def test_more_weeks_than_a_year_has_are_refused(line: Line) -> None:
    result = CliRunner().invoke(main, ["figures", "--weeks", "99"])
    assert result.exit_code == 1
    assert result.output.startswith("voicebot: figures are shown of 1 to 53 weeks")

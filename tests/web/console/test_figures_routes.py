"""The page of figures in a browser, and the same for spreadsheets and programs."""

import csv
import io
import json
import re
from dataclasses import fields
from html import unescape

import pytest

from tests.random_cases import random_cases
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.staff import Role
from voicebot.service.ports import FigureLine
from voicebot.service.queries.figures import last_weeks
from voicebot.web.console.figures_page import LINE_PARTS

FIGURES = "/console/figures"


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)


def test_empty_hotline_says_when_figures_appear(console: ConsoleDesk) -> None:
    page = boss(console).get(FIGURES).text
    assert "Nothing to count yet" in page
    assert "<svg" not in page


@pytest.mark.requirement("D-03")
def test_supervisor_sees_plots_each_with_its_table(console_on_both: ConsoleDesk) -> None:
    console = console_on_both
    console.line.told_call()
    console.line.step(hours=4)
    console.line.sweep()
    browser = boss(console)
    for by in ("week", "category", "channel", "owner"):
        page = browser.get(f"{FIGURES}?by={by}&weeks=2").text
        assert page.count("<svg") == page.count("<table") == 5, by
        assert "0 of 1 promised calls" in page
        assert 'aria-current="page"' in page
    assert "First handler" in page


def test_handlers_do_not_see_them(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    for path in (FIGURES, f"{FIGURES}.csv", f"{FIGURES}.json"):
        assert browser.get(path).status_code == 403
    assert FIGURES not in browser.get("/console/").text
    assert FIGURES in boss(console).get("/console/").text


def test_spreadsheet_and_program_get_the_same_numbers(console: ConsoleDesk) -> None:
    console.line.told_call()
    browser = boss(console)
    sent = browser.get(f"{FIGURES}.csv?weeks=1")
    assert sent.mimetype == "text/csv"
    week, total = csv.DictReader(io.StringIO(sent.text))
    assert (week["week"], week["cases"], total["week"], total["golden"]) == ("from Mon 16 Nov 2026", "1", "all", "1")
    told = browser.get(f"{FIGURES}.json?weeks=1").json
    assert told is not None
    assert [line["cases"] for line in told["figures"]] == [1, 1]
    assert told["load"][0]["owner"] == "First handler"
    assert told["steps"] == {}


@pytest.mark.parametrize(
    ("query", "status"), [("weeks=54", 404), ("weeks=0", 404), ("weeks=many", 200), ("by=moon", 200), ("weeks=-1", 200)]
)
def test_what_is_no_choice_is_the_usual_page_or_none(console: ConsoleDesk, query: str, status: int) -> None:
    assert boss(console).get(f"{FIGURES}?{query}").status_code == status


def tables_of(page: str) -> dict[str, list[list[str]]]:
    """Return the rows of each table of the page, by its caption."""
    found = re.findall(r"<caption[^>]*>(.*?)</caption>.*?<tbody>(.*?)</tbody>", page, re.S)
    cells = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
    return {
        unescape(caption): [[unescape(cell) for cell in cells.findall(row)] for row in body.split("</tr>") if row]
        for caption, body in found
    }


def line_of(row: dict[str, str]) -> FigureLine:
    """Return the figures that a line of CSV tells."""
    values = {each.name: json.loads(row[each.name] or "null") for each in fields(FigureLine)}
    return FigureLine(**values)


@pytest.mark.parametrize("by", ["week", "category", "channel", "owner"])
@pytest.mark.parametrize("most", [1, 40])
def test_page_csv_and_json_say_the_same_of_random_cases(console_on_both: ConsoleDesk, by: str, most: int) -> None:
    line, weeks = console_on_both.line, 4
    edges = last_weeks(line.clock.now(), line.policy.calendar.zone, weeks=weeks).edges
    random_cases(line.work, edges[:-1], seed=most, most=most)
    browser = boss(console_on_both)
    page, sent, told = (browser.get(f"{FIGURES}{kind}?by={by}&weeks={weeks}") for kind in ("", ".csv", ".json"))
    rows, shown = list(csv.DictReader(io.StringIO(sent.text))), tables_of(page.text)
    assert told.json is not None
    as_text = [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in told.json["figures"]
    ]
    assert as_text == rows
    for part in LINE_PARTS:
        expected = [[column.say(line_of(row)) for column in part.columns] for row in rows]
        assert [row[1:] for row in shown[part.title]] == expected, part.title
    assert sum(int(row["cases"]) for row in rows[:-1]) == int(rows[-1]["cases"])

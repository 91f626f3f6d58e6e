"""The page of figures in a browser, and the same for spreadsheets and programs."""

import csv
import io

import pytest

from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.staff import Role

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

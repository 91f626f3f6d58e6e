"""What pages cost with few cases and with many: measured on the product's own pages, over databases that are filled."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from voicebot.adapters.store import open_engine
from voicebot.cli import main
from voicebot.cli.bench.pages_run import PAGES, reader_of, run_pages
from voicebot.config import Settings
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.figures import view_figures

pytestmark = pytest.mark.heavy


def test_each_page_is_measured_with_each_number_of_cases(database_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=database_url, data_dir=tmp_path)
    costs = list(run_pages(settings, (10, 40), tmp_path, database_url=database_url))
    assert [(cost.page, cost.cases) for cost in costs] == [(page, cases) for cases in (10, 40) for page in PAGES]
    assert all(cost.seconds > 0 for cost in costs)
    engine = open_engine(database_url)
    hotline = reader_of(engine, settings)
    assert list_cases(hotline).total == 40
    total = view_figures(hotline, weeks=52).total
    assert total.cases > 30, "they are spread over a year"
    assert total.contacts == 5, "two calls, two texts and a call of ours"
    engine.dispose()


def test_ratios_are_shown_and_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(main, ["bench", "pages", "--few", "5", "--cases", "20"])
    assert run.exit_code == 0, run.output
    assert "figures, 52 weeks" in run.output
    assert "PostgreSQL was left out" in run.output

"""`voicebot docs`: whoever has no checkout reads the pages here."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.house import tree
from voicebot.cli import main

PAGES = sorted((tree.PROJECT_DIR / "docs").glob("*.md"))


def test_every_page_is_listed_with_its_title() -> None:
    run = CliRunner().invoke(main, ["docs"])
    assert run.exit_code == 0, run.output
    assert [line.split()[2] for line in run.output.splitlines()] == [page.stem for page in PAGES]
    assert "Error codes" in run.output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_shown_whole(page: Path) -> None:
    run = CliRunner().invoke(main, ["docs", page.stem])
    assert run.output == page.read_text(encoding="utf-8")


def test_a_page_that_there_is_not_names_those_there_are() -> None:
    run = CliRunner().invoke(main, ["docs", "praise"])
    assert run.exit_code == 2
    assert "'errors'" in run.output

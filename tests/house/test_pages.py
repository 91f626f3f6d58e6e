"""What people look for by name is there, and what it points to exists."""

import re
from pathlib import Path

import pytest

from tests.house import tree
from voicebot import __version__

PAGES = [*sorted(tree.PROJECT_DIR.glob("*.md")), *sorted((tree.PROJECT_DIR / "docs").glob("*.md"))]


def test_the_pages_that_people_look_for_are_there() -> None:
    names = {page.name for page in PAGES}
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"} <= names


@pytest.mark.parametrize("page", PAGES, ids=tree.place)
def test_page_links_to_what_exists(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=tree.place)
def test_path_named_in_a_page_exists(page: Path) -> None:
    """Of the folders that we have; a pattern (`**/ticket.py`, `prompts.<locale>.yaml`) names no file."""
    named = re.findall(r"`((?:voicebot|tests|docs|flows)/[\w./-]+)`", page.read_text())
    assert [path for path in named if not (tree.PROJECT_DIR / path).exists()] == []


def test_the_release_has_its_date_in_the_changelog() -> None:
    text = (tree.PROJECT_DIR / "CHANGELOG.md").read_text()
    assert re.search(rf"^## {re.escape(__version__)} \(\d{{4}}-\d\d-\d\d\)$", text, re.MULTILINE)
    assert text.index("## Unreleased") < text.index(f"## {__version__}")

"""Styles and scripts have a version in their address, and are kept by it."""

import re

from tests.web.console.desk import ConsoleDesk
from voicebot.web.console.statics import BOOTSTRAP_CSS, STATIC_DIR, version_of

FILE = re.compile(r'(?:href|src)="(/console/static/[^"]+)"')


def test_a_page_names_each_file_by_its_version_and_a_browser_keeps_it_for_a_year(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    files = set(FILE.findall(browser.get("/console/").text))
    assert len(files) > 4
    for address in files:
        with browser.get(address) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address


def test_another_version_is_asked_for_again(console: ConsoleDesk) -> None:
    browser = console.browser()
    for address in ("/console/static/console.css", "/console/static/bootstrap.min.css?v=000000000000"):
        with browser.get(address) as answer:
            assert (answer.status_code, "max-age" in answer.headers["Cache-Control"]) == (200, False)


def test_the_version_follows_the_bytes() -> None:
    names = [*STATIC_DIR.iterdir(), BOOTSTRAP_CSS]
    assert len({version_of(path) for path in names}) == len(names)

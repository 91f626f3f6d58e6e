"""A real Chromium, without a screen, and the console served for it."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import FLAGS, installed_chromium
from tests.browser.stage import EMAIL, Stage, served
from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN, definitions
from tests.service.lines import Line
from tests.web.console.desk import PASSWORD
from voicebot.adapters.flow_files import FlowFiles

__all__ = ["definitions"]

TOKEN_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TELL_REFUSED = """
document.addEventListener("securitypolicyviolation", (e) => {
  console.error(`refused by the policy: ${e.violatedDirective} ${e.blockedURI}`);
});
"""
OURS = re.compile(r"status of 40[39]|ERR_INTERNET_DISCONNECTED")
"""What Chromium says about a page of ours that says no, and about a network that a test has taken away."""
WIDTHS = {"desk": 1280, "phone": 390}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once for each file.

    Not for the session: until its end this thread would count as running an event loop, and what refuses to work
    there (the job queue) would refuse in every test that comes after in this process.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def stage(migrated_file: Path, definitions: FlowFiles, tmp_path: Path) -> Iterator[Stage]:
    """The console on a fresh database, Wednesday at ten in New York."""
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    with served(Line(engine, definitions, WEDNESDAY_TEN), engine, tmp_path / "clips") as stage:
        yield stage
    engine.dispose()


@pytest.fixture
def open_page(chromium: Browser, stage: Stage) -> Iterator[OpenPage]:
    """Open a window of a width, logged in, at a path; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def open_one(path: str = "/console/", *, width: int = WIDTHS["desk"], has_script: bool = True) -> Page:
            context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=has_script)
            stack.callback(context.close)
            context.add_init_script(TELL_REFUSED)
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("console", lambda said: None if OURS.search(said.text) else complaints.append(said.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
            log_in(context, stage)
            page.goto(stage.url + path)
            return page

        yield open_one
    assert complaints == []


def log_in(context: BrowserContext, stage: Stage) -> None:
    """Send the login's form from this window, without looking at it."""
    page = context.request.get(f"{stage.url}/console/login")
    token = TOKEN_FIELD.search(page.text())
    assert token is not None, page.text()
    form = {"csrf_token": token[1], "email": EMAIL, "password": PASSWORD}
    answer = context.request.post(f"{stage.url}/console/login", form=form)
    assert answer.url.endswith("/console/"), answer.text()

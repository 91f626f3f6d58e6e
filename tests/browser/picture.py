"""Takes the picture of the console that the README shows: `python -m tests.browser.picture docs/console.png`.

A case as after `make demo`, with an invented caller of the range of numbers that North America keeps for fiction.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, log_in
from tests.browser.stage import Stage, later, served
from tests.builders import at
from tests.service.lines import FLOWS_DIR, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.domain.case_number import written
from voicebot.domain.promise import CallOutcome
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import write_note

SIZE = {"width": 1280, "height": 1200}
"""The promise, the words and the actions; the rest of the page is below."""


def take_picture(path: Path) -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = open_engine(f"sqlite:///{folder / 'voicebot.db'}")
        migrate(engine)
        flows = FlowFiles(FLOWS_DIR, a_policy_dir(folder / "policy"))
        line = Line(engine, flows, at("Wednesday 18 November 2026 10:00:00"))
        with served(line, engine, folder / "clips") as stage:
            _photograph(stage, _missed_case(stage), path)
        engine.dispose()


def _missed_case(stage: Stage) -> str:
    ticket = stage.told()
    later(stage.line, hours=2)
    log_callback(stage.line.hotline, ticket.case_number, reason="", actor="owner_1", outcome=CallOutcome.VOICEMAIL)
    later(stage.line, hours=1)
    later(stage.line, minutes=8)
    write_note(
        stage.line.hotline, ticket.case_number, text="The driver had 12 Mill Lane, it is Mill Street.", actor="deputy_1"
    )
    return written(ticket.case_number)


def _photograph(stage: Stage, case: str, path: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
        log_in(context, stage)
        page = context.new_page()
        page.goto(f"{stage.url}/console/cases/{case}", wait_until="networkidle")
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    take_picture(Path(sys.argv[1]))

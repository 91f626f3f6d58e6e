"""Takes the pictures of the console that the README shows (`make screenshots`).

Cases as after `make demo`, with invented callers of the range of numbers that North America keeps for fiction.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.conftest import log_in
from tests.browser.stage import Stage, later, served
from tests.builders import at
from tests.service.lines import FLOWS_DIR, OTHER, Line, a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.domain.case_number import written
from voicebot.domain.promise import CallOutcome
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import write_note

HEIGHTS = {"today": 800, "console": 1200}
"""Pixels of each picture: Today whole, and of a case its promise, its words and the actions."""


def take_pictures(pictures: Path) -> None:
    """Write the pictures into this folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = open_engine(f"sqlite:///{folder / 'voicebot.db'}")
        migrate(engine)
        flows = FlowFiles(FLOWS_DIR, a_policy_dir(folder / "policy"))
        line = Line(engine, flows, at("Wednesday 18 November 2026 10:00:00"))
        with served(line, engine, folder / "clips") as stage:
            case = _missed_case(stage)
            _photograph(stage, {"today": "/console/", "console": f"/console/cases/{case}"}, pictures)
        engine.dispose()


def _missed_case(stage: Stage) -> str:
    ticket = stage.told()
    later(stage.line, hours=2)
    log_callback(stage.line.hotline, ticket.case_number, reason="", actor="owner_1", outcome=CallOutcome.VOICEMAIL)
    later(stage.line, hours=1)
    stage.told(carrier_call_id="CA2", caller=OTHER, demand="somebody who rings back before the weekend")
    later(stage.line, minutes=8)
    write_note(
        stage.line.hotline, ticket.case_number, text="The driver had 12 Mill Lane, it is Mill Street.", actor="deputy_1"
    )
    return written(ticket.case_number)


def _photograph(stage: Stage, addresses: dict[str, str], pictures: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, address in addresses.items():
            context = browser.new_context(viewport={"width": 1280, "height": HEIGHTS[name]})
            _look(context, stage, address, pictures / f"{name}.png")
        browser.close()


def _look(context: BrowserContext, stage: Stage, address: str, picture: Path) -> None:
    log_in(context, stage)
    page = context.new_page()
    page.goto(stage.url + address, wait_until="networkidle")
    page.screenshot(path=picture)
    context.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]))

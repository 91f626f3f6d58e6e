"""A second factor in a real browser, without scripts and at 320 pixels: set up, asked for, and no page too wide."""

import re
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import EMAIL, Stage, served
from tests.company_sign_in import CLIENT, SECRET, Person, company_sign_in
from tests.databases import copy_of
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import Line
from tests.web.console.desk import PASSWORD
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.provider_discovery import ProviderOptions

NARROW = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def page(chromium: Browser, stage: Stage) -> Page:
    """A narrow window without scripts."""
    context = chromium.new_context(
        base_url=stage.url, viewport={"width": 320, "height": 700}, java_script_enabled=False
    )
    page = context.new_page()
    page.on("console", lambda said: pytest.fail(said.text) if said.type == "error" else None)
    return page


def log_in(page: Page) -> None:
    """Give e-mail and password."""
    page.goto("/console/login?next=/console/rota")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).not_to_have_url(re.compile("/login"))


def code_of(stage: Stage, key: str) -> str:
    """Return what the telephone shows."""
    return pyotp.TOTP(key).at(stage.line.clock.now())


def is_whole(page: Page, title: str) -> None:
    """Hold that this page has come and that it fits: a click returns while the next page is still on its way."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.evaluate(NARROW), title


def test_a_second_factor_is_set_up_and_asked_for_without_a_script(stage: Stage, page: Page) -> None:
    log_in(page)
    page.goto("/console/second-factor")
    is_whole(page, "Second factor")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    is_whole(page, "Set up your second factor")
    assert page.get_by_role("img", name="QR code").bounding_box()["width"] > 150
    key = page.locator(".second-factor-key").inner_text().replace(" ", "")
    page.get_by_label("Code of six digits").fill(code_of(stage, key))
    page.get_by_role("button", name="Confirm").click()
    is_whole(page, "Your recovery codes")
    recovery = page.locator(".recovery-codes code").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("button", name="Log out").click()
    log_in(page)
    is_whole(page, "Your code")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("This code does not count.")
    page.get_by_label("Code").fill(recovery[0])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{stage.url}/console/rota")
    expect(page.get_by_role("status").first).to_contain_text("9 are left")


@pytest.mark.heavy
def test_the_company_s_sign_in_leads_there_and_back_and_asks_again_after_an_hour(
    chromium: Browser, migrated_file: Path, definitions: FlowFiles, tmp_path: Path
) -> None:
    """Two sites and one browser, as staff have it. It takes the cookie along on the way back from the other site."""
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    line = Line(engine, definitions, WEDNESDAY_TEN)
    with company_sign_in() as provider:
        options = ProviderOptions(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET)
        with served(line, engine, tmp_path / "clips", provider=options) as stage:
            provider.back = f"{stage.url}/console/sign-in/done"
            provider.person = Person({"sub": "ana-1", "email": EMAIL})
            page = chromium.new_context(base_url=stage.url, java_script_enabled=False).new_page()
            page.goto("/console/login?next=/console/rota")
            page.get_by_role("link", name="Log in by your company account").click()
            expect(page).to_have_url(f"{stage.url}/console/rota")
            line.step(minutes=61)
            page.goto("/console/cases")
            expect(page).to_have_url(f"{stage.url}/console/cases")
            expect(page.get_by_text("Ana Ruiz").first).to_be_visible()
            line.step(minutes=61)
            provider.person = Person({"sub": "somebody-else", "email": "stranger@firm.example"})
            page.goto("/console/cases")
            expect(page.get_by_text("there is no account here")).to_be_visible()
            page.context.close()
    engine.dispose()

"""Pages of administrators in a browser: without script, without a fault for axe, on a phone as well."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_source, findings
from tests.browser.conftest import WIDTHS, OpenPage
from tests.browser.stage import Stage
from tests.browser.test_everyone import NARROW
from tests.browser.test_roles import become
from tests.service.webhook.test_deliver import CRM, work
from voicebot.domain.staff import Role


@pytest.mark.heavy
def test_a_token_and_an_endpoint_are_made_renewed_and_taken_back_without_script(
    stage: Stage, open_page: OpenPage
) -> None:
    become(stage, Role.ADMINISTRATOR)
    page, axe = open_page("/console/tokens", has_script=False), open_page(width=WIDTHS["phone"])
    page.get_by_label("What it is for").fill("Night report")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("status").locator("code")).to_contain_text("vbt_")
    page.goto(f"{stage.url}/console/webhooks")
    page.get_by_label("Address").fill(f"https://{CRM}/hook")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("status").locator("code")).to_contain_text("whsec_")
    page.get_by_role("button", name="New secret").click()
    expect(page.get_by_role("status")).to_contain_text("The one before signs beside it until")
    page.get_by_role("button", name="Try now").click()
    work(stage.line)
    _is_for_everybody(axe, stage)
    page.goto(f"{stage.url}/console/tokens")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("main")).to_contain_text("opens nothing any more")


def _is_for_everybody(page: Page, stage: Stage) -> None:
    source = axe_source()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/console/tokens", "/console/webhooks", "/console/customers", "/console/persons"):
        page.goto(stage.url + address)
        assert findings(page, source) == [], address
        assert page.evaluate(NARROW), address

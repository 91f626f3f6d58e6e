"""Each role meets its closed door as a page that says who may, and no button that leads to one."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_source, findings
from tests.browser.conftest import OpenPage
from tests.browser.stage import EMAIL, Stage
from voicebot.domain.permission import PERMISSIONS, Permission, who_may
from voicebot.domain.staff import Role

DOORS = {
    Role.HANDLER: ("/console/figures", Permission.SEE_FIGURES),
    Role.SUPERVISOR: ("/console/cases/{case}/looks.csv", Permission.SEE_LOOKS),
    Role.QUALITY: ("/console/management", Permission.SEE_MANAGEMENT),
    Role.MANAGEMENT: ("/console/rota/sick/owner_1", Permission.PLAN_ROTA),
    Role.AUDITOR: ("/console/cases/{case}/review", Permission.REVIEW_WORDS),
}
"""Of each role but the administrator's, who may everything, one page that is not for them."""
BUTTONS = {
    Permission.SERVE: "Log the call",
    Permission.DECIDE: "Keep the note",
    Permission.REVIEW_WORDS: "I have listened",
}


def become(stage: Stage, role: Role) -> None:
    with stage.line.work() as work:
        account = work.staff.by_email(EMAIL)
        assert account is not None
        work.staff.save(replace(account, role=role))
        work.commit()


def is_shown(page: Page, button: str) -> bool:
    return page.get_by_role("button", name=button).count() > 0


@pytest.mark.heavy
def test_each_role_meets_its_closed_door_and_no_button_that_it_may_not_press(stage: Stage, open_page: OpenPage) -> None:
    case = stage.told().case_number
    page, axe = open_page(), axe_source()
    for role, (door, needed) in DOORS.items():
        become(stage, role)
        page.goto(f"{stage.url}{door.format(case=case)}")
        expect(page.get_by_role("heading", level=1)).to_have_text("This is not for you")
        expect(page.get_by_role("main")).to_contain_text(f"This is for {who_may(needed)}; your account is {role.said}.")
        assert findings(page, axe) == []
        page.goto(f"{stage.url}/console/cases/{case}")
        shown = {needed for needed, button in BUTTONS.items() if is_shown(page, button)}
        assert shown == PERMISSIONS[role] & set(BUTTONS), role
        assert findings(page, axe) == []

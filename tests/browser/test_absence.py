"""Somebody is sick today: what is at risk is shown, one button spreads it, and the case says that it changed hands."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import Stage
from tests.service.staff.team import join_team


@pytest.mark.requirement("D-05")
@pytest.mark.heavy
def test_who_is_sick_today_has_their_cases_spread_with_one_button_after_a_look(
    stage: Stage, open_page: OpenPage
) -> None:
    case = stage.told()
    join_team(stage.line, "Bea")
    page = open_page("/console/rota")
    page.get_by_label("Ill until").first.fill("2026-11-19T12:00")
    page.get_by_role("button", name="Show what is at risk").first.click()
    risk = page.get_by_role("table", name="Cases and who would take them")
    expect(risk).to_contain_text(f"{case.case_number[:3]}-{case.case_number[3:6]}-{case.case_number[6:]}")
    assert "ticket_taken_over" not in stage.line.verbs(case.id), "a look changes nothing"
    page.get_by_label("What whoever takes a case should know").fill("she has the fever")
    page.get_by_role("button", name=re.compile("give away 1 case")).dblclick()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto(f"{stage.url}/console/cases/{case.case_number}")
    expect(page.locator(".facts")).to_contain_text("(changed hands once)")
    page.goto(f"{stage.url}/console/rota")
    expect(page.get_by_role("main")).to_contain_text("19 Nov")

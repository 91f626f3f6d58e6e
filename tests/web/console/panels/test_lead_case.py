"""A lead case lists who follows it, each follower names its lead, and an update is seen before it is sent."""

import pytest

from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_forms import path_of, send, told
from tests.web.console.test_field_forms import text
from voicebot.domain.case_number import written


@pytest.mark.requirement("D-06")
def test_who_leads_and_who_follows_name_each_other_and_an_update_is_seen_with_its_count(console: ConsoleDesk) -> None:
    lead, browser = told(console), console.logged_in()
    other = console.line.ticket(console.line.told_call("CA2", "+12025550152"))
    number = written(lead.case_number)
    assert "Follow a lead case" in browser.get(path_of(other)).text
    assert send(browser, other, "follows", other=number, text="branch G").status_code == 303
    shown = text(browser.get(path_of(other)).text)
    assert f"Follows a lead case The cause is worked on in {number}" in shown
    assert "Follow the lead case no more" in shown
    shown = text(browser.get(path_of(lead)).text)
    assert f"Lead case of 1 other {written(other.case_number)}" in shown
    seen = send(browser, lead, "update", text=" Branch <b>G</b> is open. ")
    assert seen.status_code == 200
    assert "2 people get this text once" in text(seen.text)
    assert "Branch &lt;b&gt;G&lt;/b&gt; is open. Your own case goes on." in seen.text
    refused = send(browser, lead, "update", text="Branch G is open.", count="5")
    assert (refused.status_code, "look at it again" in refused.text) == (409, True)
    assert send(browser, lead, "update", text="").status_code == 409
    assert send(browser, lead, "update", text="", count="2").status_code == 409
    assert send(browser, lead, "update", text="Branch G is open.", count="2").status_code == 303
    assert "All were told: Branch G is open. " in text(browser.get(path_of(lead)).text)
    assert "0 of 2 told" in browser.get(path_of(lead)).text
    assert send(browser, other, "follows-none").status_code == 303
    assert "Follows a lead case" not in browser.get(path_of(other)).text


@pytest.mark.requirement("D-06")
def test_who_gets_no_text_is_named_with_the_reason(console: ConsoleDesk) -> None:
    call = console.line.told_call()
    console.line.change_ticket(call, may_text=False)
    lead = console.line.ticket(call)
    seen = send(console.logged_in(), lead, "update", text="Branch G is open.")
    assert f"{written(lead.case_number)} no texts: not wanted" in text(seen.text)
    assert "Send it to" not in seen.text

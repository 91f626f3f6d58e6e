"""Who rings again is no stranger: other cases from the number stand beside the case, however they ended."""

from dataclasses import replace

import pytest

from tests.service.lines import OTHER
from tests.web.console.desk import ConsoleDesk
from tests.web.console.test_case_routes import case_path, told
from voicebot.domain.case_number import written
from voicebot.domain.ticket import TicketStatus
from voicebot.web.console.panels.other_cases import MOST_OTHERS


@pytest.mark.requirement("D-04")
def test_other_cases_of_the_number_stand_beside_the_case_with_what_they_are_about(console_on_both: ConsoleDesk) -> None:
    console = console_on_both
    line, first = console.line, told(console)
    browser = console.logged_in()
    assert "from this number" not in browser.get(case_path(first)).text
    second = line.told_call("CA2")
    line.told_call("CA3", OTHER)
    line.change_ticket(second, status=TicketStatus.CLOSED)
    page = browser.get(case_path(first)).text
    assert "1 other case from this number" in page
    panel = page[page.index('id="others"') :].split("</section>")[0]
    assert written(line.ticket(second).case_number) in panel
    assert "closed" in panel
    assert "a refund please" in panel


def test_of_many_the_newest_are_shown_and_the_search_has_all(console: ConsoleDesk) -> None:
    first = told(console)
    with console.line.work() as work:
        ticket = work.tickets.get(first.id)
        assert ticket is not None
        for number in range(MOST_OTHERS + 1):
            work.tickets.add(replace(ticket, id=f"t{number}", case_number=f"{number:09}"))
        work.commit()
    page = console.logged_in().get(case_path(first)).text
    assert f"More than {MOST_OTHERS} other cases from this number" in page
    assert 'href="/console/search?q=%2B12025550143"' in page

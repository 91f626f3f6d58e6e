"""The page of the drill: anybody who is logged in may say that they were reached."""

from datetime import timedelta

import pytest

from tests.builders import a_drill
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.staff import Role

pytestmark = pytest.mark.requirement("D-10")

PAGE = "/console/drill"


def test_before_the_first_there_is_nothing_to_answer(console: ConsoleDesk) -> None:
    browser = console.logged_in()
    page = browser.get(PAGE).text
    assert "No drill has begun yet." in page
    assert "I was reached" not in page


def test_a_handler_answers_the_drill_that_runs_and_the_second_answer_changes_nothing(console: ConsoleDesk) -> None:
    line = console.line
    answer = line.told_call()
    with line.work() as work:
        began_at = line.clock.now()
        ends_at = began_at + timedelta(hours=2)
        work.watch.add_drill(a_drill(ticket_id=answer.call.ticket_id, began_at=began_at, ends_at=ends_at))
        work.commit()
    browser = console.logged_in("dee@firm.example", name="Dee", role=Role.HANDLER, member_id="deputy_1")
    for _ in range(2):
        assert browser.send(PAGE, {}, to=f"{PAGE}/answers").status_code == 303
    page = browser.get(PAGE).text
    assert "Deputy was reached after less than a minute" in page
    assert "I was reached" not in page

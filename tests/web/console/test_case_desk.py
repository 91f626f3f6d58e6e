"""What the forms of a case's page offer as the case stands."""

import pytest

from tests.service.callback.callers import a_case, ordered, talk
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.domain.ticket import TicketStatus
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.refusal import asking_refusal, confirming_refusal

OPEN_ONLY = ("Move the promised call", "A decision was told", "It is no complaint", "Give the case to somebody")


@pytest.mark.parametrize("status", [status for status in TicketStatus if status is not TicketStatus.MERGED])
def test_only_what_can_be_done_is_offered(console: ConsoleDesk, status: TicketStatus) -> None:
    answer = console.line.told_call()
    console.line.change_ticket(answer, status=status)
    page = console.logged_in().get(f"/console/cases/{written(console.line.ticket(answer).case_number)}").text
    is_open = status in (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED)
    assert [form for form in OPEN_ONLY if form in page] == (list(OPEN_ONLY) if is_open else [])
    assert ("Open the case again" in page) is not is_open
    assert ("Close the case" in page) is (is_open or status is TicketStatus.ANSWERED)


def test_a_talk_is_offered_to_be_taken_back_unless_a_call_of_ours_shows_it(console: ConsoleDesk) -> None:
    """That form always refused."""
    line = console.line
    case = a_case(line)
    browser, path = console.logged_in(role=Role.SUPERVISOR), f"/console/cases/{written(case.case_number)}"
    log_callback(line.hotline, case.case_number, reason="another case", actor="owner_1")
    assert "A talk was logged by mistake" in browser.get(path).text
    line.step(minutes=1)
    talk(line, ordered(line, case), keyed="1")
    assert "A talk was logged by mistake" not in browser.get(path).text


@pytest.mark.requirement("S4-01")
def test_the_second_look_is_offered_to_the_second_person(console: ConsoleDesk) -> None:
    line = console.line
    case = line.ticket(line.told_call()).case_number
    browser = console.logged_in()
    path = f"/console/cases/{written(case)}"
    assert "I ask for a second look" in browser.get(path).text
    act(line.hotline, case, asking_refusal(words="the law", actor="owner_1"))
    assert "I have looked: we can help" in browser.get(path).text
    act(line.hotline, case, confirming_refusal(words="so it is", actor="supervisor_1"))
    assert "We cannot help" not in browser.get(path).text

"""The page of webhooks: endpoints by host, what became of each event, and a button that sends it again."""

from tests.service.lines import OTHER
from tests.service.webhook.test_deliver import AWAY, CRM, an_endpoint, work
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.service.webhook.log import view_deliveries

PAGE = "/console/webhooks"


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR, member_id="supervisor_1")


def test_a_supervisor_sees_what_failed_and_sends_it_again(console: ConsoleDesk) -> None:
    line, browser = console.line, boss(console)
    assert "No other system is told anything" in browser.get(PAGE).text
    an_endpoint(line, events="case.opened")
    line.webhooks.answers[CRM] = [AWAY]
    case = written(line.ticket(line.ring()).case_number)
    work(line)
    page = browser.get(PAGE).text
    assert all(told in page for told in (CRM, "case.opened", case, "failing since", "no answer"))
    assert "/hook" not in page
    (waiting,) = view_deliveries(line.hotline)
    assert browser.send(PAGE, {"id": waiting.delivery.id}, to=f"{PAGE}/replays").status_code == 303
    work(line)
    page = browser.get(PAGE).text
    assert "delivered, HTTP 200" in page
    assert "failing since" not in page
    assert browser.send(PAGE, {"id": "nobody"}, to=f"{PAGE}/replays").status_code == 303
    assert "no delivery has this id" in browser.get(PAGE).text


def test_nobody_reads_there_of_a_case_about_them_and_a_handler_reads_nothing(console: ConsoleDesk) -> None:
    line = console.line
    an_endpoint(line, events="case.opened")
    first, second = line.ring(), line.ring(OTHER, "CA2")
    line.change_ticket(first, about_id="supervisor_1")
    work(line)
    page = boss(console).get(PAGE).text
    assert written(line.ticket(second).case_number) in page
    assert written(line.ticket(first).case_number) not in page
    handler = console.logged_in("dee@firm.example", name="Dee", role=Role.HANDLER, member_id="deputy_1")
    assert handler.get(PAGE).status_code == 403

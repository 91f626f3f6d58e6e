"""Forms of staff: done once, by whoever is logged in, or refused with a sentence and their words given back."""

import pytest
from werkzeug.test import TestResponse

from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import HistoryEntry, Ticket
from voicebot.service.staff.decision import actions_of
from voicebot.service.ticket.hand_over import take_over

FORMS = {
    "called": {"outcome": "reached", "reason": "spoke to her"},
    "acknowledge": {},
    "owner": {},
    "notes": {"text": "ask for the house number"},
}


def told(console: ConsoleDesk) -> Ticket:
    return console.line.ticket(console.line.told_call())


def path_of(ticket: Ticket) -> str:
    return f"/console/cases/{written(ticket.case_number)}"


def send(browser: Browser, ticket: Ticket, action: str, **form: str) -> TestResponse:
    """Fill in a form of the case's page as it stands now."""
    return browser.send(path_of(ticket), {"seen": "0", **FORMS[action], **form}, to=f"{path_of(ticket)}/{action}")


def actions(console: ConsoleDesk, ticket: Ticket) -> tuple[HistoryEntry, ...]:
    with console.line.work() as work:
        return actions_of(work.tickets.history(ticket.id))


@pytest.mark.parametrize("action", FORMS)
def test_an_action_leads_back_to_the_case_and_names_who_did_it(console: ConsoleDesk, action: str) -> None:
    ticket, browser = told(console), console.logged_in()
    answer = send(browser, ticket, action)
    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(ticket))
    (done,) = actions(console, ticket)
    assert done.actor == "anna_ruiz"
    assert "Anna Ruiz" in browser.get(path_of(ticket)).text


@pytest.mark.parametrize("action", FORMS)
def test_a_form_that_comes_twice_is_one_action(console: ConsoleDesk, action: str) -> None:
    ticket, browser = told(console), console.logged_in()
    assert send(browser, ticket, action).status_code == 303
    assert send(browser, ticket, action).status_code == 303
    assert len(actions(console, ticket)) == 1


@pytest.mark.parametrize("action", FORMS)
def test_no_action_without_the_pages_token_or_without_a_login(console: ConsoleDesk, action: str) -> None:
    ticket = told(console)
    forged = console.logged_in().post(f"{path_of(ticket)}/{action}", {"seen": "0", **FORMS[action]})
    assert forged.status_code == 400
    assert console.browser().post(f"{path_of(ticket)}/{action}", FORMS[action]).status_code in {400, 401}
    assert actions(console, ticket) == ()


@pytest.mark.parametrize("action", FORMS)
def test_an_action_on_no_case_is_no_page(console: ConsoleDesk, action: str) -> None:
    ticket, browser = told(console), console.logged_in()
    answer = browser.send(path_of(ticket), FORMS[action], to=f"/console/cases/482-719-306/{action}")
    assert answer.status_code == 404


@pytest.mark.parametrize("outcome", ["voicemail", "no_answer", "busy", "somebody_else", "failed"])
def test_a_try_keeps_no_promise(console: ConsoleDesk, outcome: str) -> None:
    ticket = told(console)
    assert send(console.logged_in(), ticket, "called", outcome=outcome, reason="").status_code == 303
    assert console.line.promise(ticket.id).state is PromiseState.OPEN
    assert actions(console, ticket)[0].verb == "complainant_tried"


@pytest.mark.parametrize(
    ("action", "form", "said"),
    [
        ("called", {"reason": "  "}, "needs a reason"),
        ("called", {"outcome": "cheated"}, "choose one of the outcomes"),
        ("called", {"outcome": ""}, "choose one of the outcomes"),
        ("called", {"reason": "y" * 2001}, "2001 characters"),
        ("notes", {"text": " "}, "says nothing"),
        ("notes", {"text": "y" * 2001}, "2001 characters"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    console: ConsoleDesk, action: str, form: dict[str, str], said: str
) -> None:
    ticket = told(console)
    answer = send(console.logged_in(), ticket, action, **form)
    assert answer.status_code == 409
    assert said in answer.text
    typed = {**FORMS[action], **form}
    assert typed.get("reason", typed.get("text", "")).strip() in answer.text
    assert actions(console, ticket) == ()


def test_who_decided_on_an_old_page_is_told_that_somebody_else_has_acted(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    take_over(console.line.hotline, ticket.case_number, actor="deputy_1")
    answer = send(browser, ticket, "owner")
    assert answer.status_code == 409
    assert "Somebody else has acted on this case" in answer.text
    assert path_of(ticket) in answer.text
    assert send(browser, ticket, "owner", seen="1").status_code == 303


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 50, "１"])
def test_a_form_that_does_not_say_what_it_saw_is_an_action_of_its_own(console: ConsoleDesk, seen: str) -> None:
    ticket, browser = told(console), console.logged_in()
    assert send(browser, ticket, "notes", seen=seen).status_code == 303
    assert len(actions(console, ticket)) == 1

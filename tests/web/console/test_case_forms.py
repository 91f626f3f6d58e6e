"""Forms of staff: done once, by whoever is logged in, or refused with a sentence and their words given back."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.service.lines import OTHER, OWNER
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import HistoryEntry, Ticket, TicketStatus
from voicebot.service.staff.decision import actions_of
from voicebot.service.ticket.hand_over import take_over

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
FORMS = {
    "called": {"outcome": "reached", "reason": "spoke to her", "next": "stands"},
    "acknowledge": {},
    "owner": {},
    "notes": {"text": "ask for the house number"},
    "given": {"to": "deputy_1"},
    "window": {"window": "2026-11-20T14:00:00+00:00", "text": "her wish"},
    "no-complaint": {"kind": "prank", "text": "children giggling"},
    "second-look": {"look": "ask", "text": "the law forbids it"},
    "number": {"number": "+12025550177", "text": "she said so"},
}


def told(console: ConsoleDesk) -> Ticket:
    return console.line.ticket(console.line.told_call())


def path_of(ticket: Ticket) -> str:
    return f"/console/cases/{written(ticket.case_number)}"


def send(browser: Browser, ticket: Ticket, action: str, **form: str) -> TestResponse:
    """Fill in a form of the case's page as it stands now."""
    return browser.send(
        path_of(ticket), {"seen": "0", **FORMS.get(action, {}), **form}, to=f"{path_of(ticket)}/{action}"
    )


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


def test_a_call_is_logged_and_the_next_case_opens_or_today_where_no_other_is_open(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    answer = send(browser, ticket, "called", then="next")
    assert answer.headers["Location"] == f"{path_of(ticket)}/next"
    assert browser.get(f"{path_of(ticket)}/next").headers["Location"] == "/console/"
    other = console.line.ticket(console.line.told_call("CA2", OTHER))
    assert browser.get(f"{path_of(ticket)}/next").headers["Location"] == path_of(other)


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
        ("called", {"next": ""}, "needs what comes next"),
        ("called", {"next": "soon"}, "needs what comes next"),
        ("called", {"next": "answered"}, "what was decided is missing"),
        ("called", {"next": "closed", "close_reason": "waited"}, "nobody closes a case as waited by hand"),
        ("called", {"next": "closed", "close_reason": "not_reached"}, "too soon"),
        ("called", {"next": "window", "window": "tomorrow"}, "choose one of the windows"),
        ("called", {"next": "window", "window": "2026-11-20T14:00:00"}, "choose one of the windows"),
        ("called", {"next": "window", "window": "2026-11-20T03:00:00+00:00"}, "no room"),
        ("given", {"to": "nobody"}, "nobody here goes by"),
        ("number", {"number": "112"}, "no number that we may call"),
        ("number", {"text": " "}, "who gave it"),
        ("no-complaint", {"kind": "boredom"}, "choose one of the list"),
        ("no-complaint", {"text": ""}, "needs words"),
        ("second-look", {"look": "confirm"}, "nothing to confirm"),
        ("window", {"text": " "}, "whose wish"),
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
    assert said.casefold() in answer.text.casefold()
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


def test_a_call_and_what_comes_next_are_one_action(console: ConsoleDesk) -> None:
    """The reason stands under both; where the second cannot be, the first is not kept either."""
    ticket, browser = told(console), console.logged_in()
    refused = send(browser, ticket, "called", next="closed", close_reason="no_decision")
    assert (refused.status_code, actions(console, ticket)) == (409, ())
    assert console.line.promise(ticket.id).state is PromiseState.OPEN
    for _ in range(2):
        assert send(browser, ticket, "called", next="answered", ruling="granted").status_code == 303
    assert [done.verb for done in actions(console, ticket)] == ["complainant_called", "case_answered"]
    page = browser.get(path_of(ticket)).text
    assert "Close the case" in page
    assert ticket.pin not in page


@pytest.mark.requirement("D-02")
def test_a_talk_that_settles_it_closes_the_case_in_one_form(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    answer = send(browser, ticket, "called", next="closed", close_reason="agreed")
    assert answer.status_code == 303
    page = browser.get(path_of(ticket)).text
    assert "Open the case again" in page
    assert "Move the promised call" not in page
    assert send(browser, ticket, "reopened", seen="2").status_code == 409, "opening it again needs a reason"
    assert send(browser, ticket, "reopened", seen="2", text="it broke again").status_code == 303
    assert console.line.promise(ticket.id).state is PromiseState.OPEN


@pytest.mark.requirement("D-01")
def test_no_complaint_is_two_keys_away(console: ConsoleDesk) -> None:
    page = console.logged_in().get(path_of(told(console))).text
    assert '<summary accesskey="n">It is no complaint</summary>' in page
    assert "<fieldset data-digits>" in page


@pytest.mark.requirement("S2-04")
def test_who_is_no_supervisor_says_why_they_called(console: ConsoleDesk) -> None:
    line = console.line
    answer = line.key(line.reach("ask_story"), "0")
    line.go_to(answer, "tell_case_number")
    ticket, browser = line.ticket(answer), console.logged_in()
    assert "A supervisor was promised. Why did you call instead?" in browser.get(path_of(ticket)).text
    assert send(browser, ticket, "called").status_code == 409
    assert send(browser, ticket, "called", stand_in="she would not wait").status_code == 303
    assert line.promise(ticket.id).state is PromiseState.KEPT


@pytest.mark.requirement("S1-01")
def test_page_shows_how_often_the_case_changed_hands(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    assert "(changed hands" not in browser.get(path_of(ticket)).text
    send(browser, ticket, "owner")
    assert "Anna Ruiz (changed hands once)" in browser.get(path_of(ticket)).text
    take_over(console.line.hotline, ticket.case_number, actor="deputy_1")
    assert "Deputy (changed hands 2 times)" in browser.get(path_of(ticket)).text


def test_call_rings_the_member_who_asks(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in(member_id="owner_1")
    page = browser.get(path_of(ticket)).text
    assert 'data-shortcut="c"' in page
    for _ in range(2):
        send(browser, ticket, "call")
    console.line.run_jobs()
    assert [number for number, _ in console.line.calls.rung] == [OWNER]


def test_call_says_what_is_in_the_way(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    answer = send(browser, ticket, "call")
    assert (answer.status_code, console.line.calls.rung) == (409, [])
    assert "has no telephone in escalation.yaml" in answer.text


def two_cases(console: ConsoleDesk) -> tuple[Ticket, Ticket]:
    """Two calls of one person, each with a case."""
    line = console.line
    return line.ticket(line.told_call()), line.ticket(line.told_call("CA2"))


def standing(console: ConsoleDesk, ticket: Ticket) -> Ticket:
    with console.line.work() as work:
        found = work.tickets.get(ticket.id)
    assert found is not None
    return found


@pytest.mark.requirement("D-08")
def test_a_case_is_joined_and_taken_out_again_by_forms_that_say_before_what_happens(console: ConsoleDesk) -> None:
    older, newer = two_cases(console)
    browser = console.logged_in()
    page = browser.get(path_of(newer)).text
    assert f"This case ends, and {written(newer.case_number)} leads to the other one" in page
    assert f'<option value="{written(older.case_number)}">' in page, "the other case of this number is offered"
    form = {"seen": "0", "other": written(older.case_number), "text": "the same parcel"}
    for _ in range(2):
        assert browser.send(path_of(older), form, to=f"{path_of(newer)}/joined").status_code == 303
    assert standing(console, newer).status is TicketStatus.MERGED
    assert [line.verb for line in actions(console, newer)] == ["case_joined"]
    page = browser.get(path_of(older)).text
    assert f"{written(newer.case_number)} was joined into this one" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    out = {"joined": written(newer.case_number), "text": "another parcel", "seen": seen[1]}
    for _ in range(2):
        assert send(browser, older, "taken-out", **out).status_code == 303
    assert standing(console, newer).status is TicketStatus.OPEN
    assert console.line.promise(newer.id).state is PromiseState.OPEN


@pytest.mark.requirement("D-08")
def test_a_part_is_split_off_once_and_the_page_leads_to_it(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    with console.line.work() as work:
        chosen = work.tickets.answers(ticket.id)[-1].id
    for _ in range(2):
        assert send(browser, ticket, "split", **{f"answer.{chosen}": "yes", "text": "the refund"}).status_code == 303
    with console.line.work() as work:
        (part,) = (each for each in work.tickets.all() if each.id != ticket.id)
    for case, other, how in ((ticket, part, "has a part that was split off"), (part, ticket, "was split off from")):
        page = browser.get(path_of(case)).text
        before = page[page.index('id="what-part"') : page.index('id="voice-title"')]
        assert before.count(f'<a href="{path_of(other)}">') == 1, "in one list, once"
        assert "1 other case from this number" in before
        assert how in before


@pytest.mark.parametrize(
    ("action", "form", "said"),
    [
        ("joined", {"other": "482-719-306", "text": "one"}, "The case to join with is not there"),
        ("joined", {"other": "nonsense", "text": "one"}, "is no case number"),
        ("joined", {"other": "itself", "text": "one"}, "a case is merged into another one that still goes on"),
        ("joined", {"other": "other", "text": " "}, "joining cases needs words"),
        ("taken-out", {"joined": "other", "text": "two"}, "was joined into this one"),
        ("split", {"text": "two"}, "choose some, and leave some"),
        ("split", {"answer.nothing": "yes", "text": "two"}, "choose some, and leave some"),
        ("called", {"next": "waits"}, "the day until which we wait is missing"),
        ("called", {"next": "waits", "until": "2026-11-17"}, "waiting ends on a day to come"),
        ("called", {"next": "waits", "until": "2027-11-17"}, "no wait goes beyond"),
    ],
)
def test_what_cannot_be_joined_split_or_waited_for_changes_nothing(
    console: ConsoleDesk, action: str, form: dict[str, str], said: str
) -> None:
    older, newer = two_cases(console)
    numbers = {"itself": newer.case_number, "other": older.case_number}
    answer = send(console.logged_in(), newer, action, **{key: numbers.get(value, value) for key, value in form.items()})
    assert answer.status_code == 409
    assert said.casefold() in answer.text.casefold()
    assert (standing(console, newer), actions(console, newer), actions(console, older)) == (newer, (), ())


@pytest.mark.requirement("D-02")
def test_a_call_after_which_they_are_to_send_something_rests_the_decision(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    assert send(browser, ticket, "called", next="waits", until="2026-11-23").status_code == 303
    assert [done.verb for done in actions(console, ticket)] == ["complainant_called", "waiting_begun"]
    page = browser.get(path_of(ticket)).text
    assert "Wait for the complainant until then" in page
    assert "They are to send or say something" not in page


@pytest.mark.requirement("S4-06")
@pytest.mark.requirement("S2-05")
def test_a_task_is_asked_shown_and_done_on_the_page(console: ConsoleDesk) -> None:
    ticket, browser = told(console), console.logged_in()
    form = {"task": "consult", "to": "deputy_1", "text": "has branch five the part", "thank": "yes"}
    assert send(browser, ticket, "task", **form).status_code == 303
    page = browser.get(path_of(ticket)).text
    assert "Anna Ruiz asks Deputy" in page
    assert "Task: a colleague is asked" in page
    with console.line.work() as work:
        (task,) = work.case_tasks.of_ticket(ticket.id)
    done = {"done": task.id, "text": "they have two", "seen": "1"}
    assert send(browser, ticket, "task-done", **done).status_code == 303
    assert "they have two" in browser.get(path_of(ticket)).text
    for wrong, said in (("51", "more than you may promise"), ("-5", "whole number"), ("1e3", "whole number")):
        answer = send(browser, ticket, "task", task="remedy", to="deputy_1", text="money back", amount=wrong)
        assert (answer.status_code, said in answer.text) == (409, True)


def test_a_second_talk_is_asked_about_with_all_that_was_typed_and_logged_once(console: ConsoleDesk) -> None:
    ticket = told(console)
    dan, olive = console.logged_in(), console.logged_in("olive@firm.example", name="Olive Ray")
    send(dan, ticket, "called")
    console.line.step(minutes=1)
    form = {"outcome": "reached", "reason": 'she says "wait"', "next": "stands", "then": "next"}
    asked = send(olive, ticket, "called", **form)
    assert asked.status_code == 409
    assert "Anna Ruiz spoke with the complainant 1 min ago" in asked.text
    assert [done.actor for done in actions(console, ticket)] == ["anna_ruiz"]
    sent = {name: unescape(value) for name, value in HIDDEN.findall(asked.text) if name != "csrf_token"}
    assert sent == {"seen": "0", **form, "second": "yes"}
    for _ in range(2):
        assert send(olive, ticket, "called", **sent).status_code == 303
    assert [done.actor for done in actions(console, ticket)] == ["anna_ruiz", "olive_ray"]

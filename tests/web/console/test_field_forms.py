"""Who complains is written down on the case's page, stands wherever staff look for it, and is never lost unseen."""

import re

import pytest

from tests.customers import a_customer
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.service.staff.decision import act
from voicebot.service.ticket.category import categorising

TYPED = {"name": "Mary Ruiz", "order_number": "AB-17", "contract_date": "2025-11-05", "address": ""}


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.requirement("S0-15")
def test_who_complains_stands_on_every_page_and_a_second_writer_sees_the_first_one(console: ConsoleDesk) -> None:
    case = written(console.line.ticket(console.line.told_call()).case_number)
    page, to = f"/console/cases/{case}", f"/console/cases/{case}/fields"
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    dan = console.logged_in("dan@firm.example", name="Dan Diaz", role=Role.SUPERVISOR)
    assert "Write down who complains" in text(olive.get(page).text)
    assert "…0143" in text(olive.get("/console/").text)
    assert "…0143" in text(olive.get("/console/cases").text)
    kept = olive.send(page, {**TYPED, "fields-seen": "0"}, to=to)
    assert (kept.status_code, kept.headers["Location"]) == (303, page)
    for where in (page, "/console/", "/console/cases", f"{page}/words", "/console/search?q=ab-17"):
        assert "Mary Ruiz" in text(dan.get(where).text), where
    shown = text(dan.get(page).text)

    assert "Name Mary Ruiz typed by Olive Olsen, " in shown

    refused = dan.send(page, {**TYPED, "name": "Ma\u202eria", "fields-seen": "0"}, to=to)
    assert refused.status_code == 409
    assert "Written since you opened the page: Mary Ruiz , Olive Olsen" in text(refused.text)
    assert 'value="Ma[U+202E]ria"' in refused.text
    assert 'name="fields-seen" value="3"' in refused.text
    assert dan.send(page, {**TYPED, "name": "Maria Ruiz", "fields-seen": "3"}, to=to).status_code == 303
    assert "before: Mary Ruiz, Olive Olsen" in text(olive.get(page).text)

    for wrong, why in (({"name": "x" * 121}, "120 is the most"), ({"contract_date": "soon"}, "such as 2025-11-30")):
        answer = olive.send(page, {**TYPED, "fields-seen": "4", **wrong}, to=to)
        assert (answer.status_code, why in answer.text) == (409, True)
    assert olive.send(page, TYPED, to="/console/cases/111-111-111/fields").status_code == 404


@pytest.mark.requirement("S0-15")
def test_what_the_books_say_stands_beside_what_was_typed_with_where_each_came_from(console: ConsoleDesk) -> None:
    case = written(console.line.ticket(console.line.told_call()).case_number)
    page, to = f"/console/cases/{case}", f"/console/cases/{case}/fields"
    with console.line.work() as work:
        work.customers.keep([a_customer(note="<b>rings often</b>")], console.line.clock.now())
        work.commit()
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    shown = text(olive.get(page).text)
    for words in (
        "In the books: Mary Ruiz imported",
        "Name Mary Ruiz imported ",
        "Note in the books &lt;b&gt;rings often",
    ):
        assert words in shown
    assert 'name="name" value=""' in olive.get(page).text, "the form holds what was typed, and nothing was"
    olive.send(page, {**TYPED, "name": "Maria Ruiz", "fields-seen": "0"}, to=to)
    shown = text(olive.get(page).text)
    assert re.search(r"Name Maria Ruiz typed by Olive Olsen, [^;]+ Mary Ruiz imported ", shown)
    assert re.search(r"Order number AB-17 typed by Olive Olsen, [^;]+; imported ", shown)


def test_a_field_for_few_is_neither_read_nor_written_over_by_a_form_that_does_not_have_it(console: ConsoleDesk) -> None:
    ticket = console.line.ticket(console.line.told_call())
    case = written(ticket.case_number)
    page, to = f"/console/cases/{case}", f"/console/cases/{case}/fields"
    act(console.line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    olive = console.logged_in("olive@firm.example", name="Olive Olsen", role=Role.SUPERVISOR)
    dan = console.logged_in("dan@firm.example", name="Dan Diaz")
    assert olive.send(page, {"staff_name": "Mr Drake", "fields-seen": "0"}, to=to).status_code == 303
    for name in ("x", "x" * 121):
        answer = dan.send(page, {"staff_name": name, "fields-seen": "0"}, to=to)
        assert (answer.status_code, "Drake" in answer.text) == (403, False)
    assert dan.send(page, {"contact_time": "at noon", "fields-seen": "1"}, to=to).status_code == 303
    assert "Mr Drake" in olive.get(page).text


AGREED = {"kind": "interpreter", "detail": "Po\u202elish", "consent-by": "Mary Ruiz", "consent-on": ""}


@pytest.mark.requirement("V-05")
@pytest.mark.requirement("D-04")
def test_what_was_agreed_stands_before_anybody_dials_and_is_deleted_at_a_word(console: ConsoleDesk) -> None:
    case = written(console.line.ticket(console.line.told_call()).case_number)
    page, to = f"/console/cases/{case}", f"/console/cases/{case}/adjustments"
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    assert "Agree how they are contacted" in text(olive.get(page).text)
    for wrong, why in (({"consent-by": ""}, "without their consent"), ({"kind": "kettle"}, "choose one of the list")):
        refused = olive.send(page, {**AGREED, **wrong}, to=to)
        assert (refused.status_code, why in refused.text) == (409, True)
    assert olive.send(page, AGREED, to=to).status_code == 303
    shown = text(olive.get(page).text)
    for words in (
        "Kept: interpreter: Po[U+202E]lish.",
        "Agreed with them: interpreter: Po[U+202E]lish",
        "Interpreter: Po[U+202E]lish",
        "Mary Ruiz said yes on ",
        "written down by Olive Olsen, ",
    ):
        assert words in shown, words
    assert "interpreter: Po[U+202E]lish" in text(olive.get("/console/").text), "on the card of the next call"
    number = console.line.ticket(console.line.told_call("CA2")).complainant_number
    gone = {"kind": "interpreter", "number": str(number)}
    assert olive.send(page, gone, to=f"{to}/withdrawn").status_code == 303
    assert "Polish" not in olive.get(page).text.replace("[U+202E]", "")

"""Customers on the pages: one is looked up anew by a button, and an administrator brings them in from a file."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.customers import FakeCustomerSource, a_customer
from tests.service.conftest import WEDNESDAY_TEN
from tests.service.lines import CALLER, Line
from tests.web.console.desk import Browser, ConsoleDesk, token_in
from tests.web.console.test_field_forms import text
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.case_number import written
from voicebot.domain.customer_lookup import MOST_TRIES
from voicebot.domain.staff import Role
from voicebot.service.background.sweeps import run_due
from voicebot.web.console.customer_routes import MOST_LINES

PAGE = "/console/customers"
HEAD = "telephone;name;order number;contract date;address;note\n"
GOOD = HEAD + "+12025550143;Mary Ruiz;AB-17;30.11.2025;<b>12</b> Quay;\n12025550177;Łukasz Ó;CD-9;;;+1 or @home\n"
FAULTY = GOOD + 'soon;Nobody;EF-1;;;\n+12025550188;=HYPERLINK("http://x");GH-2;;;\n'


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("ada@firm.example", name="Ada", role=Role.ADMINISTRATOR)


def sent(browser: Browser, body: str | bytes, **more: str) -> TestResponse:
    """Choose a file and press the button."""
    whole = body.encode() if isinstance(body, str) else body
    form: dict[str, Any] = {"csrf_token": token_in(browser.get(PAGE)), "customers": (BytesIO(whole), "books.csv")}
    return browser.post(f"{PAGE}/imports", form | more, content_type="multipart/form-data")


def seen_in(answer: TestResponse) -> str:
    return answer.text.split('name="seen" value="')[1].split('"')[0]


def known(console: ConsoleDesk, *numbers: str) -> list[str]:
    with console.line.work() as work:
        return [each.customer.name for each in work.customers.of_numbers(numbers)]


@pytest.mark.requirement("S0-15")
def test_a_look_up_that_failed_is_said_with_the_next_try_and_a_button(
    engine: Engine, definitions: FlowFiles, tmp_path: Path
) -> None:
    line = Line(engine, definitions, WEDNESDAY_TEN)
    source = FakeCustomerSource(a_customer(id=f"@{CALLER}"), why_not="it answers with HTTP 500")
    line.use(customer_source=source)
    olive = ConsoleDesk(line, engine, tmp_path / "clips").logged_in("olive@firm.example", name="Olive Olsen")
    page = f"/console/cases/{written(line.ticket(line.told_call()).case_number)}"
    assert "by the company's own system: Not asked yet. Look up again" in text(olive.get(page).text)
    for tries in range(1, MOST_TRIES + 1):
        run_due(line.hotline)
        assert len(source.asked) == tries
        line.step(minutes=33)
    shown = text(olive.get(page).text)
    assert shown.count("could not be asked who has this number: it answers with HTTP 500.") == 1
    assert f"{MOST_TRIES} times in vain; nobody asks again by itself." in shown
    source.why_not = ""
    assert olive.send(page, {}, to=f"{page}/lookups").status_code == 303
    assert len(source.asked) == MOST_TRIES, "no page waits for somebody else's system"
    run_due(line.hotline)
    shown = text(olive.get(page).text)
    assert "Name Mary Ruiz looked up " in shown
    assert "could not be asked" not in shown


def test_nothing_is_looked_up_where_nobody_is_there_to_be_asked(console: ConsoleDesk) -> None:
    page = f"/console/cases/{written(console.line.ticket(console.line.told_call()).case_number)}"
    olive = console.logged_in("olive@firm.example", name="Olive Olsen")
    assert "Look up again" not in olive.get(page).text
    answer = olive.send(page, {}, to=f"{page}/lookups")
    assert (answer.status_code, "VOICEBOT_CUSTOMER_LOOKUP_URL" in answer.text) == (409, True)


@pytest.mark.requirement("S0-15")
def test_a_file_is_seen_before_it_is_taken_and_stays_nowhere_between(console: ConsoleDesk) -> None:
    ada = boss(console)
    shown = sent(ada, GOOD)
    assert (shown.status_code, known(console, CALLER)) == (200, [])
    for words in (
        "2 new, 0 changed",
        "Mary Ruiz",
        "30 Nov 2025",
        "Łukasz Ó",
        "&lt;b&gt;12&lt;/b&gt; Quay",
        "+1 or @home",
    ):
        assert words in text(shown.text).replace("&#43;", "+"), words
    other = sent(ada, GOOD.replace("Mary", "Maria"), seen=seen_in(shown))
    assert (other.status_code, "another file" in other.text, known(console, CALLER)) == (409, True, [])
    done = sent(ada, GOOD, seen=seen_in(shown))
    assert (done.status_code, known(console, CALLER)) == (303, ["Mary Ruiz"])
    assert "Imported: 2 new, 0 changed, 0 as they were." in ada.get(PAGE).text
    again = sent(ada, GOOD.replace("Mary", "Maria"))
    assert "name Mary Ruiz -&gt; Maria Ruiz" in again.text


@pytest.mark.requirement("S0-15")
def test_of_a_faulty_file_nothing_is_taken_until_somebody_says_what_is_left_out(console: ConsoleDesk) -> None:
    ada = boss(console)
    shown = sent(ada, FAULTY)
    for words in ("2 faulty", "line 4, column", "that is no telephone number", "line 5, column", "that is a formula"):
        assert words in text(shown.text), words
    refused = sent(ada, FAULTY, seen=seen_in(shown))
    assert (refused.status_code, known(console, CALLER, "+12025550188")) == (409, [])
    assert "mend the faulty lines" in refused.text
    assert sent(ada, FAULTY, seen=seen_in(shown), skip="on").status_code == 303
    assert known(console, CALLER, "+12025550188") == ["Mary Ruiz"]


NO_FILES = [
    (b"", "Choose a file first"),
    (GOOD.encode("utf-16"), "no text in UTF-8"),
    (GOOD.encode("cp1257", "replace"), "line 3 is no text in UTF-8"),
    (b"\x89PNG\r\n\x1a\n", "no text in UTF-8"),
    (b"name,order number\nMary,1\n", "has to name a telephone"),
    (HEAD.encode() + b'1;"x\n' * 3, "not whole"),
    (HEAD.encode() + b"1;x;y;;;\n" * MOST_LINES, "more than 5,000 lines"),
]


def test_what_is_no_file_of_customers_is_refused_with_the_cure(console: ConsoleDesk) -> None:
    ada = boss(console)
    for body, why in NO_FILES:
        answer = sent(ada, body)
        assert (answer.status_code, why in text(answer.text)) == (409, True), why


def test_only_an_administrator_brings_customers_in(console: ConsoleDesk) -> None:
    sam = console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)
    assert sam.get(PAGE).status_code == 403
    assert PAGE not in sam.get("/console/").text

"""The page of tokens: made and shown once, listed without their text, taken back."""

import re

from tests.web.api.desk import Program
from tests.web.console.desk import Browser, ConsoleDesk
from voicebot.domain.staff import Role
from voicebot.service.staff.accounts import disable_account
from voicebot.service.staff.tokens import NewToken, all_tokens, make_token

PAGE = "/console/tokens"


def administrator(console: ConsoleDesk) -> Browser:
    return console.logged_in("ad@firm.example", name="Ada", role=Role.ADMINISTRATOR)


def test_a_token_is_made_shown_once_and_taken_back(console: ConsoleDesk) -> None:
    """Who gives a program its token needs no terminal, and sees afterwards that it is used, and by whom it was made."""
    browser = administrator(console)
    empty = browser.get(PAGE).text
    assert "No program may ask yet" in empty
    assert "It opens nothing while the login of whoever made it is disabled" in empty
    wanted = {"name": "Night report", "role": "supervisor", "until": "2027-01-31"}
    made = browser.send(PAGE, wanted, to=f"{PAGE}/made")
    (text,) = re.findall(r"vbt_[\w-]+", made.text)
    (token,) = all_tokens(console.line.hotline)
    assert (token.name, token.role, token.made_by) == ("Night report", Role.SUPERVISOR, "ada")
    program = Program(console, text)
    assert program.get("/cases").status_code == 200
    page = browser.get(PAGE).text
    assert text not in page
    assert all(told in page for told in ("Night report", "token.night_report", "until Sun 31 Jan 2027", "ada"))
    again = browser.send(PAGE, wanted, to=f"{PAGE}/made")
    assert (again.status_code, "vbt_" in again.text) == (422, False), "sent twice, it makes no second one"
    assert "another one has this name" in again.text
    assert browser.send(PAGE, {"name": "Night report"}, to=f"{PAGE}/taken-back").status_code == 303
    assert program.get("/cases").status_code == 401
    page = browser.get(PAGE).text
    assert "taken back" in page
    assert f"{PAGE}/taken-back" not in page, "there is nothing to take back any more"
    bea = console.add("bea@firm.example", name="Bea", role=Role.ADMINISTRATOR)
    make_token(console.line.hotline, NewToken(name="Weekly", role=Role.AUDITOR, made_by=bea.staff_id))
    disable_account(console.line.hotline, bea.email)
    assert "no: the login of who made it is disabled" in browser.get(PAGE).text


def test_what_makes_no_token_is_said_with_the_cure(console: ConsoleDesk) -> None:
    browser = administrator(console)
    for form, status, why in (
        ({"name": " ", "role": "handler"}, 422, "name"),
        ({"name": "X", "role": "king"}, 400, ""),
        ({"name": "X", "role": "handler", "until": "soon"}, 422, "is no time"),
        ({"name": "Weekly", "role": "auditor", "until": "2020-01-01"}, 422, "an end that lies ahead"),
    ):
        page = browser.send(PAGE, form, to=f"{PAGE}/made")
        assert (page.status_code, why in page.text) == (status, True), form
    assert all(typed in page.text for typed in ('value="Weekly"', "<option selected>auditor", 'value="2020-01-01"'))
    browser.send(PAGE, {"name": "Nobody"}, to=f"{PAGE}/taken-back")
    assert "none has this name" in browser.get(PAGE).text
    assert all_tokens(console.line.hotline) == ()

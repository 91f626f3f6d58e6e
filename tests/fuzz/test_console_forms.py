"""Whatever is in a form of the staff's pages, or in an address below them: never a 500, and the case stands."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from werkzeug.datastructures import MultiDict

from tests.fuzz.forms import HOSTILE, TEXTS, VALUES
from tests.web.console.conftest import console, definitions, engine
from tests.web.console.desk import CHANGE, LOGIN, LOGOUT, Browser, ConsoleDesk, token_in
from voicebot.domain.case_number import written
from voicebot.web.console.case_steps import STEP_FORMS

__all__ = ["console", "definitions", "engine"]

EXAMPLES = pytest.mark.parametrize("examples", [25, pytest.param(200, marks=pytest.mark.long)])
_FIELDS = """
    email next new_password new_password_confirm outcome password reason remember seen text to kind look number window
    ruling told_by rule_told close_reason our_fault stand_in
"""
FIELDS = _FIELDS.split()
ACTIONS = ("called", "acknowledge", "owner", "notes", "given", *(form.path for form in STEP_FORMS))
CASE_RULES = "/console/cases/<case>/"
FORMS = st.lists(st.tuples(st.sampled_from(FIELDS) | TEXTS, VALUES), max_size=10).map(MultiDict)
ANY = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture
def staff(console: ConsoleDesk) -> tuple[Browser, str]:
    """Somebody logged in, and the page of a case."""
    ticket = console.line.ticket(console.line.told_call())
    return console.logged_in(), f"/console/cases/{written(ticket.case_number)}"


def test_every_form_of_the_console_is_among_those_that_are_fuzzed(console: ConsoleDesk) -> None:
    posted = {rule.rule for rule in console.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    known = {f"{CASE_RULES}{action}" for action in ACTIONS} | {LOGIN, LOGOUT, CHANGE}
    assert {rule for rule in posted if rule.startswith("/console")} - known == set(), "add the new form here"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", ACTIONS)
@EXAMPLES
def test_no_form_makes_an_action_fail(staff: tuple[Browser, str], action: str, examples: int) -> None:
    browser, case = staff
    token = token_in(browser.get(case))

    @settings(ANY, max_examples=examples)
    @given(form=FORMS)
    def fuzz(form: MultiDict[str, str]) -> None:
        form["csrf_token"] = token
        _check(browser, f"{case}/{action}", form)

    fuzz()
    assert browser.get(case).status_code == 200


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [LOGIN, CHANGE])
@EXAMPLES
def test_no_form_makes_the_login_fail(console: ConsoleDesk, page: str, examples: int) -> None:
    browser = console.browser() if page == LOGIN else console.logged_in()
    token = token_in(browser.get(page))

    @settings(ANY, max_examples=examples)
    @given(form=FORMS)
    def fuzz(form: MultiDict[str, str]) -> None:
        form["csrf_token"] = token
        _check(browser, page, form)

    fuzz()


@pytest.mark.timeout(300)
@EXAMPLES
def test_no_address_makes_a_page_fail(staff: tuple[Browser, str], examples: int) -> None:
    browser, case = staff

    @settings(ANY, max_examples=examples)
    @given(text=st.sampled_from(HOSTILE) | TEXTS, query=FORMS)
    def fuzz(text: str, query: MultiDict[str, str]) -> None:
        for address in (f"/console/cases/{text}", f"{case}/answers/{text}/audio", f"/console/{text}", "/console/"):
            asked = None if "?" in address else query  # the test client takes a query once
            assert browser.get(address, query_string=asked).status_code < 500, address

    fuzz()


def _check(browser: Browser, path: str, form: MultiDict[str, str]) -> None:
    with capture_logs() as log:
        answer = browser.client.post(path, data=form, base_url="https://hotline.example")
    assert answer.status_code < 500
    assert [entry for entry in log if entry["event"] == "fault"] == []

"""Whatever is in a form of the staff's pages, or in an address below them: never a 500, and the case stands."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from werkzeug.datastructures import MultiDict

from tests.fuzz.forms import HOSTILE, TEXTS, VALUES
from tests.web.console.conftest import console, definitions, engine
from tests.web.console.desk import CHANGE, LOGIN, LOGOUT, Browser, ConsoleDesk, token_in
from tests.web.console.test_second_factor import CODE, Telephone, asked
from voicebot.domain.case_number import written
from voicebot.domain.private.masking import lift_key
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff import Role
from voicebot.domain.ticket import CloseReason, Ruling, ToldBy
from voicebot.web.console.case_steps import STEP_FORMS, NextStep, SecondLook

__all__ = ["console", "definitions", "engine"]

EXAMPLES = pytest.mark.parametrize(
    "examples", [8, pytest.param(25, marks=pytest.mark.heavy), pytest.param(200, marks=pytest.mark.long)]
)
_FIELDS = """
    email next new_password new_password_confirm outcome password reason remember seen text to kind look number window
    ruling told_by rule_told close_reason our_fault stand_in until target
    do why person stands_in from weekday hours role roles languages load_cap everything note id channel calendar address
    name order_number contract_date fields-seen kind detail consent-by consent-on count category staff_name days_late
    customers skip again also_open
    other url event key
"""
FIELDS = _FIELDS.split()
_OF_THE_CUSTOMER = ("lookups", "fields", "adjustments", "adjustments/withdrawn")
ACTIONS = (
    *("called", "call", "acknowledge", "owner", "notes", "given", "update"),
    *_OF_THE_CUSTOMER,
    *(form.path for form in STEP_FORMS),
)
OF_ORIGINAL = ("original", "original/marks")
OF_ANSWERS = ("answers/<answer_id>/words", "answers/<answer_id>/heard")
CARD = "4242 4242 4242 4242"
CASE_RULES = "/console/cases/<case>/"
ROTA, CHANNELS = "/console/rota", "/console/channels"
_ROTA_FORMS = (
    "changes changes/remove shifts shifts/remove swaps people sick calendars calendars/follow calendars/drop addresses "
    "away back"
)
OWN_FORMS = (CHANGE, "/console/second-factor", "/console/second-factor/new")
_TEAM = (f"{CHANNELS}/trials", "/console/drill/answers", "/console/webhooks/replays")
OF_ADMINISTRATORS = (
    *(f"/console/tokens/{form}" for form in ("made", "taken-back")),
    *(f"/console/webhooks/{form}" for form in ("added", "secrets", "changes")),
    "/console/customers/imports",
    *(f"/console/persons/{form}" for form in ("found", "exports", "erasures")),
)
TEAM_FORMS = (*_TEAM, *(f"{ROTA}/{form}" for form in _ROTA_FORMS.split()))
PEOPLE = ["owner_1", "deputy_1", "sam"]
INSTANTS = [
    "2026-11-18T18:00",
    "2026-11-19",
    "2027-11-20T00:00",
    "2026-11-18T18:00+14:00",
    "2026-W47-3",
    "0001-01-01",
    "0001-01-01T00:00+23:59",
    "9999-12-31",
    "9999-12-31T23:59",
    "9999-12-31T23:59-23:59",
]
LIKELY = {
    "person": PEOPLE,
    "stands_in": PEOPLE,
    "to": [*PEOPLE, "1", "3"],
    "stand_in": PEOPLE,
    "kind": ["away", "here", "not_a_complaint", "wrong_number"],
    "from": [*INSTANTS, "1", "2"],
    "until": [*INSTANTS, "14:00", "24:00"],
    "window": INSTANTS,
    "do": ["correct", "accept", "undo"],
    "seen": ["0", "1", "999999"],
    "number": ["1", "2", "+12025550144"],
    "count": ["0", "1", "3"],
    "weekday": ["Monday", "Sunday"],
    "hours": ["9:00-13:00", "9:00-13:00, 14:00-24:00", "0:00-24:00", "24:00-24:00", "closed", "13:00-9:00"],
    "role": ["handler", "", "\u00df"],
    "roles": ["handler", "supervisor, handler", ",,", "\u0130" * 60],
    "languages": ["en", "en, es", "\u00df" * 60],
    "load_cap": ["0", "4", "999999", "\u00b2"],
    "everything": ["on"],
    "channel": ["", "text message", "e-mail", "voice call"],
    "outcome": [*CallOutcome],
    "next": [*NextStep],
    "ruling": [*Ruling],
    "told_by": [*ToldBy],
    "close_reason": [*CloseReason],
    "look": [*SecondLook],
}
"""Values that come further than the first check of their field."""
FORMS = st.lists(
    st.one_of(
        st.sampled_from(sorted(LIKELY)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(LIKELY[name]))),
        st.tuples(st.sampled_from(FIELDS) | TEXTS, VALUES),
    ),
    max_size=10,
).map(MultiDict)
WHOLE = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in LIKELY.items()})
"""Forms in which every field is filled in: only their mixture makes no sense."""
_EVENT = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART{}\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
_TIMES = [
    ":20261119T090000Z",
    ":99991231T235959",
    ":00010101T000000",
    ";VALUE=DATE:20261119",
    ";VALUE=DATE:99991231",
    ";TZID=Nowhere/At_All:20261119T090000",
    ":20261399T990000",
    "",
]
_LASTS = [
    "DTEND:20261119T170000Z",
    "DTEND;VALUE=DATE:99991231",
    "DTEND:99991231T235959",
    "DURATION:P999999999D",
    "DURATION:PT8H\r\nRRULE:FREQ=DAILY",
    "DURATION:PT8H\r\nRRULE:FREQ=SECONDLY;UNTIL=99991231",
    "DURATION:-PT8H",
    "RRULE:FREQ=NEVER",
    "RDATE:nothing",
]
FILES = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda at, lasts: _EVENT.format(at, lasts).encode(), st.sampled_from(_TIMES), st.sampled_from(_LASTS)),
)
"""Calendar files: nonsense, and events whose times are."""
ANY = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture
def staff(console: ConsoleDesk) -> tuple[Browser, str]:
    """Somebody logged in, and the page of a case."""
    ticket = console.line.ticket(console.line.told_call())
    return console.logged_in(), f"/console/cases/{written(ticket.case_number)}"


@pytest.fixture
def boss(console: ConsoleDesk) -> Browser:
    """A supervisor logged in, with a case of somebody's."""
    console.line.told_call()
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)


def test_every_form_of_the_console_is_among_those_that_are_fuzzed(console: ConsoleDesk) -> None:
    posted = {rule.rule for rule in console.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    known = {f"{CASE_RULES}{action}" for action in (*ACTIONS, *OF_ANSWERS, *OF_ORIGINAL)} | {
        LOGIN,
        LOGOUT,
        CODE,
        *OWN_FORMS,
        *TEAM_FORMS,
        *OF_ADMINISTRATORS,
    }
    assert {rule for rule in posted if rule.startswith("/console")} - known == set(), "add the new form here"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", [*ACTIONS, *OF_ANSWERS])
@EXAMPLES
def test_no_form_makes_an_action_fail(staff: tuple[Browser, str], action: str, examples: int) -> None:
    browser, case = staff
    page = browser.get(case)
    token, answer = token_in(page), re.search(r"/answers/(\w+)/", page.text)
    assert answer
    place = f"{case}/{action.replace('<answer_id>', answer[1])}"

    @settings(ANY, max_examples=examples)
    @given(form=FORMS)
    def fuzz(form: MultiDict[str, str]) -> None:
        form["csrf_token"] = token
        _check(browser, place, form)

    fuzz()
    assert browser.get(case).status_code == 200


@pytest.mark.timeout(300)
@pytest.mark.parametrize("examples", [8, pytest.param(200, marks=pytest.mark.long)])
def test_no_form_makes_seeing_what_is_masked_fail(console: ConsoleDesk, examples: int) -> None:
    line = console.line
    told = line.say(line.reach("ask_story"), f"pay it to {CARD} please")
    case = f"/console/cases/{written(line.ticket(told).case_number)}"
    chief = console.logged_in(role=Role.SUPERVISOR)
    chief.send(f"{case}/original", {"why": "they ask"})
    token = token_in(chief.get(f"{case}/original"))
    keys = st.just(lift_key(CARD)) | st.sampled_from(HOSTILE) | TEXTS

    @settings(ANY, max_examples=examples)
    @given(place=st.sampled_from(OF_ORIGINAL), form=FORMS, key=keys, do=st.sampled_from(["lift", "mask"]) | TEXTS)
    def fuzz(place: str, form: MultiDict[str, str], key: str, do: str) -> None:
        sent: MultiDict[str, Any] = MultiDict({"why": "an order", **form.to_dict(), "key": key, "do": do})
        sent["csrf_token"] = token
        _check(chief, f"{case}/{place}", sent)

    fuzz()
    assert [chief.get(f"{case}/{place}").status_code for place in OF_ORIGINAL] == [200, 200]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("place", TEAM_FORMS)
@EXAMPLES
def test_no_form_makes_the_rota_or_a_channel_fail(
    boss: Browser, console: ConsoleDesk, place: str, examples: int
) -> None:
    token = token_in(boss.get(ROTA))

    @settings(ANY, max_examples=examples)
    @given(form=FORMS, filled=WHOLE, is_whole=st.booleans(), file=st.none() | FILES)
    def fuzz(form: MultiDict[str, str], filled: dict[str, str], is_whole: bool, file: bytes | None) -> None:
        sent: MultiDict[str, Any] = MultiDict((filled if is_whole else {}) | form.to_dict())
        sent["csrf_token"] = token
        if file is not None:
            sent["calendar"] = (BytesIO(file), "week.ics")
        _check(boss, place, sent)

    fuzz()
    for page in (ROTA, CHANNELS, "/console/"):
        assert boss.get(page).status_code == 200, page
    console.line.step(hours=4)
    console.line.sweep()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("examples", [5, pytest.param(200, marks=pytest.mark.long)])
def test_no_form_makes_a_page_of_administrators_fail(console: ConsoleDesk, examples: int) -> None:
    chief = console.logged_in("chief@firm.example", name="Chief", role=Role.ADMINISTRATOR)
    token = token_in(chief.get("/console/tokens"))

    @settings(ANY, max_examples=examples)
    @given(place=st.sampled_from(OF_ADMINISTRATORS), form=FORMS, filled=WHOLE, is_whole=st.booleans(), file=FILES)
    def fuzz(place: str, form: MultiDict[str, str], filled: dict[str, str], is_whole: bool, file: bytes) -> None:
        sent: MultiDict[str, Any] = MultiDict((filled if is_whole else {}) | form.to_dict() | {"csrf_token": token})
        sent["customers"] = (BytesIO((b"telephone,name\n" if is_whole else b"") + file), "books.csv")
        _check(chief, place, sent)

    fuzz()
    assert [chief.get(page).status_code for page in ("/console/tokens", "/console/webhooks")] == [200, 200]


@pytest.mark.timeout(300)
@EXAMPLES
def test_no_time_away_makes_the_plan_of_an_absence_fail(boss: Browser, examples: int) -> None:
    @settings(ANY, max_examples=examples)
    @given(person=st.sampled_from(PEOPLE) | TEXTS, until=st.sampled_from(INSTANTS) | VALUES)
    def fuzz(person: str, until: str) -> None:
        page = boss.get(f"{ROTA}/sick/{quote(person, safe='')}", query_string={"until": until, "everything": "on"})
        assert page.status_code < 500

    fuzz()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [LOGIN, *OWN_FORMS])
@EXAMPLES
def test_no_form_makes_the_login_fail(console: ConsoleDesk, page: str, examples: int) -> None:
    browser = console.browser() if page == LOGIN else console.logged_in()
    token = token_in(browser.get(LOGIN if page == LOGIN else CHANGE))

    @settings(ANY, max_examples=examples)
    @given(form=FORMS)
    def fuzz(form: MultiDict[str, str]) -> None:
        form["csrf_token"] = token
        _check(browser, page, form)

    fuzz()


@pytest.mark.timeout(300)
@EXAMPLES
def test_no_code_makes_the_second_step_fail(console: ConsoleDesk, examples: int) -> None:
    Telephone(console)
    browser = asked(console)
    token = token_in(browser.get(CODE))

    @settings(ANY, max_examples=examples)
    @given(code=TEXTS | st.sampled_from(HOSTILE), then=TEXTS)
    def fuzz(code: str, then: str) -> None:
        _check(browser, CODE, MultiDict({"csrf_token": token, "code": code, "next": then}))

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


def _check(browser: Browser, path: str, form: MultiDict[str, Any]) -> None:
    with capture_logs() as log:
        answer = browser.client.post(path, data=form, base_url="https://hotline.example")
    assert answer.status_code < 500
    assert [entry for entry in log if entry["event"] == "fault"] == []

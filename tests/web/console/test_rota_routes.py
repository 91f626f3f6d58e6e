"""The pages of the rota, in a browser."""

from datetime import timedelta
from io import BytesIO

import pytest

from tests.web.console.desk import Browser, ConsoleDesk, token_in
from voicebot.domain.case_number import written
from voicebot.domain.rota import ChangeKind, Person
from voicebot.domain.staff import Role
from voicebot.errors import Unavailable
from voicebot.service.staff.calendar_feed import all_calendars
from voicebot.service.staff.rota import open_feed, view_rota

ROTA = "/console/rota"
SIX = "2026-11-18T18:00"
FORMS = {
    "changes": {"kind": "away", "person": "owner_1", "until": SIX, "note": "ill"},
    "shifts": {"person": "owner_1", "weekday": "Monday", "hours": "9:00-13:00, 14:00-18:00"},
    "swaps": {"person": "owner_1", "stands_in": "deputy_1", "until": SIX},
    "people": {"person": "owner_1", "roles": "supervisor", "languages": "en", "load_cap": "4"},
    "sick": {"person": "owner_1", "until": SIX},
    "addresses": {"person": "owner_1"},
    "calendars/follow": {"person": "owner_1", "kind": "away", "address": "https://calendar.example/secret.ics"},
}
OF_SUPERVISORS = {"shifts", "swaps", "people", "sick"}


def boss(console: ConsoleDesk) -> Browser:
    return console.logged_in("sam@firm.example", name="Sam", role=Role.SUPERVISOR)


def owner(console: ConsoleDesk) -> Person:
    return view_rota(console.line.hotline).people[0]


def send(browser: Browser, form: str, **changes: str) -> int:
    return browser.send(ROTA, {**FORMS[form], **changes}, to=f"{ROTA}/{form}").status_code


def test_page_names_everybody_and_who_may_be_put_on_it(console: ConsoleDesk) -> None:
    page = boss(console).get(ROTA).text
    assert "First handler" in page
    assert "on duty" in page
    assert "opening hours" in page
    assert '<option value="sam">Sam</option>' in page


def test_supervisor_fills_in_every_form(console_on_both: ConsoleDesk) -> None:
    console = console_on_both
    browser = boss(console)
    for form in ("people", "shifts", "changes", "swaps", "addresses"):
        assert send(browser, form) == 303, form
    person = owner(console)
    assert person.profile.roles == ("supervisor",)
    assert (person.profile.languages, person.profile.load_cap) == (("en",), 4)
    assert [shift.hours for shift in person.shifts] == ["9:00-13:00", "14:00-18:00"]
    assert [(change.kind, change.made_by) for change in person.changes] == [(ChangeKind.AWAY, "sam")] * 2
    page = browser.get(ROTA).text
    assert "away today 10:00–18:00 EST: ill" in page
    for line, form in (
        (person.shifts[0].id, "shifts"),
        (person.changes[0].id, "changes"),
        (person.changes[1].id, "changes"),
    ):
        assert browser.send(ROTA, {"id": line}, to=f"{ROTA}/{form}/remove").status_code == 303
    assert len(owner(console).shifts) == 1
    assert owner(console).changes == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_comes_twice_is_one_entry(console: ConsoleDesk, form: str) -> None:
    """A second click, or a reload of what was sent, two seconds later."""
    browser = boss(console)

    def entries() -> list[tuple[int, int]]:
        return [(len(person.changes), len(person.shifts)) for person in view_rota(console.line.hotline).people]

    assert send(browser, form) == 303
    once = entries()
    console.line.step(seconds=2)
    assert send(browser, form) in ((303, 409) if form == "calendars/follow" else (303,)), "what was done is no refusal"
    assert (entries(), len(all_calendars(console.line.hotline))) == (once, 1 if form == "calendars/follow" else 0)


def test_stretches_that_are_not_the_same_stand_beside_each_other(console: ConsoleDesk) -> None:
    browser = boss(console)
    for form, changes in (
        ("changes", {}),
        ("changes", {"note": "at the dentist"}),
        ("changes", {"kind": "here", "role": "deputy"}),
        ("swaps", {}),
        ("swaps", {"stands_in": "supervisor_1"}),
    ):
        assert send(browser, form, **changes) == 303
    assert len(owner(console).changes) == 5


def test_handler_says_when_they_are_away_and_plans_for_nobody_else(console: ConsoleDesk) -> None:
    browser = console.logged_in(member_id="owner_1")
    assert send(browser, "changes") == 303
    assert send(browser, "changes", person="deputy_1") == 409
    assert send(browser, "addresses", person="deputy_1") == 409
    for form in OF_SUPERVISORS:
        assert send(browser, form) == 403, form
    (mine,) = owner(console).changes
    assert browser.send(ROTA, {"id": "another"}, to=f"{ROTA}/changes/remove").status_code == 409
    assert browser.send(ROTA, {"id": mine.id}, to=f"{ROTA}/changes/remove").status_code == 303


@pytest.mark.requirement("D-05")
@pytest.mark.requirement("D-05")
def test_away_until_a_time_is_seen_by_colleagues_and_ends_by_itself_or_by_coming_back(console: ConsoleDesk) -> None:
    """Who is at lunch is given nothing meanwhile, and nobody waits for them in vain."""
    case = written(console.line.ticket(console.line.told_call()).case_number)
    anna, dan = console.logged_in(), console.logged_in("dan@firm.example", name="Dan Berg")
    assert anna.send("/console/", {}, to=f"/console/cases/{case}/owner").status_code == 303
    assert "away until" not in dan.get("/console/").text
    for _ in range(2):
        assert anna.send(ROTA, {"until": "14:00"}, to=f"{ROTA}/away").status_code == 303
    assert "You are away until 14:00 EST" in anna.get("/console/").text
    seen = {"/console/": "away until 14:00 EST", f"/console/cases/{case}": "Anna Ruiz, away until 14:00 EST"}
    assert [words in dan.get(path).text for path, words in seen.items()] == [True, True]
    assert anna.send(ROTA, {}, to=f"{ROTA}/back").status_code == 303
    assert "away until" not in dan.get("/console/").text
    anna.send(ROTA, {"until": "14:00"}, to=f"{ROTA}/away")
    console.line.clock.step(timedelta(hours=4))
    assert "away until" not in dan.get(f"/console/cases/{case}").text
    assert anna.send(ROTA, {"until": "soon"}, to=f"{ROTA}/away").status_code == 409


def test_what_is_at_risk_is_shown_then_given_away(console: ConsoleDesk) -> None:
    ticket = console.line.ticket(console.line.told_call())
    browser = boss(console)
    send(browser, "people", person="deputy_1", roles="handler")
    shown = browser.get(f"{ROTA}/sick/owner_1?until={SIX}").text
    assert written(ticket.case_number) in shown
    assert "Deputy" in shown
    assert "Nothing has been changed yet" in shown
    assert "enough" in shown
    assert send(browser, "sick", note="look at the invoice") == 303
    with console.line.work() as work:
        found = work.tickets.get(ticket.id)
    assert found is not None
    assert found.owner_id == "deputy_1"
    assert browser.get(f"{ROTA}/sick/owner_1?until=soon").status_code == 409


def test_calendar_comes_in_by_a_file_and_goes_out_by_a_secret_address(console: ConsoleDesk) -> None:
    token = open_feed(console.line.hotline, "owner_1", actor="sam")
    stranger = console.browser()
    sent = stranger.get(f"{ROTA}/calendars/{token}.ics")
    assert (sent.status_code, sent.mimetype) == (200, "text/calendar")
    assert sent.text.count("BEGIN:VEVENT") > 20
    for wrong in ("none", token[:-1], "0"):
        assert stranger.get(f"{ROTA}/calendars/{wrong}.ics").status_code == 404
    browser = boss(console)
    form = {"csrf_token": token_in(browser.get(ROTA)), "person": "deputy_1", "kind": "away"}
    body = {**form, "calendar": (BytesIO(sent.data), "rota.ics")}
    assert browser.post(f"{ROTA}/calendars", body, content_type="multipart/form-data").status_code == 303
    deputy = view_rota(console.line.hotline).person("deputy_1")
    assert deputy is not None
    assert len(deputy.changes) == sent.text.count("BEGIN:VEVENT")
    assert browser.post(f"{ROTA}/calendars", form, content_type="multipart/form-data").status_code == 409


def test_calendar_that_is_fetched_stands_with_its_state_and_without_its_address(console: ConsoleDesk) -> None:
    browser = console.logged_in(member_id="owner_1")
    assert send(browser, "calendars/follow") == 303
    assert send(browser, "calendars/follow", person="deputy_1") == 409
    assert "calendar at calendar.example, away: not fetched yet" in browser.get(ROTA).text
    console.line.calendars.answers["https://calendar.example/secret.ics"] = Unavailable("its server is away")
    console.line.run_jobs()
    page = boss(console).get(ROTA).text
    assert "away: its server is away" in page
    assert "secret" not in page
    (feed,) = all_calendars(console.line.hotline)
    assert browser.send(ROTA, {"id": "another"}, to=f"{ROTA}/calendars/drop").status_code == 409
    assert browser.send(ROTA, {"id": feed.id}, to=f"{ROTA}/calendars/drop").status_code == 303
    assert not all_calendars(console.line.hotline)


def test_whoever_works_on_dates_is_there_only_where_it_is_noted(console: ConsoleDesk) -> None:
    browser = boss(console)
    assert send(browser, "people", has_dated_shifts="yes") == 303
    assert "No weekly shifts" in browser.get(ROTA).text
    assert not view_rota(console.line.hotline).is_on_duty(owner(console), console.line.clock.now())
    assert send(browser, "changes", kind="here") == 303
    assert view_rota(console.line.hotline).is_on_duty(owner(console), console.line.clock.now())


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ("calendars/follow", {"address": "https://elsewhere.example/a.ics"}),
        ("calendars/follow", {"person": "gone_1"}),
        ("changes", {"kind": "asleep"}),
        ("changes", {"until": "tomorrow"}),
        ("changes", {"until": "2026-11-18T09:00"}),
        ("changes", {"person": "gone_1"}),
        ("shifts", {"weekday": "Caturday"}),
        ("shifts", {"hours": "9-5"}),
        ("shifts", {"hours": "9:00-13:00, 12:00-14:00"}),
        ("swaps", {"stands_in": "owner_1"}),
        ("people", {"load_cap": "many"}),
        ("people", {"roles": "a b"}),
        ("sick", {"person": "gone_1"}),
    ],
)
def test_what_cannot_be_comes_back_as_a_sentence_and_changes_nothing(
    console: ConsoleDesk, form: str, wrong: dict[str, str]
) -> None:
    browser, before = boss(console), view_rota(console.line.hotline)
    answer = browser.send(ROTA, {**FORMS[form], **wrong}, to=f"{ROTA}/{form}")
    assert answer.status_code == 409
    assert "This was not done" in answer.text
    assert view_rota(console.line.hotline) == before

"""What programs read is what the console shows, as data."""

import pytest

from tests.builders import a_call, a_ticket
from tests.service.lines import CALLER
from tests.web.api.desk import ApiDesk
from voicebot.domain.case_field import FieldName
from voicebot.domain.staff import Role
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.sheets import exports
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields
from voicebot.web.console.access_book import ACCESS_BOOK
from voicebot.web.transport.refusals import PROBLEM_JSON

CASE = "482-913-757"


def opened(api: ApiDesk, *numbers: str) -> None:
    """Open cases, one a minute, each with its call."""
    for at, number in enumerate(numbers or ("482913757",)):
        began_at = api.line.clock.now()
        with api.line.hotline.unit_of_work() as work:
            ticket = a_ticket(id=f"t{number}", case_number=number, opened_at=began_at, problem="The roof leaks")
            work.tickets.add(ticket)
            call = a_call(id=f"c{number}", carrier_call_id=f"CA{number}", ticket_id=ticket.id, started_at=began_at)
            work.calls.add(call)
            work.commit()
        api.line.step(minutes=1 + at % 2)


def test_a_whole_case_is_read_with_what_staff_made_of_it(api: ApiDesk) -> None:
    opened(api)
    keep_fields(api.line.hotline, CASE, {FieldName.NAME: "Maria Ruiz"}, actor="owner_1")
    write_note(api.line.hotline, CASE, text="rings at noon", actor="owner_1")
    read = api.program().get("/cases/482913757")
    case = read.json
    assert (case["case"], case["problem"], case["fields"]) == (CASE, "The roof leaks", {"name": "Maria Ruiz"})
    assert case["opened_at"].endswith("Z")
    assert case["owner"] == {"id": "owner_1", "name": "First handler"}
    assert [call["number_end"] for call in case["calls"]] == ["0143"]
    assert [(line["verb"], line["detail"]) for line in case["history"]][-1] == ("note_written", "rings at noon")
    assert "4071" not in read.text
    assert read.headers["Cache-Control"] == "no-store"


@pytest.mark.requirement("S4-04")
def test_the_kind_of_a_complaint_is_read_with_its_fields_and_narrows_the_list(api: ApiDesk) -> None:
    opened(api, "482913757", "111111111")
    hotline = api.line.hotline
    act(hotline, CASE, categorising("price_rise", actor="owner_1"))
    keep_fields(hotline, CASE, {"rise": "18 %"}, actor="owner_1")
    act(hotline, CASE, categorising("staff_conduct", actor="owner_1"))
    keep_fields(hotline, CASE, {"staff_name": "Drake"}, actor="owner_1")
    reports = api.program()
    case = reports.read(f"/cases/{CASE}")
    assert (case["kind_of_complaint"], case["kind_fields"]) == ("staff_conduct", {"rise": "18"})
    assert "Drake" not in reports.get(f"/cases/{CASE}").text
    listed = [
        [each["case"] for each in reports.read(f"/cases?kind_of_complaint={kind}")["items"]]
        for kind in ("staff_conduct", "", "price_rise")
    ]
    assert listed == [[CASE], ["111-111-111"], []]


def test_who_has_read_a_case_stands_on_it_and_a_program_is_not_there(api: ApiDesk) -> None:
    opened(api)
    api.program().read(f"/cases/{CASE}")
    api.app.extensions[ACCESS_BOOK].flush()
    view = view_case(api.line.hotline, CASE)
    assert [(access.staff_id, view.names[access.staff_id]) for access in view.accesses] == [
        ("token.reports", "Reports (token)")
    ]
    assert view.here == {}


def test_a_case_that_was_read_is_not_sent_again_until_it_changes(api: ApiDesk) -> None:
    opened(api)
    reports = api.program()
    known = {"If-None-Match": reports.get(f"/cases/{CASE}").headers["ETag"]}
    same = reports.get(f"/cases/{CASE}", headers=known)
    assert (same.status_code, same.data) == (304, b"")
    write_note(api.line.hotline, CASE, text="rings at noon", actor="owner_1")
    assert reports.get(f"/cases/{CASE}", headers=known).status_code == 200


@pytest.mark.parametrize(("what", "begins"), [("cases", "opened"), ("calls", "started")])
def test_a_list_goes_on_where_one_stopped(api_on_both: ApiDesk, what: str, begins: str) -> None:
    api = api_on_both
    opened(api, "111111111", "222222222", "333333333")
    reports = api.program()
    first = reports.read(f"/{what}?limit=2")
    opened(api, "444444444")
    rest = reports.read(f"/{what}?limit=2&cursor={first['next']}")
    assert len({each["case"] for each in first["items"] + rest["items"]}) == 4
    last = rest["items"][1]
    later = reports.read(f"/{what}?{begins}_from={last[f'{begins}_at']}")
    assert later == {"items": [last], "next": None}


def test_a_list_says_what_is_owed_and_tells_no_number_whole(api: ApiDesk) -> None:
    api.line.told_call()
    listed = api.program().get("/cases?state=open")
    (case,) = listed.json["items"]
    assert (case["call"]["target"], case["call"]["missed_at"]) == ("standard", None)
    assert case["complainant"]["number_end"] == CALLER[-4:]
    assert CALLER not in listed.text


def test_a_request_that_does_not_fit_is_told_where(api: ApiDesk) -> None:
    reports = api.program()
    for asked, fault in (
        ("limit=0", "limit"),
        ("opened_from=1", "opened_from"),
        ("opened_from=2026-03-02T10:00:00", "no zone"),
        ("opened_until=0001-01-01T00:00:00%2B14:00", "opened_until"),
        ("colour=red", "colour"),
        ("owner=%00", "owner"),
        ("cursor=AAAA", "cursor"),
        ("cursor=%C3%A9", "cursor"),
    ):
        refused = reports.get(f"/cases?{asked}")
        assert (refused.status_code, refused.mimetype) == (422, PROBLEM_JSON), asked
        assert fault in str(refused.json["errors"]), asked


def test_a_case_that_is_not_there_has_its_code(api: ApiDesk) -> None:
    reports = api.program()
    for case, code in (("482-913-756", "case-number"), ("482-719-300", "case-unknown")):
        missing = reports.get(f"/cases/{case}")
        assert (missing.status_code, missing.json["code"]) == (404, code)
    assert reports.ask("DELETE", "/cases").status_code == 405


@pytest.mark.requirement("S3-09")
def test_nobody_reads_by_a_token_of_theirs_what_complains_about_them(api: ApiDesk) -> None:
    opened(api)
    reports = api.program()
    with api.line.work() as work:
        (token,) = work.api_tokens.every()
        work.tickets.save(a_ticket(id="t482913757", case_number="482913757", about_id=token.made_by))
        work.commit()
    assert reports.get(f"/cases/{CASE}").status_code == 404
    assert reports.read("/cases")["items"] == reports.read("/calls")["items"] == []


def test_a_sheet_is_for_who_may_take_lists_along_and_is_kept(api_on_both: ApiDesk) -> None:
    api = api_on_both
    opened(api)
    assert api.program("Desk").get("/cases.csv").status_code == 403
    auditor = api.program("Auditor", role=Role.AUDITOR)
    sheet = auditor.get("/cases.csv?state=open&bom=yes")
    assert (sheet.content_type, sheet.text[:5], CASE in sheet.text) == ("text/csv; charset=utf-8", "\ufeffcase", True)
    assert auditor.get("/calls.csv?started_until=2020-01-01T00:00:00Z").text.count("\n") == 1
    kept = [(each.staff_id, each.what, each.asked) for each in exports(api.line.hotline)]
    assert kept == [
        ("token.auditor", "cases", "state open"),
        ("token.auditor", "calls", "started_until 2020-01-01T00:00:00Z"),
    ]


def test_the_console_gives_its_list_along(api: ApiDesk) -> None:
    opened(api)
    browser = api.console.logged_in(role=Role.SUPERVISOR)
    assert "/console/cases.csv?show=open" in browser.get("/console/cases").text
    sheet = browser.get("/console/cases.csv?show=open")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="cases-open.csv"'
    assert sheet.text.startswith("\ufeffcase,")
    assert browser.get("/console/cases.csv?show=mine").text.count("\n") == 1
    handler = api.console.logged_in("bela@firm.example", name="Bela")
    assert "cases.csv" not in handler.get("/console/cases").text
    assert handler.get("/console/cases.csv").status_code == 403

"""What programs change counts as an action of who their token is, once."""

import gzip
import json
from contextlib import AbstractContextManager
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.web.api.desk import ApiDesk, Program
from tests.web.console.desk import ConsoleDesk
from voicebot.domain.case_number import written
from voicebot.domain.staff import Role
from voicebot.domain.ticket import TicketStatus
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import act
from voicebot.service.staff.tokens import revoke_token
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.fields import keep_fields

TALK = {"outcome": "reached", "words": "All is settled", "next": "closed", "close_reason": "agreed"}


def told(api: ApiDesk) -> str:
    """Return the number of a case in which a call is promised."""
    return written(api.line.ticket(api.line.told_call()).case_number)


def sent(program: Program, path: str, body: Any, **headers: str) -> TestResponse:
    """Send JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.ask("POST", path, json=body, headers=named)


def history(program: Program, case: str) -> list[tuple[str, str, str]]:
    """Return what a case's history says of programs."""
    lines = program.read(f"/cases/{case}")["history"]
    return [(line["actor"]["name"], line["verb"], line["detail"]) for line in lines if "token" in line["actor"]["name"]]


def test_a_note_is_kept_in_the_name_of_the_token(api: ApiDesk) -> None:
    case, desk = told(api), api.program("Desk")
    answer = sent(desk, f"/cases/{case}/notes", {"text": "rings at noon"})
    assert (answer.status_code, answer.json) == (201, {"case": case, "done": "Note kept."})
    revoke_token(api.line.hotline, "Desk", by="anna")
    assert history(api.program("Reader"), case) == [("Desk (token)", "note_written", "rings at noon")]


def test_sent_again_under_its_key_it_is_not_done_again(api_on_both: ApiDesk) -> None:
    api = api_on_both
    case, desk = told(api), api.program("Desk")
    note = {"text": "rings at noon"}
    first = sent(desk, f"/cases/{case}/notes", note, Idempotency_Key='"7f-1"')
    assert sent(desk, f"/cases/{case}/notes", note, Idempotency_Key="7f-1").json == first.json
    other = sent(desk, f"/cases/{case}/notes", {"text": "rings at two"}, Idempotency_Key='"7f-1"')
    assert (other.status_code, other.json["code"]) == (422, "key-used")
    assert len(history(desk, case)) == 1
    assert sent(desk, f"/cases/{case}/notes", note, Idempotency_Key="x" * 256).json["code"] == "key-odd"


def test_a_talk_keeps_the_promise_and_ends_the_case(api: ApiDesk) -> None:
    case, desk = told(api), api.program("Desk")
    assert sent(desk, f"/cases/{case}/talks", TALK | {"close_reason": None}).json["code"] == "close-unknown"
    logged = sent(desk, f"/cases/{case}/talks", TALK)
    assert logged.status_code == 201, logged.text
    read = desk.read(f"/cases/{case}")
    assert [(promise["state"], promise["kept_by"]) for promise in read["promises"]] == [("kept", "token.desk")]
    assert (read["status"], read["outcome"]["close_reason"]) == (TicketStatus.CLOSED, "agreed")


def test_who_writes_over_something_says_which_version_they_read(api: ApiDesk) -> None:
    case, desk, other = told(api), api.program("Desk"), api.program("Other")
    path, name = f"/cases/{case}/fields", {"fields": {"name": "Maria Ruiz"}}
    assert sent(desk, path, name).json["code"] == "version-missing"
    read = desk.get(f"/cases/{case}").headers["ETag"]
    assert sent(other, path, {"fields": {"name": "Mario Ruiz"}}, If_Match=read).status_code == 201
    late = sent(desk, path, name, If_Match=read)
    assert (late.status_code, late.json["code"]) == (412, "case-changed")
    fresh = desk.get(f"/cases/{case}").headers["ETag"]
    assert sent(desk, path, name, If_Match=fresh).json["done"] == "Written down: name."
    assert desk.read(f"/cases/{case}")["fields"] == {"name": "Maria Ruiz"}


def test_what_somebody_changes_between_the_comparison_and_the_write_is_seen(api: ApiDesk) -> None:
    case, line = told(api), api.line
    opened, waiting = line.hotline.unit_of_work, ["12 Quay Street"]

    def after_somebody_else(**details: str) -> AbstractContextManager[UnitOfWork]:
        if racing and waiting:
            keep_fields(line.as_built, case, {"address": waiting.pop()}, actor="owner_1")
        return opened(**details)

    line.use(unit_of_work=after_somebody_else)
    racing = ""
    desk = ApiDesk(ConsoleDesk(line, line.engine, api.console.clips_dir)).program("Desk")
    racing = desk.get(f"/cases/{case}").headers["ETag"]
    late = sent(desk, f"/cases/{case}/fields", {"fields": {"name": "Maria Ruiz"}}, If_Match=racing)
    assert (late.status_code, late.json["code"], waiting) == (412, "case-changed", [])
    assert desk.read(f"/cases/{case}")["fields"] == {"address": "12 Quay Street"}


def test_no_token_writes_over_what_it_may_not_read(api: ApiDesk) -> None:
    case = told(api)
    act(api.line.hotline, case, categorising("staff_conduct", actor="owner_1"))
    for program, status in ((api.program("Desk"), 403), (api.program("Eve", role=Role.SUPERVISOR), 201)):
        read = program.get(f"/cases/{case}").headers["ETag"]
        answer = sent(program, f"/cases/{case}/fields", {"fields": {"staff_name": "Mr Drake"}}, If_Match=read)
        assert answer.status_code == status, answer.text


VERSIONS_NAMED = {
    "*": 201,
    "{etag}": 201,
    "W/{etag}": 201,
    '"other",W/"another" , {etag}': 201,
    '"other", W/{etag}': 201,
    '"other", W/"another"': 412,
    '"*"': 412,
    "nonsense": 412,
    "": 428,
    " , ": 428,
}


def test_a_version_is_named_alone_weakly_in_a_list_or_as_any_there_is(api: ApiDesk) -> None:
    """Programs write If-Match in each form of RFC 9110, 13.1.1. A weak tag is one that was compressed on its way."""
    case, desk = told(api), api.program("Desk")
    read = desk.get(f"/cases/{case}")
    for number, (named, status) in enumerate(VERSIONS_NAMED.items()):
        name = {"name": f"Maria {number}"}
        etag = read.headers["ETag"]
        answer = sent(desk, f"/cases/{case}/fields", {"fields": name}, If_Match=named.format(etag=etag))
        assert answer.status_code == status, (named, answer.text)
        if status == 201:
            read = desk.get(f"/cases/{case}")
            assert read.json["fields"] == name
    assert desk.get(f"/cases/{case}", headers={"If-None-Match": read.headers["ETag"]}).status_code == 304


def test_what_was_read_compressed_is_written_to_as_well(api: ApiDesk) -> None:
    case, desk = told(api), api.program("Desk")
    read = desk.get(f"/cases/{case}", headers={"Accept-Encoding": "gzip"})
    assert read.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(read.data))["case"] == case
    name = {"fields": {"name": "Maria Ruiz"}}
    assert sent(desk, f"/cases/{case}/fields", name, If_Match=read.headers["ETag"]).status_code == 201


def test_a_case_is_given_and_seen(api: ApiDesk) -> None:
    case, desk = told(api), api.program("Desk")
    read = desk.get(f"/cases/{case}").headers["ETag"]
    assert sent(desk, f"/cases/{case}/owner", {"to": "nobody"}, If_Match=read).json["code"] == "rota-person"
    assert desk.ask("POST", f"/cases/{case}/acknowledgement").status_code == 201
    assert desk.read(f"/cases/{case}")["status"] == TicketStatus.ACKNOWLEDGED


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 403), (Role.QUALITY, 403), (Role.HANDLER, 201)])
def test_who_may_only_read_changes_nothing(api: ApiDesk, role: Role, status: int) -> None:
    case, program = told(api), api.program(role=role)
    assert program.get(f"/cases/{case}").status_code == 200
    assert sent(program, f"/cases/{case}/notes", {"text": "x"}).status_code == status


def test_what_is_no_json_object_or_holds_no_text_is_refused(api: ApiDesk) -> None:
    case, desk = told(api), api.program("Desk")
    path = f"/cases/{case}/notes"
    assert desk.ask("POST", path, data={"text": "a form"}).status_code == 415
    for unread in ("{", "", '{"text":' * 9000, gzip.compress(b'{"text": "x"}'), '{"text": "x"}'.encode("utf-16")):
        assert desk.ask("POST", path, data=unread, content_type="application/json").status_code == 400, unread[:9]
    assert (
        desk.ask("POST", path, data='{"text": "x"}', content_type="application/json;charset=latin1").status_code == 415
    )
    twice = desk.ask("POST", path, data='{"text": "a", "text": "b"}', content_type="application/json")
    assert (twice.status_code, twice.json["code"], twice.json["errors"]) == (422, "name-twice", ["text: stands twice"])
    long = desk.ask("POST", path, data=f'{{"text": "{"x" * 300_000}"}}', content_type="application/json")
    assert (long.status_code, "256 kB" in long.json["detail"]) == (413, True)
    for body in ([], "text", {}, {"text": 1}, {"text": "a", "b": 1}, {"text": "\x00"}, {"text": "x" * 2001}):
        assert sent(desk, path, body).status_code == 422, body
    odd = desk.ask("POST", path, data='{"text": "\\ud800"}', content_type="application/json")
    assert odd.status_code == 422
    assert history(desk, case) == []

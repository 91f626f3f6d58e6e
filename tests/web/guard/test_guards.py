"""Who may ask: signatures are checked before anything else happens."""

from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.service.lines import Line, with_rules
from tests.web.desk import CALL_SID, MESSAGE_SID, PUBLIC, Desk, a_call_form
from voicebot.domain.permission import Permission
from voicebot.service.lookup import find_call
from voicebot.telephony.signature import SignatureCheck
from voicebot.web.counters import BAD_SIGNATURES
from voicebot.web.guard.guards import Guard, guard_of, guarded, install_guards

REFUSED = [
    "/twilio/voice",
    "/twilio/voice/resume/c1",
    "/twilio/voice/turn/c1/0?heard=keys",
    "/twilio/voice/status",
    "/twilio/voice/recording",
    "/twilio/voice/recording/c1/0",
    "/twilio/sms",
    "/twilio/sms/status",
]


def test_every_route_states_its_guard(desk: Desk) -> None:
    stated = {rule.rule: guard_of(desk.app.view_functions[rule.endpoint]) for rule in desk.app.url_map.iter_rules()}
    assert None not in stated.values()
    assert {rule for rule, guard in stated.items() if guard is Guard.PUBLIC} == {
        "/healthz",
        "/livez",
        "/readyz",
        "/identity/<challenge>",
        "/clips/<locale>/<name>.wav",
        "/clips/pause/<int:milliseconds>.wav",
    }


@pytest.mark.parametrize("signature", ["", "wrong", "é"])
@pytest.mark.parametrize("target", REFUSED)
def test_a_wrong_signature_is_refused_and_changes_nothing(desk: Desk, target: str, signature: str) -> None:
    assert desk.post(target, a_call_form(), signature=signature).status_code == 403
    assert find_call(desk.line.hotline, CALL_SID) is None


def test_a_refusal_is_counted_by_route(desk: Desk) -> None:
    counter = BAD_SIGNATURES.labels("/twilio/voice")
    before = counter._value.get()
    desk.post("/twilio/voice", a_call_form(), signature="wrong")
    assert counter._value.get() == before + 1


def test_a_socket_is_refused_before_the_upgrade(desk: Desk) -> None:
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "eA==",
        "Sec-WebSocket-Version": "13",
        "X-Twilio-Signature": "wrong",
    }
    response = desk.client.get("/twilio/media/c1/t1", headers=headers)
    assert response.status_code in (400, 403)


def test_a_route_that_states_nothing_is_refused() -> None:
    app = Flask("test")
    install_guards(app, SignatureCheck(public_url=PUBLIC, tokens=("t",)))
    app.add_url_rule("/open", "open", lambda: "never seen")
    assert app.test_client().get("/open").status_code == 403
    assert app.test_client().get("/unknown").status_code == 404


@pytest.mark.parametrize("guarding", [(Guard.STAFF, Permission.READ_CASES), (Guard.LOGIN,)])
def test_without_a_console_nobody_is_staff(desk: Desk, guarding: tuple[Guard, Permission] | tuple[Guard]) -> None:
    desk.app.add_url_rule("/staff", "staff", guarded(*guarding)(lambda: "words of callers"))
    assert desk.client.get("/staff").status_code == 403


def test_a_route_of_staff_cannot_leave_out_what_it_needs() -> None:
    with pytest.raises(AssertionError, match="states what it needs"):
        guarded(Guard.STAFF)
    with pytest.raises(AssertionError, match="no other does"):
        guarded(Guard.PUBLIC, Permission.READ_CASES)


ACCOUNT = "AC" + "0" * 32
STRANGER = "+12025550199"


@pytest.mark.parametrize("stray", [{"To": STRANGER}, {"AccountSid": "AC" + "1" * 32}])
@pytest.mark.parametrize("target", ["/twilio/voice", "/twilio/voice/status", "/twilio/sms"])
def test_what_was_signed_for_another_number_or_account_opens_nothing(
    line: Line, tmp_path: Path, target: str, stray: dict[str, str]
) -> None:
    desk = Desk(line, tmp_path, account_sid=ACCOUNT)
    form = a_call_form(CallStatus="completed", MessageSid=MESSAGE_SID, Body="my lamp broke", AccountSid=ACCOUNT)
    with capture_logs() as told:
        for _ in range(3):
            assert desk.post(target, form | stray).status_code == 403
    with line.work() as work:
        assert work.tickets.all() == []
    (entry,) = [entry for entry in told if entry["event"] == "not_for_us"]
    assert (entry["field"], entry["route"]) == (next(iter(stray)), target)
    assert STRANGER not in str(told)
    assert desk.post(target, form).status_code in (200, 204)


def test_a_further_number_of_ours_is_ours(line: Line, tmp_path: Path) -> None:
    with_rules(line, more_numbers=frozenset({STRANGER}))
    assert Desk(line, tmp_path).post("/twilio/voice", a_call_form(To=STRANGER)).status_code == 200


def test_the_fallback_answers_a_stray_request_like_an_unsigned_one(line: Line, tmp_path: Path) -> None:
    desk = Desk(line, tmp_path)
    answer = desk.post("/twilio/voice/fallback", a_call_form(To=STRANGER))
    assert answer.status_code == 200
    assert answer.text == desk.post("/twilio/voice/fallback", a_call_form(), signature="wrong").text
    with line.work() as work:
        assert work.tickets.all() == []

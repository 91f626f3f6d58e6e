"""Who may ask: signatures are checked before anything else happens."""

import pytest
from flask import Flask

from tests.web.desk import CALL_SID, PUBLIC, Desk, a_call_form
from voicebot.service.lookup import find_call
from voicebot.telephony.signature import SignatureCheck
from voicebot.web.counters import BAD_SIGNATURES
from voicebot.web.guards import Guard, guard_of, guarded, install_guards

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


@pytest.mark.parametrize("guard", [Guard.STAFF, Guard.LOGIN])
def test_without_a_console_nobody_is_staff(desk: Desk, guard: Guard) -> None:
    desk.app.add_url_rule("/staff", "staff", guarded(guard)(lambda: "words of callers"))
    assert desk.client.get("/staff").status_code == 403

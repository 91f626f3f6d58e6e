"""Webhooks and sockets without any signature are turned away before the application wakes up."""

import pytest

from tests.web.desk import Desk, a_call_form
from voicebot.web.guard.guards import Guard, guard_of


def _begins(desk: Desk, guards: set[Guard]) -> list[str]:
    app = desk.app
    rules = [rule for rule in app.url_map.iter_rules() if guard_of(app.view_functions[rule.endpoint]) in guards]
    return [rule.rule.partition("<")[0] for rule in rules]


def test_every_signed_address_turns_the_unsigned_away_and_the_application_never_sees_them(desk: Desk) -> None:
    seen: list[str] = []
    desk.app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append("woken"))
    begins = _begins(desk, {Guard.SIGNATURE, Guard.SOCKET_SIGNATURE})
    assert len(begins) > 5
    for begin in begins:
        for path in (begin, begin + "x/1") if begin.endswith("/") else (begin,):
            assert desk.client.post(path, data=a_call_form()).status_code == 403
    assert seen == []


def test_a_wrong_signature_is_still_looked_at_and_refused(desk: Desk) -> None:
    assert desk.post("/twilio/voice", a_call_form(), signature="bm8=").status_code == 403


@pytest.mark.parametrize("path", ["/twilio/voice/fallback", "/twilio/voice/goodbye"])
def test_the_addresses_of_last_resort_stay_open_to_the_unsigned(desk: Desk, path: str) -> None:
    answer = desk.client.post(path, data=a_call_form())
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")


def test_a_page_that_asks_for_no_signature_is_let_in(desk: Desk) -> None:
    assert desk.client.get("/livez").status_code == 200


def test_the_signed_are_let_in(desk: Desk) -> None:
    assert desk.post("/twilio/voice", a_call_form()).status_code == 200

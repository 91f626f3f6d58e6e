"""Who answers at the public address, and whether a signed form arrives as it was sent."""

import pytest

from tests.service.lines import OWN
from tests.web.desk import PUBLIC, TOKEN, Desk
from voicebot.telephony.identity import Identity

CHALLENGE = "0123456789abcdef" * 2


def test_installation_proves_who_it_is(desk: Desk) -> None:
    answer = desk.client.get(f"/identity/{CHALLENGE}")
    own = Identity(token=TOKEN, number=OWN, public_url=PUBLIC)
    assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (
        200,
        f"{own.proof(CHALLENGE)}\n",
        "no-store",
    )


@pytest.mark.parametrize("challenge", ["0", "g" * 32, "0" * 64, "A" * 32])
def test_what_is_no_challenge_of_ours_gets_no_answer(desk: Desk, challenge: str) -> None:
    assert desk.client.get(f"/identity/{challenge}").status_code == 404


def test_signed_ping_is_accepted_with_its_query_and_does_nothing(desk: Desk) -> None:
    answer = desk.post("/twilio/ping?a=1%2B1&b=%C5%A1+x&a=", {"Words": "ščž + &=", "Empty": ""})
    assert (answer.status_code, answer.data) == (204, b"")
    assert desk.line.jobs_waiting == []


def test_unsigned_ping_is_refused(desk: Desk) -> None:
    assert desk.post("/twilio/ping", {}, signature="").status_code == 403
    assert desk.post("/twilio/ping", {}, signature="wrong").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", None), ("/nowhere", 404), ("/twilio/media/a/b", 403), ("/twilio/sms", 405)]
)
def test_every_answer_carries_our_mark(desk: Desk, path: str, status: int | None) -> None:
    answer = desk.client.get(path, headers={"X-Twilio-Signature": "wrong"} if status == 405 else {})
    assert status in (None, answer.status_code)
    assert answer.headers["X-Voicebot"] == "1"

"""The public address as the net shows it: ours, somebody else's, nobody's."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes_doctor import OURS, FakeDoor
from tests.fakes_outside import FakeIds
from tests.service.doctor.verdicts import BROKEN, DOUBT, FINE, only
from voicebot.service.doctor import address
from voicebot.service.ports.installation import DoorAnswer

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
PROXY_ERROR = DoorAnswer(status=502, body="Bad Gateway")
MOVED = DoorAnswer(status=301, location="https://www.hotline.example/", mark=OURS)


def test_shut_door_is_told_with_its_reason() -> None:
    door = FakeDoor()
    door.shut = "the connection was refused"
    verdict, words = only(address.reached(lambda: address.health(door), "https://hotline.example"))
    assert (verdict, "https://hotline.example does not answer from here: the connection was refused" in words) == (
        BROKEN,
        True,
    )


@pytest.mark.parametrize(
    ("ends_in", "verdict", "words"),
    [
        (timedelta(days=60), FINE, "60 more days"),
        (timedelta(days=14), FINE, "14 more days"),
        (timedelta(days=13, hours=23), DOUBT, "ends in 13 days"),
    ],
)
def test_certificate_is_valid_and_for_how_long(ends_in: timedelta, verdict: str, words: str) -> None:
    door = FakeDoor()
    door.ends_at = NOW + ends_in
    found, said = only(address.certificate(door, NOW, is_pretend=False))
    assert (found, words in said) == (verdict, True), said


def test_plain_http_does_for_the_pretend_carrier_only() -> None:
    door = FakeDoor()
    door.ends_at = None
    assert only(address.certificate(door, NOW, is_pretend=True))[0] == FINE
    assert only(address.certificate(door, NOW, is_pretend=False))[0] == BROKEN


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (DoorAnswer(status=200, mark=OURS), FINE, "answers through the net"),
        (DoorAnswer(status=503, mark=OURS), BROKEN, "not well (HTTP 503)"),
        (PROXY_ERROR, BROKEN, "somebody else answers there (HTTP 502"),
        (MOVED, BROKEN, "sends askers on to https://www.hotline.example/"),
    ],
)
def test_health_page_answers(answer: DoorAnswer, verdict: str, words: str) -> None:
    door = FakeDoor()
    door.health_answer = answer
    found, said = only(address.health(door))
    assert (found, words in said) == (verdict, True), said


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (None, FINE, "this installation"),
        (DoorAnswer(status=200, body="another proof", mark=OURS), BROKEN, "another voicebot answers"),
        (DoorAnswer(status=200, body="welcome"), BROKEN, "somebody else"),
        (DoorAnswer(status=404), BROKEN, "somebody else"),
        (MOVED, BROKEN, "sends askers on"),
    ],
)
def test_another_installation_at_our_address_is_noticed(answer: DoorAnswer | None, verdict: str, words: str) -> None:
    door = FakeDoor()
    door.identity_answer = answer
    found, said = only(address.identity(door, FakeIds(), door.proof))
    assert (found, words in said) == (verdict, True), said


@pytest.mark.parametrize(
    ("unsigned", "signed", "verdict", "words"),
    [
        (DoorAnswer(status=403, mark=OURS), DoorAnswer(status=101), FINE, "get through to us"),
        (DoorAnswer(status=101), DoorAnswer(status=101), BROKEN, "was let in"),
        (DoorAnswer(status=403), DoorAnswer(status=101), BROKEN, "does not reach us (HTTP 403)"),
        (DoorAnswer(status=426), DoorAnswer(status=426), BROKEN, "does not reach us (HTTP 426)"),
        (DoorAnswer(status=403, mark=OURS), DoorAnswer(status=403, mark=OURS), BROKEN, "did not verify"),
        (DoorAnswer(status=403, mark=OURS), DoorAnswer(status=400, mark=OURS), BROKEN, "does not reach us (HTTP 400)"),
    ],
)
def test_sockets_get_through_the_proxy(unsigned: DoorAnswer, signed: DoorAnswer, verdict: str, words: str) -> None:
    door = FakeDoor()
    door.unsigned, door.signed = unsigned, signed
    found, said = only(address.socket(door))
    assert (found, words in said) == (verdict, True), said


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (DoorAnswer(status=204, mark=OURS), FINE, "kept as sent"),
        (DoorAnswer(status=403, mark=OURS), BROKEN, "the proxy changes path or query"),
        (DoorAnswer(status=204), BROKEN, "somebody else"),
        (DoorAnswer(status=405, mark=OURS), BROKEN, "somebody else"),
        (MOVED, BROKEN, "sends askers on"),
    ],
)
def test_signed_form_comes_back_accepted(answer: DoorAnswer, verdict: str, words: str) -> None:
    door = FakeDoor()
    door.ping = answer
    found, said = only(address.round_trip(door))
    assert (found, words in said) == (verdict, True), said

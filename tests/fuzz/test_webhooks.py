"""Whatever is in a signed form, the answer is never a 500, and TwiML stays TwiML."""

import tracemalloc
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.fuzz.forms import HOSTILE, SIDS, forms
from tests.service.conftest import definitions, line
from tests.service.lines import Line
from tests.web.desk import CALL_SID, PUBLIC, TOKEN, Desk, a_call_form

__all__ = ["definitions", "line"]

EXAMPLES = pytest.mark.parametrize("examples", [50, pytest.param(500, marks=pytest.mark.long)])
PLACES = {
    "/twilio/voice": "/twilio/voice",
    "/twilio/voice/resume/<call_id>": "/twilio/voice/resume/{call}",
    "/twilio/voice/turn/<call_id>/<int(max=100000):turn_number>": "/twilio/voice/turn/{call}/{turn}?heard={heard}",
    "/twilio/voice/status": "/twilio/voice/status",
    "/twilio/voice/fallback": "/twilio/voice/fallback",
    "/twilio/voice/goodbye": "/twilio/voice/goodbye",
    "/twilio/voice/recording": "/twilio/voice/recording",
    "/twilio/voice/recording/<call_id>/<int(max=100000):turn_number>": "/twilio/voice/recording/{call}/{turn}",
    "/twilio/sms": "/twilio/sms",
    "/twilio/sms/status": "/twilio/sms/status",
    "/twilio/ping": "/twilio/ping",
}
"""Each webhook's rule, and an address under it; a rule that is new must be put here."""
FORM_BYTES_ALLOWED = 2_000_000
"""How much the process may hold more after some hundred requests than after the first ones."""


@pytest.fixture
def desk(line: Line, tmp_path: Path) -> Desk:
    """A hotline with one call under way."""
    desk = Desk(line, tmp_path / "clips")
    desk.twiml("/twilio/voice")
    return desk


def test_every_webhook_is_among_those_that_are_fuzzed(desk: Desk) -> None:
    rules = {rule.rule for rule in desk.app.url_map.iter_rules() if rule.rule.startswith("/twilio/")}
    posted = {rule.rule for rule in desk.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert rules & posted - PLACES.keys() == set(), "add the new webhook to PLACES"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("place", PLACES.values())
@EXAMPLES
def test_no_form_makes_a_webhook_fail(desk: Desk, place: str, examples: int) -> None:
    call = _call_id(desk)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(
        form=forms(),
        turn=st.integers(0, 3) | st.just(10**30),
        heard=st.sampled_from(["keys", "record", "nothing", "prompts", "x"]),
        is_known=st.booleans(),
        own=st.booleans(),
    )
    def fuzz(form: MultiDict[str, str], turn: int, heard: str, is_known: bool, own: bool) -> None:
        if is_known:
            form.update(a_call_form())
        address = place.format(call=call if own else "f" * 32, turn=turn, heard=heard)
        with capture_logs() as log:
            _check(_post(desk, address, form))
        faults = [entry for entry in log if entry["event"] == "fault"]
        assert [entry for entry in faults if entry["kind"] != "CarrierFault"] == [], "a fault behind a spoken apology"

    fuzz()


@pytest.mark.timeout(300)
def test_memory_stays_flat_under_nonsense(desk: Desk) -> None:
    def nonsense(round_number: int) -> None:
        for number, value in enumerate(HOSTILE):
            sid = SIDS[0][:-6] + f"{round_number:02}{number:04}"
            for place in PLACES.values():
                address = place.format(call=f"{number:032x}", turn=number, heard="keys")
                _post(desk, address, MultiDict({"MessageSid": sid, "From": value, "Body": value, "Digits": value}))

    nonsense(0)
    tracemalloc.start()
    try:
        nonsense(1)
        before, _ = tracemalloc.get_traced_memory()
        nonsense(2)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < FORM_BYTES_ALLOWED


def _post(desk: Desk, address: str, form: MultiDict[str, str]) -> TestResponse:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + address, form)
    return desk.client.post(address, data=form, headers={"X-Twilio-Signature": signature})


def _check(response: TestResponse) -> None:
    assert response.status_code < 500, response.text
    assert response.status_code != 403, "the form was signed"
    if response.mimetype == "text/xml":
        assert ElementTree.fromstring(response.text).tag == "Response"


def _call_id(desk: Desk) -> str:
    with desk.line.hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(CALL_SID)
    assert call is not None
    return call.id

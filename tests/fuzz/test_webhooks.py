"""Whatever is in a signed form, the answer is never a 500, and TwiML stays TwiML."""

import gc
import tracemalloc
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.fuzz.forms import HOSTILE, SIDS, forms
from tests.service.callback.callers import a_case, ordered, the_call
from tests.service.conftest import definitions, line
from tests.service.lines import CALLER, OWN, Line
from tests.web.carrier.test_staff_calls import COMPLAINANT_HOPS, MEMBER_HOPS
from tests.web.desk import CALL_SID, PUBLIC, TOKEN, Desk, a_call_form
from voicebot.domain.staff_call import StaffCall, StaffCallState
from voicebot.telephony.addressee import Addressee, why_not_ours

__all__ = ["definitions", "line"]

EXAMPLES = pytest.mark.parametrize(
    "examples", [15, pytest.param(50, marks=pytest.mark.heavy), pytest.param(500, marks=pytest.mark.long)]
)
REPORTS = ("ended", "left", "detection", "recorded")
PLACES = {
    "/twilio/voice": "/twilio/voice",
    "/twilio/voice/resume/<call_id>": "/twilio/voice/resume/{call}",
    "/twilio/voice/turn/<call_id>/<int(max=100000):turn_number>": "/twilio/voice/turn/{call}/{turn}?heard={heard}",
    "/twilio/voice/connected/<call_id>/<int(max=100000):turn_number>": "/twilio/voice/connected/{call}/{turn}",
    "/twilio/voice/status": "/twilio/voice/status",
    "/twilio/voice/fallback": "/twilio/voice/fallback",
    "/twilio/voice/goodbye": "/twilio/voice/goodbye",
    "/twilio/voice/recording": "/twilio/voice/recording",
    "/twilio/voice/recording/<call_id>/<int(max=100000):turn_number>": "/twilio/voice/recording/{call}/{turn}",
    "/twilio/sms": "/twilio/sms",
    "/twilio/sms/status": "/twilio/sms/status",
    "/twilio/ping": "/twilio/ping",
    **{
        f"/twilio/staff-call/<call_id>/{hop}": f"/twilio/staff-call/{{staff_call}}/{hop}"
        for hop in (*MEMBER_HOPS, *COMPLAINANT_HOPS, *REPORTS)
    },
}
"""Each webhook's rule, and an address under it; a rule that is new must be put here."""
ADDRESSEE = Addressee(account_sid="", numbers=frozenset({OWN}))
ANOTHER = "+12025550177"
HOPS = (*MEMBER_HOPS, *COMPLAINANT_HOPS, *REPORTS)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "Digits": st.sampled_from([*"01234589*#", "12", "x"]),
        "DialCallStatus": st.sampled_from(
            ["completed", "answered", "busy", "no-answer", "failed", "canceled", "?" * 99]
        ),
        "DialBridged": st.sampled_from(["true", "false", ""]),
        "DialCallDuration": st.sampled_from(["0", "61", "-1", "9" * 30]),
        "AnsweredBy": st.sampled_from(["human", "machine_start", "fax", "unknown", "?" * 99]),
        "CallStatus": st.sampled_from(["completed", "busy", "no-answer", "canceled", "ringing"]),
    },
)
"""What the carrier says at a hop, in mixtures that it never sends."""
FORM_BYTES_ALLOWED = 2_000_000
"""How much the process may hold more after some hundred requests than after the first ones."""


@pytest.fixture
def desk(line: Line, tmp_path: Path) -> Desk:
    """A hotline with one call under way."""
    desk = Desk(line, tmp_path / "clips")
    desk.twiml("/twilio/voice", a_call_form(From=ANOTHER))
    return desk


def test_every_webhook_is_among_those_that_are_fuzzed(desk: Desk) -> None:
    rules = {rule.rule for rule in desk.app.url_map.iter_rules() if rule.rule.startswith("/twilio/")}
    posted = {rule.rule for rule in desk.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert rules & posted - PLACES.keys() == set(), "add the new webhook to PLACES"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("place", PLACES.values())
@EXAMPLES
def test_no_form_makes_a_webhook_fail(desk: Desk, place: str, examples: int) -> None:
    call, staff_call = _call_id(desk), _staff_call(desk)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(
        form=forms(),
        turn=st.integers(0, 3) | st.just(10**30),
        heard=st.sampled_from(["keys", "record", "nothing", "prompts", "x"]),
        is_known=st.booleans(),
        own=st.booleans(),
    )
    @example(form=MultiDict({"To": CALLER}), turn=0, heard="keys", is_known=False, own=True)
    def fuzz(form: MultiDict[str, str], turn: int, heard: str, is_known: bool, own: bool) -> None:
        if is_known:
            form.update(a_call_form(CallSid=staff_call.carrier_call_id) if "staff-call" in place else a_call_form())
        ids = {"call": call, "staff_call": staff_call.id} if own else dict.fromkeys(("call", "staff_call"), "f" * 32)
        address = place.format(**ids, turn=turn, heard=heard)
        with capture_logs() as log:
            _check(_post(desk, address, form), form)
        faults = [entry for entry in log if entry["event"] == "fault"]
        assert [entry for entry in faults if entry["kind"] != "CarrierFault"] == [], "a fault behind a spoken apology"

    fuzz()


@pytest.mark.timeout(300)
@EXAMPLES
def test_no_order_of_its_webhooks_makes_a_call_of_ours_fail(desk: Desk, examples: int) -> None:
    line, callers = desk.line, count(2000)

    @settings(max_examples=examples // 5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(steps=st.lists(st.tuples(st.sampled_from(HOPS), ANSWERS), min_size=1, max_size=8))
    def fuzz(steps: list[tuple[str, dict[str, str]]]) -> None:
        # Whoever refuses our calls is rung no more, so each example has a caller of its own.
        line.step(seconds=2)  # calls of ours leave a second apart
        caller = f"+1202555{next(callers)}"
        call = ordered(line, line.ticket(line.told_call(f"CA{caller}", caller)))
        own = {"CallSid": call.carrier_call_id or ""}
        for hop, answer in steps:
            form = MultiDict(a_call_form() | own | answer)
            _check(_post(desk, f"/twilio/staff-call/{call.id}/{hop}", form), form)
        _post(desk, f"/twilio/staff-call/{call.id}/ended", MultiDict(a_call_form(CallStatus="completed") | own))
        assert the_call(line, call.id).state is StaffCallState.ENDED

    fuzz()


@pytest.mark.heavy
@pytest.mark.timeout(300)
def test_memory_stays_flat_under_nonsense(desk: Desk) -> None:
    def nonsense(round_number: int) -> None:
        for number, value in enumerate(HOSTILE):
            sid = SIDS[0][:-6] + f"{round_number:02}{number:04}"
            for place in PLACES.values():
                address = place.format(call=f"{number:032x}", staff_call=f"{number:032x}", turn=number, heard="keys")
                _post(desk, address, MultiDict({"MessageSid": sid, "From": value, "Body": value, "Digits": value}))

    nonsense(0)
    tracemalloc.start()
    try:
        nonsense(1)
        before = _kept()
        nonsense(2)
        after = _kept()
    finally:
        tracemalloc.stop()
    assert after - before < FORM_BYTES_ALLOWED


def _kept() -> int:
    """Return how many bytes stay. Garbage that nobody has looked for yet does not."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _post(desk: Desk, address: str, form: MultiDict[str, str]) -> TestResponse:
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + address, form)
    return desk.client.post(address, data=form, headers={"X-Twilio-Signature": signature})


def _check(response: TestResponse, form: MultiDict[str, str]) -> None:
    assert response.status_code < 500, response.text
    is_ours = not why_not_ours(form, ADDRESSEE)
    assert response.status_code != 403 or not is_ours, "the form was signed, and is for us"
    if response.mimetype == "text/xml":
        assert ElementTree.fromstring(response.text).tag == "Response"


def _staff_call(desk: Desk) -> StaffCall:
    """Return a call of ours that its member has taken: the furthest that most hops go on from."""
    line = desk.line
    call = ordered(line, a_case(line))
    desk.twiml(f"/twilio/staff-call/{call.id}/accept", a_call_form(Digits="1"))
    taken = the_call(line, call.id)
    assert taken.state is StaffCallState.TAKEN
    return taken


def _call_id(desk: Desk) -> str:
    with desk.line.hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(CALL_SID)
    assert call is not None
    return call.id

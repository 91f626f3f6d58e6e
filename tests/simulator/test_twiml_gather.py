"""`<Gather>`: keys collected, prompts stopped by the first, nothing keyed falls through."""

import pytest

from tests.simulator.conftest import MakeCarrier
from tests.simulator.stand_in import CALLER, Answer, StandIn
from voicebot.simulator import Caller, LineCall, press

FALLS_THROUGH = "<Redirect>/fell</Redirect>"


def ring(hotline: StandIn, carrier_of: MakeCarrier, attributes: str, caller: Caller, **options: object) -> LineCall:
    hotline.serves_clip("/a.wav", 2.0)
    gather = f'<Gather action="/keys" timeout="2" {attributes}><Play>/a.wav?prompt=ask</Play></Gather>'
    hotline.answers("/twilio/voice", gather + FALLS_THROUGH)
    hotline.answers("/keys", "<Hangup/>")
    hotline.answers("/fell", "<Hangup/>")
    return carrier_of(**options).ring(CALLER, caller).wait(10)


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished_by"),
    [
        ('numDigits="1"', "1", "1", None),
        ('numDigits="3"', "5551", "555", None),
        ("", "555#", "555", "#"),
        ('finishOnKey="*"', "55#*", "55#", "*"),
        ('finishOnKey=""', "5#", "5#", None),
        ("", "55", "55", None),
    ],
)
def test_keys_are_sent_to_the_action(
    hotline: StandIn, make_carrier: MakeCarrier, attributes: str, keys: str, digits: str, finished_by: str | None
) -> None:
    ring(hotline, make_carrier, attributes, Caller().after("ask", press(keys)))
    form = hotline.to("/keys")[0].form
    assert (form["Digits"], form.get("FinishedOnKey")) == (digits, finished_by)
    assert hotline.to("/fell") == []


def test_first_key_stops_the_prompt(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    call = ring(hotline, make_carrier, 'numDigits="1"', Caller().during("ask", 0.5, press("1")))
    assert (call.heard, round(call.duration_s, 1)) == ((), 0.5)


def test_a_gather_without_keys_goes_on_with_the_next_verb(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    call = ring(hotline, make_carrier, "", Caller())
    assert (len(hotline.to("/keys")), len(hotline.to("/fell"))) == (0, 1)
    assert call.duration_s == pytest.approx(4.0)


def test_a_gather_without_keys_calls_its_action_where_it_is_told_to(
    hotline: StandIn, make_carrier: MakeCarrier
) -> None:
    ring(hotline, make_carrier, 'actionOnEmptyResult="true"', Caller())
    assert hotline.to("/keys")[0].form["Digits"] == ""


def test_time_runs_from_the_last_key(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    call = ring(hotline, make_carrier, "", Caller().after("ask", press("123", 1.5)))
    assert hotline.to("/keys")[0].form["Digits"] == "123"
    assert call.duration_s == pytest.approx(2.0 + 0.3 + 3.0 + 2.0, abs=0.1)


@pytest.mark.parametrize(("submits", "asked"), [(False, 0), (True, 1)])
def test_end_key_alone_may_or_may_not_be_told(
    hotline: StandIn, make_carrier: MakeCarrier, *, submits: bool, asked: int
) -> None:
    ring(hotline, make_carrier, "", Caller().after("ask", press("#")), finish_key_alone_submits=submits)
    assert len(hotline.to("/keys")) == asked


def test_action_is_the_same_document_by_default(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Gather numDigits="1"/>', "<Hangup/>")
    make_carrier().ring(CALLER, Caller().at(0.5, press("1"))).wait(10)
    assert hotline.to("/twilio/voice")[1].form["Digits"] == "1"


def test_digits_are_not_sent_again_after_a_3xx(hotline: StandIn, make_carrier: MakeCarrier) -> None:
    hotline.answers("/twilio/voice", '<Gather numDigits="1" action="/moved"/>')
    hotline.answers("/moved", Answer("", status=302, headers={"Location": "/keys?turn=2"}))
    hotline.answers("/keys", "<Hangup/>")
    make_carrier().ring(CALLER, Caller().at(0.5, press("1"))).wait(10)
    after = hotline.to("/keys")[0]
    assert (after.method, after.query, after.form, after.is_signed) == ("GET", "turn=2", {}, True)


@pytest.mark.parametrize(("attribute", "code"), [('finishOnKey="12"', 13310), ('numDigits="many"', 12200)])
def test_wrong_attribute_fails(hotline: StandIn, make_carrier: MakeCarrier, attribute: str, code: int) -> None:
    hotline.answers("/twilio/voice", f"<Gather {attribute}/>")
    hotline.answers("/twilio/voice/fallback", "<Hangup/>")
    call = make_carrier().ring(CALLER, Caller()).wait(10)
    assert [event.code for event in call.errors] == [code]

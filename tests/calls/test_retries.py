"""A webhook that is answered too late or with an error comes again, and the caller notices nothing.

The carrier obeys the overrides behind our addresses: two tries, then the fallback; twice done is once done.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.calls.conftest import OpenHouse
from tests.calls.house import CALLER_NUMBER, House
from tests.calls.test_outage import connect
from voicebot.domain.call import Way
from voicebot.simulator.caller import Caller, drop_stream, hang_up
from voicebot.simulator.options import CarrierOptions

IN_A_HURRY = Caller().during("ask_story", 0.3, hang_up())
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Stumbling:
    """The web process does what it is asked, and its first answers to a path (or below one) are lost or late."""

    def __init__(self, app: App, path: str, *, times: int = 1, late_s: float = 0.0) -> None:
        self._app = app
        self._path = path
        self._times = times
        self._late_s = late_s
        self.asked: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or stumble after the action is done."""
        asked = str(environ["PATH_INFO"])
        if asked != self._path and not (self._path.endswith("/") and asked.startswith(self._path)):
            return self._app(environ, start_response)
        self.asked.append(environ.get("QUERY_STRING", ""))
        if len(self.asked) > self._times:
            return self._app(environ, start_response)
        if self._late_s:
            answer = list(self._app(environ, start_response))
            threading.Event().wait(self._late_s)
            return answer
        for _ in self._app(environ, lambda *_: None):
            pass
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return [b""]


def stumble(house: House, path: str, **how: float) -> Stumbling:
    stumbling = Stumbling(house.app.wsgi_app, path, **how)  # type: ignore[arg-type]
    house.app.wsgi_app = stumbling  # type: ignore[method-assign]
    return stumbling


@pytest.mark.parametrize("signs", [False, True])
@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/status"])
def test_an_answer_lost_once_is_asked_for_again(open_house: OpenHouse, path: str, *, signs: bool) -> None:
    house = open_house(options=CarrierOptions(signs_fragment=signs))
    connect(house)
    stumbling = stumble(house, path)
    call = house.ring(IN_A_HURRY)
    assert (call.errors, call.ended_by) == ((), "caller")
    house.wait_for(lambda: len(stumbling.asked) >= 2, "the second try")
    house.the_ticket()
    assert len(house.texts_to(CALLER_NUMBER)) == 1


def test_an_answer_lost_twice_leads_to_the_fallback_and_the_call_goes_on(open_house: OpenHouse) -> None:
    house = open_house()
    connect(house)
    stumble(house, "/twilio/voice", times=2)
    call = house.ring(IN_A_HURRY)
    assert ([error.code for error in call.errors], call.ended_by) == ([11200], "caller")
    house.the_ticket()


@pytest.mark.parametrize(("sends_token", "losses", "way"), [(True, 1, Way.STREAM), (False, 2, Way.RECORD)])
def test_a_repeated_fetch_after_a_lost_stream_costs_a_stream_only_where_the_carrier_names_no_request(
    open_house: OpenHouse, *, sends_token: bool, losses: int, way: Way
) -> None:
    house = open_house(options=CarrierOptions(sends_idempotency_token=sends_token))
    stumbling = stumble(house, "/twilio/voice/resume/")
    drops_then_leaves = (
        Caller().during("ask_story", 0.3, drop_stream(), nth=1).during("ask_story", 0.3, hang_up(), nth=2)
    )
    call = house.ring(drops_then_leaves)
    assert (call.errors, call.ended_by, len(stumbling.asked)) == ((), "caller", 2)
    (known,) = house.calls()
    assert (known.stream_losses, known.way) == (losses, way)
    house.the_ticket()


def test_an_answer_that_comes_after_four_seconds_is_asked_for_again_and_stored_once(open_house: OpenHouse) -> None:
    house = open_house()
    connect(house)
    stumbling = stumble(house, "/twilio/voice", late_s=5.0)
    call = house.ring(IN_A_HURRY)
    assert (call.errors, call.ended_by, len(stumbling.asked)) == ((), "caller", 2)
    house.the_ticket()
    assert len(house.texts_to(CALLER_NUMBER)) == 1

"""The order of answers when something fails, and what is logged of it."""

import threading
import time
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask, request
from structlog.testing import capture_logs

from voicebot.errors import CarrierFault
from voicebot.web.resilience.faults import first_that_works, log_fault, route_name


def _fail() -> str:
    raise ValueError("+12025550142 said: my kettle exploded")


def test_the_first_answer_that_can_be_had_is_given() -> None:
    with Flask("test").test_request_context("/"):
        assert first_that_works(lambda: "answer", _fail) == "answer"
        assert first_that_works(_fail, lambda: "apology", lambda: "static") == "apology"
        assert first_that_works(_fail, _fail, lambda: "static") == "static"


def test_the_last_answer_must_not_fail() -> None:
    with Flask("test").test_request_context("/"), pytest.raises(ValueError, match="kettle"):
        first_that_works(_fail, _fail)


@pytest.fixture
def hangs() -> Iterator[threading.Event]:
    """What a hanging answer waits for; it is released with the test."""
    event = threading.Event()
    yield event
    event.set()


def test_an_answer_that_does_not_come_is_one_that_failed(hangs: threading.Event) -> None:
    begun = time.monotonic()

    def hang() -> str:
        hangs.wait(60)
        return "late"

    with Flask("test").test_request_context("/"), capture_logs() as lines:
        assert first_that_works(hang, hang, lambda: "static", within_s=0.2) == "static"
    assert time.monotonic() - begun < 30
    assert {line["kind"] for line in lines} == {"Unavailable"}


def test_an_attempt_knows_its_request_and_names_its_call_for_the_log() -> None:
    def answer() -> str:
        structlog.contextvars.bind_contextvars(call="c1")
        return request.path

    structlog.contextvars.clear_contextvars()
    with Flask("test").test_request_context("/here"):
        assert first_that_works(answer, lambda: "static") == "/here"
        assert structlog.contextvars.get_contextvars() == {"call": "c1"}
    structlog.contextvars.clear_contextvars()


def test_a_strangers_error_is_logged_by_kind_and_place_only() -> None:
    with Flask("test").test_request_context("/"), capture_logs() as lines:
        first_that_works(_fail, lambda: "apology")
    (line,) = lines
    assert (line["kind"], line["problem"], line["code"]) == ("ValueError", "", "")
    assert "test_faults.py" in line["place"]
    assert "kettle" not in str(line)


def test_an_error_of_ours_is_logged_with_its_message_and_code() -> None:
    with capture_logs() as lines:
        log_fault(CarrierFault("reading a webhook: no call"))
    assert (lines[0]["problem"], lines[0]["code"]) == ("reading a webhook: no call", "carrier")


def test_outside_a_request_there_is_no_route() -> None:
    assert route_name() == ""

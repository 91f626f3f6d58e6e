"""Waiting for the carrier to fetch what is next."""

import threading

from tests.service.lines import Line
from voicebot.errors import Unavailable
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.call.turn import fail_hearing
from voicebot.service.lookup import get_call
from voicebot.web.carrier.resume_watch import ResumeWatch
from voicebot.web.resilience.call_event_writer import CallEventWriter


def _watch(line: Line, patience_s: float = 0.05) -> ResumeWatch:
    book = CallEventWriter(line.hotline)
    return ResumeWatch(line.hotline, book, resume_url=lambda call_id: f"resume/{call_id}", patience_s=patience_s)


def test_a_fetch_in_time_needs_nothing(line: Line) -> None:
    call = line.ring().call
    watch = _watch(line, patience_s=5)
    watch.expect(call.id)
    threading.Timer(0.02, watch.fetched, (call.id,)).start()
    watch.wait_or_redirect(call)
    assert line.carrier.redirects == []


def test_without_a_fetch_the_call_is_redirected_once(line: Line) -> None:
    call = line.ring().call
    watch = _watch(line)
    watch.expect(call.id)
    watch.wait_or_redirect(call)
    watch.wait_or_redirect(call)
    assert line.carrier.redirects == [("CA1", f"resume/{call.id}")]


def test_a_fetch_that_another_process_answered_shows_in_the_call(line: Line) -> None:
    call = line.ring().call
    assert open_stream(line.hotline, call.id, str(call.stream_token), "CA1") is not None
    watch = _watch(line)
    watch.expect(call.id)
    resume_call(line.hotline, call.id)
    watch.wait_or_redirect(call)
    assert line.carrier.redirects == []


def test_a_fetch_that_another_process_answered_without_a_stream_shows_there_too(line: Line) -> None:
    call = line.ring().call
    assert open_stream(line.hotline, call.id, str(call.stream_token), "CA1") is not None
    closed = fail_hearing(line.hotline, call.id, call.turn_number, None).call
    watch = _watch(line)
    watch.expect(call.id)
    line.step(seconds=1)
    resume_call(line.hotline, call.id)
    watch.wait_or_redirect(closed)
    assert line.carrier.redirects == []


def test_a_call_nobody_expects_is_left_alone(line: Line) -> None:
    call = line.ring().call
    watch = _watch(line)
    watch.fetched(call.id)
    watch.wait_or_redirect(call)
    assert line.carrier.redirects == []


def test_a_call_that_was_forgotten_is_left_alone(line: Line) -> None:
    call = line.ring().call
    watch = _watch(line)
    watch.expect(call.id)
    watch.forget(call.id)
    watch.forget(call.id)
    watch.wait_or_redirect(call)
    assert line.carrier.redirects == []


def test_a_carrier_that_refuses_is_only_logged(line: Line) -> None:
    class _Refuses:
        def redirect(self, carrier_call_id: str, url: str) -> None:
            raise Unavailable("the call is over")

    object.__setattr__(line.hotline, "carrier", _Refuses())
    call = line.ring().call
    watch = _watch(line)
    watch.expect(call.id)
    watch.wait_or_redirect(call)
    assert get_call(line.hotline, call.id) == call

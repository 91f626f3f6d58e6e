"""A report that comes while the database is away is written down when it is back."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from structlog.testing import capture_logs

from tests.service.lines import CALLER, OWN, Line
from tests.web.desk import CALL_SID, MESSAGE_SID, Desk, a_call_form, until_nothing_is_owed
from voicebot.domain.call import CallStatus
from voicebot.errors import Unavailable
from voicebot.service.lookup import find_call
from voicebot.service.ports import UnitOfWork
from voicebot.web.resilience.report_retry import REPORT_RETRY, ReportRetryQueue


class _Store:
    """Takes actions while it is there."""

    def __init__(self) -> None:
        self.is_there = False
        self.done: list[str] = []

    def write(self, what: str) -> None:
        if not self.is_there:
            raise Unavailable("the database did not answer")
        self.done.append(what)


def test_what_can_be_written_is_written_at_once() -> None:
    store, reports = _Store(), ReportRetryQueue()
    store.is_there = True
    assert reports.take(lambda: store.write("a")).status_code == 204
    assert (store.done, reports.is_empty) == (["a"], True)


def test_what_cannot_is_written_later_once_and_in_order() -> None:
    store, reports = _Store(), ReportRetryQueue(again_s=0.02)
    for what in ("a", "b"):
        assert reports.take(lambda what=what: store.write(what)).status_code == 503  # type: ignore[misc]
    assert not reports.is_empty
    store.is_there = True
    until_nothing_is_owed(reports)
    assert store.done == ["a", "b"]


def test_a_report_is_retried_after_a_second_outage_too() -> None:
    store, reports = _Store(), ReportRetryQueue(again_s=0.02)
    for what in ("a", "b"):
        store.is_there = False
        reports.take(lambda what=what: store.write(what))  # type: ignore[misc]
        store.is_there = True
        until_nothing_is_owed(reports)
    assert store.done == ["a", "b"]


def test_a_report_that_makes_no_sense_holds_up_no_other() -> None:
    store, reports, tries = _Store(), ReportRetryQueue(again_s=0.02), []

    def senseless() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Unavailable("away")
        raise ValueError

    reports.take(senseless)
    reports.take(lambda: store.write("a"))
    store.is_there = True
    until_nothing_is_owed(reports)
    assert store.done == ["a"]


def test_a_report_that_waits_for_another_does_not_hold_that_one_up() -> None:
    store, reports = _Store(), ReportRetryQueue(again_s=0.02)

    def second() -> None:
        if "first" not in store.done:
            raise Unavailable("not yet")
        store.write("second")

    reports.take(second)
    reports.take(lambda: store.write("first"))
    store.is_there = True
    until_nothing_is_owed(reports)
    assert store.done == ["first", "second"]


def test_only_so_many_are_kept_and_the_log_says_so() -> None:
    store, reports = _Store(), ReportRetryQueue(again_s=60, most=1)
    with capture_logs() as lines:
        for what in ("a", "b"):
            reports.take(lambda what=what: store.write(what))  # type: ignore[misc]
    assert [line["event"] for line in lines].count("report_dropped") == 1


def test_a_report_whose_writing_hangs_is_answered_in_time_and_kept() -> None:
    hangs, store, reports = threading.Event(), _Store(), ReportRetryQueue(again_s=0.02, within_s=0.05)
    store.is_there = True

    def write() -> None:
        assert hangs.wait(20), "it hangs for ever"
        store.write("a")

    assert reports.take(write).status_code == 503
    assert (store.done, reports.is_empty) == ([], False)
    hangs.set()
    until_nothing_is_owed(reports)
    assert "a" in store.done


def test_a_caller_whom_only_fixed_words_answered_has_a_case_when_the_database_is_back(
    line: Line, tmp_path: Path
) -> None:
    is_away, whole = threading.Event(), line.hotline
    is_away.set()
    line.hotline = replace(whole, unit_of_work=_away_while(is_away, whole.unit_of_work))
    desk = Desk(line, tmp_path / "clips")
    assert "<Record" in desk.twiml("/twilio/voice")
    assert desk.post("/twilio/voice/status", a_call_form(CallStatus="completed")).status_code == 503
    is_away.clear()
    until_nothing_is_owed(desk.app.extensions[REPORT_RETRY])
    call = find_call(whole, CALL_SID)
    assert call is not None
    assert call.status is CallStatus.ENDED


def test_a_text_that_only_memory_holds_is_not_said_to_be_kept(line: Line, tmp_path: Path) -> None:
    is_away, whole = threading.Event(), line.hotline
    is_away.set()
    line.hotline = replace(whole, unit_of_work=_away_while(is_away, whole.unit_of_work))
    desk = Desk(line, tmp_path / "clips")
    form = {"MessageSid": MESSAGE_SID, "From": CALLER, "To": OWN, "Body": "It broke again"}
    assert desk.post("/twilio/sms", form).status_code == 503
    is_away.clear()
    assert desk.post("/twilio/sms", form).status_code == 200
    until_nothing_is_owed(desk.app.extensions[REPORT_RETRY])
    with whole.unit_of_work() as work:
        (ticket,) = work.tickets.all()
        assert len(work.tickets.answers(ticket.id)) == 1


def _away_while(is_away: threading.Event, there: Callable[[], UnitOfWork]) -> Callable[[], UnitOfWork]:
    def open_one() -> UnitOfWork:
        if is_away.is_set():
            raise Unavailable("the database did not answer")
        return there()

    return open_one

"""Somebody who rang while our line was down is nobody lost: case, owner, promise, one text, by the usual rules."""

import threading
from pathlib import Path

import pytest

from tests.builders import a_text_request
from tests.service.books import rang, tickets
from tests.service.call.test_budget import ring as ring_with_budget
from tests.service.call.test_budget import with_budgets
from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line, with_rules
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.phone import to_e164
from voicebot.domain.promise import PromiseState
from voicebot.service.call.missed_call import MissedCallResult, end_of, take_up_missed_call
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.inbound_text import IncomingText, log_text

PREMIUM = "+19005550199"


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("status", ["completed", "failed", "busy", "no-answer", "canceled"])
def test_a_call_that_never_reached_us_gets_case_owner_promise_and_text(line_on_both: Line, status: str) -> None:
    line = line_on_both
    listed = rang(line, "CA1", status=status)
    assert take_up_missed_call(line.hotline, listed) is MissedCallResult.OPENED
    (ticket,) = tickets(line)
    assert (ticket.owner_id, ticket.complainant_number) == ("owner_1", CALLER)
    promise = line.promise(ticket.id)
    assert promise.state is PromiseState.OPEN
    line.run_jobs()
    (body,) = line.sender.to(CALLER)
    assert "you called and we did not answer" in body
    assert promise.words == body


def test_its_history_says_what_the_carrier_tells(line: Line) -> None:
    listed = rang(line, "CA1", status="failed")
    take_up_missed_call(line.hotline, listed)
    (ticket,) = tickets(line)
    with line.work() as work:
        (entry,) = [entry for entry in work.tickets.history(ticket.id) if entry.verb == "call_missed"]
        (call,) = work.calls.of_ticket(ticket.id)
    assert entry.after == f"rang at {listed.started_at.isoformat()}, failed after 4 s, never reached us"
    assert (call.status, call.end, call.started_at) == (CallStatus.ENDED, CallEnd.CARRIER, listed.started_at)
    assert call.ended_at is not None
    assert (call.ended_at - call.started_at).total_seconds() == 4


def test_taken_up_twice_nothing_is_new(line_on_both: Line) -> None:
    line = line_on_both
    listed = rang(line, "CA1")
    take_up_missed_call(line.hotline, listed)
    assert take_up_missed_call(line.hotline, listed) is MissedCallResult.KNOWN
    assert len(tickets(line)) == 1
    line.run_jobs()
    assert len(line.sender.sent) == 1


def test_two_at_once_open_one_case(line_on_both: Line) -> None:
    line = line_on_both
    listed = rang(line, "CA1")
    results: list[MissedCallResult] = []
    threads = [
        threading.Thread(target=lambda: results.append(take_up_missed_call(line.hotline, listed))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [MissedCallResult.KNOWN] * 3 + [MissedCallResult.OPENED]


def test_two_calls_of_one_number_taken_up_at_once_share_a_case(line_on_both: Line) -> None:
    line = line_on_both
    calls = [rang(line, f"CA{count}") for count in range(4)]
    threads = [threading.Thread(target=take_up_missed_call, args=(line.hotline, call)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tickets(line)) == 1


def test_ten_calls_of_one_number_are_one_case_with_one_text(line: Line) -> None:
    for count in range(10):
        take_up_missed_call(line.hotline, rang(line, f"CA{count}"))
    take_up_missed_call(line.hotline, rang(line, "CA99", OTHER))
    assert len(tickets(line)) == 2
    line.run_jobs()
    assert len(line.sender.to(CALLER)) == 1
    with line.work() as work:
        assert sorted(len(work.calls.of_ticket(ticket.id)) for ticket in work.tickets.all()) == [1, 10]


def test_a_call_joins_the_open_case_in_which_a_call_is_owed(line: Line) -> None:
    told = line.told_call()
    result = take_up_missed_call(line.hotline, rang(line, "CA2"))
    assert result is MissedCallResult.JOINED
    assert "call_missed" in line.verbs(told.call.ticket_id)
    line.settle()
    assert len(line.sender.to(CALLER)) == 1


def test_somebody_who_was_called_back_and_rings_again_gets_a_new_promise(line: Line) -> None:
    told = line.told_call()
    log_callback(line.hotline, line.ticket(told).case_number, reason="spoke", actor="owner_1")
    assert take_up_missed_call(line.hotline, rang(line, "CA2")) is MissedCallResult.OPENED


@pytest.mark.requirement("S0-11")
def test_who_is_on_the_line_again_is_not_told_that_we_did_not_answer_and_has_their_own_text(line_on_both: Line) -> None:
    line = line_on_both
    listed = rang(line, "CA1")
    again = line.ring(CALLER, "CA2")
    assert take_up_missed_call(line.hotline, listed) is MissedCallResult.JOINED
    line.settle()
    assert line.sender.to(CALLER) == []
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.settle()
    assert line.promise(again.call.ticket_id).state is PromiseState.OPEN
    assert len(line.sender.to(CALLER)) == 1
    assert "did not answer" not in line.sender.to(CALLER)[0]


@pytest.mark.parametrize("misses", [1, 2])
def test_a_call_joins_the_case_whose_promise_is_broken_and_nobody_is_texted_anew(line: Line, misses: int) -> None:
    told = line.told_call()
    for _ in range(misses):
        line.step(hours=4)
        line.sweep()
    before = line.sender.to(CALLER)
    assert take_up_missed_call(line.hotline, rang(line, "CA2")) is MissedCallResult.JOINED
    line.settle()
    assert line.sender.to(CALLER) == before
    assert "call_missed" in line.verbs(told.call.ticket_id)


def test_a_call_that_joins_a_case_from_a_text_with_no_window_standing_leaves_no_text(line: Line) -> None:
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body="it broke"))
    for _ in range(2):
        line.step(days=1)
        line.sweep()
    (ticket,) = tickets(line)
    assert line.promise(ticket.id).state is PromiseState.BREACHED
    before = line.sender.to(CALLER)
    take_up_missed_call(line.hotline, rang(line, "CA2"))
    line.settle()
    assert (len(tickets(line)), line.sender.to(CALLER)) == (1, before)


@pytest.mark.parametrize("caller", ["", "anonymous", "+266696687", "sip:someone@example.com", PREMIUM, OWN, OWNER])
def test_a_number_that_may_not_be_rung_gets_a_case_and_no_text(line: Line, caller: str) -> None:
    for count in range(2):
        take_up_missed_call(line.hotline, rang(line, f"CA{count}", caller))
    line.run_jobs()
    found = tickets(line)
    assert {ticket.owner_id for ticket in found} == {"owner_1"}
    assert len(found) == (1 if to_e164(caller) else 2)
    with line.work() as work:
        assert all(not work.promises.of_ticket(ticket.id) for ticket in found)
    assert line.sender.sent == []


def test_somebody_who_wants_no_texts_gets_none_and_the_owner_reads_why(line: Line) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=CALLER, is_out=True))
        work.commit()
    take_up_missed_call(line.hotline, rang(line, "CA1"))
    (ticket,) = tickets(line)
    line.run_jobs()
    assert line.sender.sent == []
    assert "text_impossible" in line.verbs(ticket.id)
    assert line.promise(ticket.id).state is PromiseState.OPEN


def test_the_carriers_own_late_news_of_it_changes_nothing(line: Line) -> None:
    take_up_missed_call(line.hotline, rang(line, "CA1"))
    (ticket,) = tickets(line)
    before = line.verbs(ticket.id)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    assert line.verbs(ticket.id) == before


def test_a_call_that_goes_on_here_is_told_apart(line: Line) -> None:
    line.ring()
    assert take_up_missed_call(line.hotline, rang(line, "CA1")) is MissedCallResult.LIVE


def test_a_call_that_we_turned_away_is_no_missed_call(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"at_once": 1})
    for sid in ("CA1", "CA2"):
        ring_with_budget(line, sid)
    line.step(seconds=5)
    listed = rang(line, "CA2", status="busy", ago_s=5)
    assert take_up_missed_call(line.hotline, listed) is MissedCallResult.TURNED_AWAY
    assert len(tickets(line)) == 1


@pytest.mark.parametrize(("status", "end"), [("completed", CallEnd.CALLER_HUNG_UP), ("failed", CallEnd.CARRIER)])
def test_why_a_call_ended_is_known_from_the_carriers_list(line: Line, status: str, end: CallEnd) -> None:
    assert end_of(rang(line, "CA1", status=status)) is end


@pytest.mark.requirement("D-10")
def test_a_test_call_of_our_own_that_never_reached_us_gets_no_case(line: Line) -> None:
    with_rules(line, canary_number=OTHER)
    assert take_up_missed_call(line.hotline, rang(line, "CA9", OTHER)) is MissedCallResult.KNOWN
    assert tickets(line) == []

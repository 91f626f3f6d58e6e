"""The end of a call is marked once, and a silent one takes no room from callers with words."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.service.call.test_silent_call import silent, text
from tests.service.callback.surveys import a_kept_case, picked_up
from tests.service.lines import CALLER, FLOWS_DIR, OTHER, OWNER, Line, a_policy_dir, with_flows, with_rules
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.sms import SmsState
from voicebot.service.call.ending import finish_call
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of
from voicebot.service.ports import CaseQuery


def test_a_call_ends_once_and_keeps_the_first_reason(line: Line) -> None:
    answer = line.ring()
    for end in (CallEnd.LOST, CallEnd.CARRIER):
        call = line.call(answer)
        with line.work() as work:
            finish_call(call_context_of(context_of(line.hotline, work), call), end)
            work.commit()
        line.step(minutes=1)
    call = line.call(answer)
    assert (call.status, call.end, call.stream_token) == (CallStatus.ENDED, CallEnd.LOST, None)
    assert line.verbs(call.ticket_id).count("call_ended") == 1
    assert len(line.texts(answer)) == 1


def test_a_silent_call_of_somebody_whose_case_stands_leaves_no_text_at_its_end(line: Line) -> None:
    line.told_call()
    sent = len(line.sender.to(CALLER))
    call = line.call(line.ring(CALLER, "CA2"))
    with line.work() as work:
        finish_call(call_context_of(context_of(line.hotline, work), call), CallEnd.CALLER_HUNG_UP)
        work.commit()
    line.run_jobs()
    assert len(line.sender.to(CALLER)) == sent, "it waits a moment, and then joins the case"


# --- their share of the windows ----------------------------------------------------------------------------


def flood(line: Line, count: int, *, first: int = 0) -> None:
    """Ring from so many numbers, each of another block, and hang up without a word."""
    for n in range(first, count):
        sid = f"CA-flood-{n}"
        line.ring(f"+1{202 + n // 40}{200 + n % 40}{n:04}", sid)
        end_call(line.hotline, sid, CallEnd.CALLER_HUNG_UP)


def window_of(line: Line, answer: CallAnswer) -> datetime:
    return line.promise(answer.call.ticket_id).window_opens_at


@pytest.mark.requirement("S2-21")
@pytest.mark.danger("endless silent calls")
def test_a_flood_of_silent_calls_pushes_nobody_with_words_aside(line_on_both: Line) -> None:
    line = line_on_both
    with_rules(line, gate_exceptions=("+1",))
    before = window_of(line, line.told_call("CA-before", "+12125550001"))
    flood(line, 40)
    assert window_of(line, line.told_call("CA-after", "+12125550002")) == before


@pytest.mark.danger("endless silent calls")
@pytest.mark.parametrize(("capacity", "share"), [(1, 1), pytest.param(10, 3, marks=pytest.mark.long)])
def test_silent_calls_beyond_their_share_of_every_day_ahead_are_promised_nothing_and_staff_are_told_once(
    line: Line, tmp_path: Path, capacity: int, share: int
) -> None:
    """Of ten callbacks a window three a day are theirs, of one it is one a day."""
    levels = a_policy_dir(tmp_path) / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("callbacks_per_window: 10", f"callbacks_per_window: {capacity}"))
    with_flows(line, FlowFiles(FLOWS_DIR, tmp_path))
    with_rules(line, gate_exceptions=("+1",))
    flood(line, share)
    line.run_jobs()
    assert not any("their share" in body for body in line.sender.to(OWNER)), "one day's share is no alarm"
    flood(line, 70 * share, first=share)
    line.run_jobs()
    assert len([body for body in line.sender.to(OWNER) if "their share" in body]) == 1
    with line.work() as work:
        promised = [bool(work.promises.of_ticket(ticket.id)) for ticket in work.tickets.all()]
        withheld = [ticket for ticket in work.tickets.all() if not work.promises.of_ticket(ticket.id)]
    assert 34 * share < promised.count(True) < 70 * share, "a quarter of a year is looked ahead"
    assert all("promise_withheld" in line.verbs(ticket.id) for ticket in withheld)
    assert line.told_call("CA-after", "+12125550002").call.ticket_id


@pytest.mark.requirement("S0-11")
def test_words_that_come_late_move_the_promise_out_of_the_share(line: Line) -> None:
    with_rules(line, gate_exceptions=("+1",))
    flood(line, 30)
    answer = line.reach("ask_story", CALLER, "CA9")
    end_call(line.hotline, "CA9", CallEnd.CALLER_HUNG_UP)
    far = line.promise(answer.call.ticket_id)
    assert far.is_silent
    line.say(answer, "my parcel came broken")
    near = line.promise(answer.call.ticket_id)
    assert not near.is_silent
    assert near.window_opens_at < far.window_opens_at
    assert near.words, "the text that still waited names it"
    line.settle()
    assert any("broke off" in body for body in line.sender.to(CALLER))


@pytest.mark.requirement("S0-11")
def test_words_that_come_as_a_text_move_it_too(line: Line) -> None:
    with_rules(line, gate_exceptions=("+1",))
    flood(line, 30)
    answer = silent(line, "CA9")
    far = line.promise(answer.call.ticket_id)
    text(line)
    near = line.promise(answer.call.ticket_id)
    assert (far.is_silent, near.is_silent) == (True, False)
    assert near.window_opens_at < far.window_opens_at


def test_a_silent_promise_whose_window_words_would_get_as_well_stays_and_is_silent_no_longer(line: Line) -> None:
    answer = silent(line, "CA9")
    before = line.promise(answer.call.ticket_id)
    text(line)
    assert line.promise(answer.call.ticket_id) == replace(before, is_silent=False)


def test_in_one_window_staff_find_those_with_words_first(line: Line) -> None:
    quiet = silent(line, "CA1", OTHER)
    line.step(seconds=1)
    spoken = line.told_call("CA2", CALLER)
    assert line.promise(quiet.call.ticket_id).window == line.promise(spoken.call.ticket_id).window
    line.step(seconds=1)
    late = silent(line, "CA3", "+12025550188")
    with line.work() as work:
        rows = work.cases.page(CaseQuery(), line.clock.at)
    order = [row.case_number for row in rows]
    assert order.index(line.ticket(spoken).case_number) < order.index(line.ticket(quiet).case_number)
    assert order.index(line.ticket(spoken).case_number) < order.index(line.ticket(late).case_number)


@pytest.mark.requirement("D-10")
def test_the_hotlines_own_test_call_leaves_a_text_that_goes_to_nobody(line: Line) -> None:
    answer = line.reach("ask_story")
    call = replace(line.call(answer), is_canary=True)
    with line.work() as work:
        work.calls.save(call)
        work.commit()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    assert line.call(answer).status is CallStatus.ENDED
    assert [text.state for text in line.texts(answer)] == [SmsState.SUPPRESSED]
    assert (line.sender.sent, line.promises(answer.call.ticket_id)) == ([], [])


@pytest.mark.requirement("S2-08")
def test_our_question_after_a_kept_promise_ends_with_no_text_and_owes_nothing(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer, sent, owed = picked_up(line, ticket), len(line.sender.sent), line.promises(ticket.id)
    end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    line.settle()
    assert line.call(answer).status is CallStatus.ENDED
    assert (len(line.sender.sent), line.promises(ticket.id)) == (sent, owed)

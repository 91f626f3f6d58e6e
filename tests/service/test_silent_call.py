"""Calls without a word: the first one has its case, the others join it."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.builders import at
from tests.databases import postgres_database
from tests.service.lines import CALLER, OTHER, OWNER, Line, node_of, with_rules
from tests.service.meanwhile import Meanwhile
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.flow.instructions import HangUp
from voicebot.service.call import CallAnswer, end_call
from voicebot.service.ports import CaseWish
from voicebot.service.promise import log_callback
from voicebot.service.silent_call import due_silent_calls, settle_silent_call
from voicebot.service.staff_deeds import write_note
from voicebot.service.ticket import IncomingText, log_text

WRITTEN = "I cannot speak: my parcel came broken"
UNRINGABLE = "+18092201111"
"""A number of the Dominican Republic: valid, and not among our countries."""


def silent(line: Line, carrier_call_id: str, caller: str = CALLER) -> CallAnswer:
    """Take a call that stays silent until we say goodbye."""
    answer = line.go_to(line.ring(caller, carrier_call_id), "ask_story")
    while node_of(answer) != "hang_up":
        answer = line.go_on(answer)
    end_call(line.hotline, carrier_call_id, CallEnd.COMPLETED)
    return answer


def cases(line: Line) -> list[Ticket]:
    """Return the cases that go on."""
    with line.work() as work:
        return [ticket for ticket in work.tickets.all() if ticket.status is not TicketStatus.MERGED]


def text(line: Line) -> None:
    """Let the caller write."""
    log_text(line.hotline, IncomingText(message_sid="SM1", sender=CALLER, body=WRITTEN))


def settle(line: Line) -> None:
    """Let every wait for words pass."""
    line.step(seconds=36)
    line.sweep()
    line.sweep()


@pytest.mark.danger("endless silent calls")
def test_after_three_silences_the_call_ends_with_its_case(line: Line) -> None:
    answer = line.go_to(line.ring(), "ask_story")
    for _ in range(3):
        assert node_of(answer) == "ask_story"
        answer = line.go_on(answer)
    assert node_of(answer) == "hang_up"
    assert line.ticket(answer).status is TicketStatus.OPEN


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("endless silent calls")
def test_fifty_silent_calls_of_one_number_are_one_case_one_promise_one_text(line: Line) -> None:
    first = silent(line, "CA0")
    settle(line)
    for number in range(1, 50):
        silent(line, f"CA{number}")
        line.step(seconds=20)
        line.sweep()
    settle(line)
    (case,) = cases(line)
    assert case.id == first.call.ticket_id
    assert len(line.sender.to(CALLER)) == 1
    with line.work() as work:
        assert len(work.promises.of_ticket(case.id)) == 1
        assert len(work.calls.of_ticket(case.id)) == 50
        assert sum(len(work.promises.of_ticket(ticket.id)) for ticket in work.tickets.all()) == 1
        for ticket in work.tickets.all():
            assert work.tickets.by_case_number(ticket.case_number) == case, "every number that was ever minted leads on"
    assert line.verbs(case.id).count("silent_call_joined") == 49


@pytest.mark.danger("endless silent calls")
def test_who_is_owed_a_call_already_is_not_told_of_a_text_that_will_not_come(line: Line) -> None:
    first, second = silent(line, "CA1"), silent(line, "CA2")
    assert isinstance(first.wait, HangUp)
    assert isinstance(second.wait, HangUp)
    assert [prompt.key for prompt in first.wait.prompts] == ["no_input_3"]
    assert [prompt.key for prompt in second.wait.prompts] == ["no_input_3_no_text"]


@pytest.mark.requirement("S0-11")
def test_a_call_that_broke_off_and_a_silent_one_after_it_are_one_case(line: Line) -> None:
    told = line.told_call("CA1")
    again = line.ring(CALLER, "CA2")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    settle(line)
    assert line.ticket(again).status is TicketStatus.MERGED
    assert line.call(again).ticket_id == told.call.ticket_id
    assert len(line.sender.to(CALLER)) == 1


@pytest.mark.requirement("S0-11")
def test_words_that_come_late_keep_the_call_its_own_case_promise_and_text(line: Line) -> None:
    line.told_call("CA1")
    answer = line.go_to(line.ring(CALLER, "CA2"), "ask_story")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.say(answer, "and my box was wet")
    settle(line)
    ticket = line.ticket(answer)
    assert (ticket.status, ticket.problem) == (TicketStatus.OPEN, "and my box was wet")
    assert [sms.template for sms in line.texts(answer)] == ["sms_call_cut_off"]
    assert line.promise(ticket.id).words


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("is_on_the_line", [True, False])
def test_words_that_come_as_a_text_meanwhile_keep_the_call_its_own_case(
    line_on_both: Line, is_on_the_line: bool
) -> None:
    line = line_on_both
    line.told_call("CA1")
    line.step(minutes=1)
    again = line.ring(CALLER, "CA2")
    if is_on_the_line:
        text(line)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    if not is_on_the_line:
        text(line)
    settle(line)
    ticket = line.ticket(again)
    assert (ticket.status, ticket.problem) == (TicketStatus.OPEN, WRITTEN)
    assert line.promise(ticket.id).ticket_id == ticket.id
    assert len(line.texts(again)) == 1


def test_a_text_that_comes_while_the_call_is_being_joined_is_not_left_behind(
    postgres: str, definitions: FlowFiles
) -> None:
    with postgres_database(postgres) as url:
        engine = open_engine(url)
        migrate(engine)
        line = Line(engine, definitions, at("Wednesday 18 November 2026 10:00:00"))
        line.told_call("CA1")
        line.step(minutes=1)
        again = silent(line, "CA2")
        line.step(seconds=36)
        texting = replace(line.hotline, unit_of_work=lambda: Meanwhile(line, lambda: text(line)))
        settle_silent_call(texting, again.call.id)
        assert (line.ticket(again).status, line.ticket(again).problem) == (TicketStatus.OPEN, WRITTEN)
        engine.dispose()


def test_a_note_of_staff_and_another_call_are_not_left_behind_on_a_joined_case(line: Line) -> None:
    line.told_call("CA1")
    noted, shared, other = silent(line, "CA2"), silent(line, "CA3"), line.ring(OTHER, "CA4")
    write_note(line.hotline, line.ticket(noted).case_number, text="she cannot speak", actor="owner_1")
    moved = replace(line.call(other), ticket_id=shared.call.ticket_id)
    with line.work() as work:
        work.calls.save(moved)
        work.commit()
    settle(line)
    assert [line.ticket(answer).status for answer in (noted, shared)] == [TicketStatus.OPEN, TicketStatus.OPEN]


def test_voice_left_in_the_spool_by_a_crash_is_taken_up_before_the_call_counts_as_silent(line: Line) -> None:
    line.told_call("CA1")
    answer = line.go_to(line.ring(CALLER, "CA2"), "ask_story")
    line.spoken(answer, "nobody has stored this")
    end_call(line.hotline, "CA2", CallEnd.LOST)
    settle(line)
    line.sweep()
    assert line.ticket(answer).status is TicketStatus.OPEN
    assert line.spool.files == {}


@pytest.mark.parametrize("key", ["0", "5", "8"])
def test_a_key_is_a_word_too(line: Line, key: str) -> None:
    line.told_call("CA1")
    answer = line.key(line.ring(CALLER, "CA2"), key)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    settle(line)
    assert line.ticket(answer).status is TicketStatus.OPEN


@pytest.mark.requirement("S0-11")
def test_who_rings_again_after_we_called_gets_a_promise_of_their_own(line: Line) -> None:
    told = line.told_call("CA1")
    log_callback(line.hotline, line.ticket(told).case_number, reason="spoke", actor="owner_1")
    again = silent(line, "CA2")
    settle(line)
    assert line.ticket(again).status is TicketStatus.OPEN
    assert line.promise(again.call.ticket_id).ticket_id == again.call.ticket_id


def test_a_case_settled_while_the_call_waited_is_not_joined(line: Line) -> None:
    told = line.told_call("CA1")
    again = silent(line, "CA2")
    line.change_ticket(told, status=TicketStatus.RESOLVED)
    settle(line)
    assert line.ticket(again).status is TicketStatus.OPEN
    assert len(line.texts(again)) == 1


def test_a_case_that_is_to_be_called_elsewhere_is_not_joined(line: Line) -> None:
    told = line.told_call("CA1")
    line.change_ticket(told, complainant_number=OTHER)
    again = silent(line, "CA2")
    settle(line)
    assert line.ticket(again).status is TicketStatus.OPEN


@pytest.mark.danger("endless silent calls")
def test_a_number_that_we_may_not_ring_has_one_case_however_often_it_rings(line: Line) -> None:
    for number in range(5):
        silent(line, f"CA{number}", UNRINGABLE)
        settle(line)
    (case,) = cases(line)
    assert (case.complainant_number, line.sender.sent) == (None, [])


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("endless silent calls")
def test_withheld_callers_have_a_case_each_and_climb_no_ladder(line: Line) -> None:
    for number in range(20):
        silent(line, f"CA{number}", "anonymous")
    settle(line)
    assert len(cases(line)) == 20
    line.step(days=3)
    line.sweep()
    assert line.sender.sent == []
    opened = cases(line)
    with line.work() as work:
        assert not any(work.promises.of_ticket(case.id) for case in opened)


@pytest.mark.danger("endless silent calls")
def test_silent_calls_on_a_flooded_line_get_their_case_and_nobody_promises_more(line: Line) -> None:
    per_prefix = line.policy.limits.texts.per_prefix
    with line.work() as work:
        for count in range(per_prefix):
            work.dangers.let_go(f"text-{count}", prefix="1202555", region="US", at=line.clock.at)
        work.commit()
    answer = silent(line, "CA1")
    settle(line)
    assert isinstance(answer.wait, HangUp)
    assert [prompt.key for prompt in answer.wait.prompts] == ["no_input_3_noted"]
    assert line.ticket(answer).status is TicketStatus.OPEN
    assert "promise_withheld" in line.verbs(answer.call.ticket_id)
    line.step(days=3)
    line.sweep()
    assert line.sender.to(OWNER) == line.sender.to(CALLER) == []
    silent(line, "CA2")
    settle(line)
    line.settle()
    assert line.promise(answer.call.ticket_id).words == "", "once the flood is over, who rings again is promised a call"
    assert (len(cases(line)), len(line.sender.to(CALLER))) == (1, 1)


def test_a_silent_call_is_settled_once(line_on_both: Line) -> None:
    line = line_on_both
    line.told_call("CA1")
    silent(line, "CA2")
    line.step(seconds=36)
    (call_id,) = due_silent_calls(line.hotline, 10)
    for _ in range(2):
        settle_silent_call(line.hotline, call_id)
    settle_silent_call(line.hotline, "no-call")
    (case,) = cases(line)
    assert line.verbs(case.id).count("silent_call_joined") == 1
    assert due_silent_calls(line.hotline, 10) == ()


def test_the_older_case_goes_on_as_it_was(line: Line) -> None:
    told = line.told_call("CA1")
    before = line.ticket(told)
    promise = line.promise(before.id)
    silent(line, "CA2")
    settle(line)
    assert line.ticket(told) == replace(before)
    assert line.promise(before.id) == promise


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
def test_silent_calls_beyond_their_share_of_every_day_ahead_are_promised_nothing_and_staff_are_told_once(
    line: Line,
) -> None:
    with_rules(line, gate_exceptions=("+1",))
    flood(line, 3)
    line.run_jobs()
    assert not any("their share" in body for body in line.sender.to(OWNER)), "one day's share is no alarm"
    flood(line, 210, first=3)
    line.run_jobs()
    assert len([body for body in line.sender.to(OWNER) if "their share" in body]) == 1
    with line.work() as work:
        promised = [bool(work.promises.of_ticket(ticket.id)) for ticket in work.tickets.all()]
        withheld = [ticket for ticket in work.tickets.all() if not work.promises.of_ticket(ticket.id)]
    assert 100 < promised.count(True) < 210, "a quarter of a year is looked ahead"
    assert all("promise_withheld" in line.verbs(ticket.id) for ticket in withheld)
    assert line.told_call("CA-after", "+12125550002").call.ticket_id


@pytest.mark.requirement("S0-11")
def test_words_that_come_late_move_the_promise_out_of_the_share(line: Line) -> None:
    with_rules(line, gate_exceptions=("+1",))
    flood(line, 30)
    answer = line.go_to(line.ring(CALLER, "CA9"), "ask_story")
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
        rows = work.cases.page(CaseWish(), line.clock.at)
    order = [row.case_number for row in rows]
    assert order.index(line.ticket(spoken).case_number) < order.index(line.ticket(quiet).case_number)
    assert order.index(line.ticket(spoken).case_number) < order.index(line.ticket(late).case_number)

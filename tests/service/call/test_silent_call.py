"""Calls without a word: the first one has its case, the others join it."""

from dataclasses import replace

import pytest

from tests.builders import at
from tests.databases import postgres_database
from tests.service.lines import CALLER, OTHER, OWNER, Line, finds, node_of
from tests.service.meanwhile import Meanwhile
from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.store import migrate, open_engine
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.flow.instructions import HangUp
from voicebot.service.call.silent_call import due_silent_calls, settle_silent_call
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.inbound_text import IncomingText, log_text

WRITTEN = "I cannot speak: my parcel came broken"
UNRINGABLE = "+18092201111"
"""A number of the Dominican Republic: valid, and not among our countries."""


def silent(line: Line, carrier_call_id: str, caller: str = CALLER) -> CallAnswer:
    """Take a call that stays silent until we say goodbye."""
    answer = line.ring(caller, carrier_call_id)
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
    answer = line.reach("ask_story")
    for _ in range(3):
        assert node_of(answer) == "ask_story"
        answer = line.go_on(answer)
    assert node_of(answer) == "hang_up"
    assert line.ticket(answer).status is TicketStatus.OPEN


@pytest.mark.requirement("S0-11")
@pytest.mark.danger("endless silent calls")
@pytest.mark.parametrize("calls", [15, pytest.param(50, marks=pytest.mark.long)])
def test_silent_calls_of_one_number_are_one_case_one_promise_one_text(line: Line, calls: int) -> None:
    first = silent(line, "CA0")
    settle(line)
    for number in range(1, calls):
        silent(line, f"CA{number}")
        line.step(seconds=20)
        line.sweep()
    settle(line)
    (case,) = cases(line)
    assert case.id == first.call.ticket_id
    assert len(line.sender.to(CALLER)) == 1
    with line.work() as work:
        assert len(work.promises.of_ticket(case.id)) == 1
        assert len(work.calls.of_ticket(case.id)) == calls
        assert sum(len(work.promises.of_ticket(ticket.id)) for ticket in work.tickets.all()) == 1
        for ticket in work.tickets.all():
            assert work.tickets.by_case_number(ticket.case_number) == case, "every number that was ever minted leads on"
    assert line.verbs(case.id).count("silent_call_joined") == calls - 1


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
def test_a_silent_call_whose_case_a_call_with_words_has_joined_meanwhile_leaves_no_second_text(line: Line) -> None:
    told = line.say(line.reach("ask_story", CALLER, "CA1"), "my parcel came broken")
    silent_one = line.ring(CALLER, "CA2")
    line.step(minutes=6)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    settle(line)
    line.settle()
    assert [ticket.id for ticket in cases(line)] == [line.call(silent_one).ticket_id] == [line.call(told).ticket_id]
    assert len(line.sender.to(CALLER)) == 1


@pytest.mark.requirement("S0-11")
def test_words_that_come_late_keep_the_call_its_own_case_promise_and_text(line: Line) -> None:
    line.told_call("CA1")
    answer = line.reach("ask_story", CALLER, "CA2")
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    line.say(answer, "and my box was wet")
    settle(line)
    ticket = line.ticket(answer)
    assert (ticket.status, ticket.problem) == (TicketStatus.OPEN, "and my box was wet")
    assert [sms.template for sms in line.texts(answer)] == ["sms_call_cut_off"]
    assert line.promise(ticket.id).words


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("is_on_the_line", [True, False])
def test_words_that_come_as_a_text_meanwhile_stand_on_the_case_that_is_known(
    line_on_both: Line, is_on_the_line: bool
) -> None:
    line = line_on_both
    told = line.told_call("CA1")
    line.step(minutes=1)
    again = line.ring(CALLER, "CA2")
    if is_on_the_line:
        text(line)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    if not is_on_the_line:
        text(line)
    settle(line)
    known = line.ticket(told)
    assert line.ticket(again).merged_into == known.id
    assert (known.problem.splitlines()[-1], known.repeats) == (WRITTEN, 1)
    assert len(line.promises(known.id)) == 1
    assert [body for body in line.sender.to(CALLER) if "could not hear" in body] == []


@pytest.mark.parametrize("is_on_the_line", [True, False])
def test_who_writes_during_a_silent_call_or_right_after_it_is_not_told_that_we_heard_nothing(
    line: Line, is_on_the_line: bool
) -> None:
    answer = line.ring()
    if is_on_the_line:
        text(line)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    if not is_on_the_line:
        line.step(seconds=3)
        text(line)
    settle(line)
    bodies = line.sender.to(CALLER)
    assert [body for body in bodies if "could not hear" in body] == []
    promise = line.promise(answer.call.ticket_id)
    assert not promise.is_silent
    assert "We will call you Wed 18 Nov, 11:00-13:00" in bodies[-1]


def test_a_text_that_comes_while_the_call_is_being_joined_is_not_left_behind(
    postgres: str, definitions: FlowFiles
) -> None:
    with postgres_database(postgres) as url:
        engine = open_engine(url)
        migrate(engine)
        line = Line(engine, definitions, at("Wednesday 18 November 2026 10:00:00"))
        told = line.told_call("CA1")
        line.step(minutes=1)
        again = silent(line, "CA2")
        line.step(seconds=36)
        texting = replace(line.hotline, unit_of_work=lambda: Meanwhile(line, lambda: text(line)))
        settle_silent_call(texting, again.call.id)
        assert line.ticket(again).merged_into == told.call.ticket_id
        assert line.ticket(told).problem.splitlines()[-1] == WRITTEN
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
    answer = line.reach("ask_story", CALLER, "CA2")
    line.spoken(answer, "nobody has stored this")
    end_call(line.hotline, "CA2", CallEnd.LOST)
    settle(line)
    line.sweep()
    assert line.ticket(answer).status is TicketStatus.OPEN
    assert line.spool.files == {}


@pytest.mark.parametrize("key", ["0", "5", "8"])
def test_a_key_is_a_word_too(line: Line, key: str) -> None:
    told = line.told_call("CA1")
    answer = line.key(line.ring(CALLER, "CA2"), key)
    end_call(line.hotline, "CA2", CallEnd.CALLER_HUNG_UP)
    assert line.ticket(answer).merged_into == told.call.ticket_id, "nothing is waited for"
    assert line.ticket(told).repeats == 1


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
    line.change_ticket(told, status=TicketStatus.CLOSED)
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
            work.limits.record_text_sent(f"text-{count}", prefix="1202555", region="US", at=line.clock.at)
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
    (call_id,) = finds(line.hotline, due_silent_calls, 10)
    for _ in range(2):
        settle_silent_call(line.hotline, call_id)
    settle_silent_call(line.hotline, "no-call")
    (case,) = cases(line)
    assert line.verbs(case.id).count("silent_call_joined") == 1
    assert finds(line.hotline, due_silent_calls, 10) == ()


def test_the_older_case_goes_on_as_it_was(line: Line) -> None:
    told = line.told_call("CA1")
    before = line.ticket(told)
    promise = line.promise(before.id)
    silent(line, "CA2")
    settle(line)
    assert line.ticket(told) == replace(before)
    assert line.promise(before.id) == promise

"""The carrier's questions on a call of ours, in order, twice, and out of place."""

import pytest

from tests.service.callback.callers import CA, a_case, ordered, talk, the_call
from tests.service.lines import CALLER, Line
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import CarrierFault
from voicebot.service.callback import hops
from voicebot.service.callback.order import CallOrder, write_order
from voicebot.service.hotline import context_of


@pytest.fixture
def call(line: Line) -> StaffCall:
    """A call that rings at the owner's."""
    return ordered(line, a_case(line))


def said(reply: object) -> str:
    assert isinstance(reply, hops.Ask | hops.Tell | hops.Connect)
    return reply.words


def test_key_one_connects_with_the_number_of_the_case_and_again_when_asked_again(line: Line, call: StaffCall) -> None:
    hops.greet(line.hotline, call.id, CA)
    first, again = (hops.accept(line.hotline, call.id, "1") for _ in range(2))
    assert isinstance(first, hops.Connect)
    assert (first, first.number) == (again, CALLER)
    assert the_call(line, call.id).state is StaffCallState.TAKEN


@pytest.mark.parametrize("key", ["", "2", "9"])
def test_any_other_key_connects_nobody(line: Line, call: StaffCall, key: str) -> None:
    assert "Nobody is connected" in said(hops.accept(line.hotline, call.id, key))
    assert the_call(line, call.id).result == "they did not press 1"
    assert said(hops.greet(line.hotline, call.id, CA)).startswith("This call is over")


def test_who_hung_up_before_they_were_connected_is_told_of_by_the_carrier(line: Line, call: StaffCall) -> None:
    hops.end(line.hotline, call.id, status="no-answer")
    assert the_call(line, call.id).result == "their telephone: no-answer"
    assert "call_not_made" in line.verbs(call.ticket_id)


def test_complainant_who_stays_on_the_line_is_connected_and_one_who_keys_has_agreed(
    line: Line, call: StaffCall
) -> None:
    hops.accept(line.hotline, call.id, "1")
    assert hops.agree(line.hotline, call.id, "") == hops.LetThrough()
    assert not the_call(line, call.id).agreed
    assert hops.agree(line.hotline, call.id, "5") == hops.LetThrough()
    assert the_call(line, call.id).agreed


def test_a_machine_that_is_known_for_one_is_not_connected(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    hops.detect(line.hotline, call.id, "machine_start")
    assert hops.agree(line.hotline, call.id, "") == hops.HangUpLeg()
    reply = hops.close_dial(line.hotline, call.id, status="completed", is_bridged=False, seconds=9)
    assert "A machine answered" in said(reply)
    assert the_call(line, call.id).result == "voicemail"


def test_an_announcement_outside_a_call_that_was_taken_connects_nobody(line: Line, call: StaffCall) -> None:
    assert hops.agree(line.hotline, call.id, "1") == hops.HangUpLeg()
    with pytest.raises(CarrierFault):
        hops.announce(line.hotline, "no such call")


@pytest.mark.parametrize(
    ("status", "words", "result"),
    [
        ("busy", "busy", "busy"),
        ("no-answer", "Nobody answered", "no_answer"),
        ("failed", "cannot be reached", "failed"),
    ],
)
def test_the_member_hears_why_nobody_was_connected(
    line: Line, call: StaffCall, status: str, words: str, result: str
) -> None:
    hops.accept(line.hotline, call.id, "1")
    reply = hops.close_dial(line.hotline, call.id, status=status, is_bridged=False, seconds=0)
    assert words in said(reply)
    assert the_call(line, call.id).result == result


def test_a_key_that_means_nothing_is_asked_for_once_more_then_what_is_known_counts(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    hops.agree(line.hotline, call.id, "1")
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=5)
    assert isinstance(hops.take_result(line.hotline, call.id, "7", is_last=False), hops.Ask)
    assert isinstance(hops.take_result(line.hotline, call.id, "7", is_last=True), hops.Tell)
    ended = the_call(line, call.id)
    assert (ended.keyed, ended.result) == ("", "reached")


def test_every_report_may_come_again_and_changes_nothing(line: Line, call: StaffCall) -> None:
    ended = talk(line, call, agrees="1", keyed="1")
    verbs = line.verbs(call.ticket_id)
    talk(line, call, bridged=False, status="busy")
    hops.detect(line.hotline, call.id, "human")
    assert the_call(line, call.id).result == ended.result
    assert line.verbs(call.ticket_id) == verbs


def test_a_member_s_line_that_breaks_while_theirs_rings_claims_no_talk(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    hops.agree(line.hotline, call.id, "1")
    hops.end(line.hotline, call.id, status="completed")
    assert the_call(line, call.id).result.startswith("the carrier did not say")
    assert line.promise(call.ticket_id).state == "open"


@pytest.fixture
def ladder(line: Line) -> StaffCall:
    """A call of the ladder that rings at the owner's."""
    ticket = a_case(line)
    promise_id = line.promise(ticket.id).id
    with line.work() as work:
        order = CallOrder(
            ticket=ticket,
            member=line.policy.staff[0],
            ordered_by="worker",
            kind=StaffCallKind.LADDER,
            purpose=f"warning:{promise_id}:half_gone:owner_1",
        )
        call = write_order(context_of(line.hotline, work), order)
        work.commit()
    assert call is not None
    line.run_jobs()
    return call


def test_key_one_takes_what_the_ladder_tells(line: Line, ladder: StaffCall) -> None:
    assert "you are on it" in said(hops.accept(line.hotline, ladder.id, "1"))
    with line.work() as work:
        ticket = work.tickets.get(ladder.ticket_id)
    assert ticket is not None
    assert (ticket.status, the_call(line, ladder.id).result) == (TicketStatus.ACKNOWLEDGED, "they take it")


def test_key_two_connects_with_the_complainant_now(line: Line, ladder: StaffCall) -> None:
    assert isinstance(hops.accept(line.hotline, ladder.id, "2"), hops.Connect)


def test_key_three_passes_it_on_and_says_to_whom_again_when_asked_again(line: Line, ladder: StaffCall) -> None:
    for _ in range(2):
        assert said(hops.accept(line.hotline, ladder.id, "3")).startswith("Passed on to Deputy, who is told now.")
    assert the_call(line, ladder.id).result == "passed on to deputy_1"


@pytest.mark.parametrize("key", ["", "7"])
def test_without_a_key_of_ours_the_ladder_goes_on(line: Line, ladder: StaffCall, key: str) -> None:
    assert said(hops.accept(line.hotline, ladder.id, key)) == "The ladder goes on by itself. Goodbye."
    assert the_call(line, ladder.id).result == "they pressed no key"

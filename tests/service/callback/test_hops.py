"""The carrier's questions on a call of ours, in order, twice, and out of place."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adjustments import keep
from tests.builders import a_drill
from tests.service.callback.callers import CA, a_case, calls_of, ordered, talk, the_call, with_callbacks
from tests.service.callback.ladder_calls import rung_for
from tests.service.lines import CALLER, Line
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.staff_call import StaffCall, StaffCallState
from voicebot.domain.ticket import TicketStatus
from voicebot.errors import CarrierFault
from voicebot.service.callback import hops
from voicebot.service.callback.words import TRIAL


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


@pytest.mark.requirement("V-05")
def test_where_no_message_may_be_left_nothing_is_said_until_a_key_shows_that_it_is_no_machine(
    line: Line, call: StaffCall, tmp_path: Path
) -> None:
    with_callbacks(line, tmp_path, record_talks=True)
    keep(line, AdjustmentKind.NO_MESSAGE)
    hops.greet(line.hotline, call.id, CA)
    hops.accept(line.hotline, call.id, "1")
    heard = hops.announce(line.hotline, call.id)
    assert (said(heard), heard.before) == ("Hello. There is a call for you. To take it, press 1.", "")
    assert hops.agree(line.hotline, call.id, "") == hops.HangUpLeg()
    assert hops.agree(line.hotline, call.id, "1") == hops.LetThrough()


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
    assert "Thank you" in said(hops.take_result(line.hotline, call.id, "2", is_last=False))
    hops.detect(line.hotline, call.id, "human")
    assert the_call(line, call.id).result == ended.result
    assert line.verbs(call.ticket_id) == verbs


def test_a_member_s_line_that_breaks_while_theirs_rings_claims_no_talk(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    hops.agree(line.hotline, call.id, "1")
    hops.end(line.hotline, call.id, status="completed")
    assert the_call(line, call.id).result.startswith("the carrier did not say")
    assert line.promise(call.ticket_id).state == "open"


def test_a_second_call_of_one_order_and_one_of_no_order_hear_nothing(line: Line, call: StaffCall) -> None:
    hops.greet(line.hotline, call.id, CA)
    assert hops.greet(line.hotline, call.id, "CA" + "9" * 32) == hops.HangUpLeg()
    assert hops.greet(line.hotline, "no such call", CA) == hops.HangUpLeg()


def test_a_telephone_that_is_tried_out_is_told_so_and_asked_nothing(line: Line) -> None:
    reply = hops.greet(line.hotline, TRIAL, CA)
    assert isinstance(reply, hops.Tell)
    assert "Harbour Goods" in reply.words


def test_who_rings_us_while_the_member_listens_is_not_rung(line: Line, call: StaffCall) -> None:
    line.reach("ask_story", carrier_call_id="CA2")
    assert said(hops.accept(line.hotline, call.id, "1")).startswith("This call is over")
    assert "talking to the hotline" in the_call(line, call.id).result


def test_a_key_after_the_call_was_ended_connects_nobody(line: Line, call: StaffCall) -> None:
    hops.end(line.hotline, call.id, status="completed")
    assert said(hops.accept(line.hotline, call.id, "1")).startswith("This call is over")


def test_complainant_who_did_not_ask_for_it_is_let_go_and_the_member_is_told(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    assert isinstance(hops.agree(line.hotline, call.id, "9"), hops.Tell)
    reply = hops.close_dial(line.hotline, call.id, status="completed", is_bridged=False, seconds=4)
    assert "nobody asked for this call" in said(reply)
    assert (the_call(line, call.id).refused, the_call(line, call.id).result) == (True, "somebody_else")


@pytest.mark.requirement("S4-03")
def test_they_wait_from_picking_up_though_the_question_comes_twice(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    words = hops.announce(line.hotline, call.id).words
    line.step(seconds=8)
    assert hops.announce(line.hotline, call.id).words == words
    hops.agree(line.hotline, call.id, "1")
    assert the_call(line, call.id).waited_s == 8


def test_a_recorded_talk_is_announced_before_any_key_is_taken(line: Line, tmp_path: Path) -> None:
    with_callbacks(line, tmp_path / "policy", record_talks=True)
    call = ordered(line, a_case(line))
    assert "The talk is recorded" in said(hops.accept(line.hotline, call.id, "1"))
    asked = hops.announce(line.hotline, call.id)
    assert "We record the talk" in asked.before
    assert "press 8" in asked.words


def test_who_hangs_up_instead_of_keying_leaves_what_is_known(line: Line, call: StaffCall) -> None:
    hops.accept(line.hotline, call.id, "1")
    hops.agree(line.hotline, call.id, "1")
    hops.close_dial(line.hotline, call.id, status="completed", is_bridged=True, seconds=40)
    hops.end(line.hotline, call.id, status="completed")
    assert the_call(line, call.id).result == "reached"
    assert line.promise(call.ticket_id).state == "kept"


def test_what_is_said_of_a_call_of_nobody_changes_nothing(line: Line) -> None:
    hops.detect(line.hotline, "no such call", "human")
    hops.end(line.hotline, "no such call", status="completed")
    with pytest.raises(CarrierFault):
        hops.close_dial(line.hotline, "no such call", status="completed", is_bridged=True, seconds=5)
    with pytest.raises(CarrierFault):
        hops.take_result(line.hotline, "no such call", "1", is_last=True)


# --- the complainant has rung us, and waits ------------------------------------------------------------------------


@pytest.fixture
def rang_in(line: Line) -> StaffCall:
    """The owner's telephone rings for somebody who is on the line."""
    ticket = a_case(line)
    line.step(minutes=5)
    line.key(line.ring(carrier_call_id="CA2"), "1")
    return calls_of(line, ticket)[-1]


def test_who_waits_is_let_in_by_key_one_alone(line: Line, rang_in: StaffCall) -> None:
    assert "Nobody is connected" in said(hops.accept(line.hotline, rang_in.id, ""))
    line.step(seconds=12)
    assert hops.accept(line.hotline, rang_in.id, "1") == hops.LetThrough()
    assert (the_call(line, rang_in.id).state, the_call(line, rang_in.id).waited_s) == (StaffCallState.TAKEN, 12)


def test_who_waits_no_more_is_connected_with_nobody(line: Line, rang_in: StaffCall) -> None:
    hops.end(line.hotline, rang_in.id, status="no-answer")
    assert said(hops.accept(line.hotline, rang_in.id, "1")).startswith("This call is over")


# --- the ladder, and its drill -------------------------------------------------------------------------------------


@pytest.fixture
def ladder(line: Line) -> StaffCall:
    """A call of the ladder that rings at the owner's."""
    ticket = a_case(line)
    return rung_for(line, ticket, f"warning:{line.promise(ticket.id).id}:half_gone:owner_1")


@pytest.fixture
def drill(line: Line) -> StaffCall:
    """A call of a drill that rings at the owner's."""
    ticket = a_case(line)
    with line.work() as work:
        begun = a_drill(ticket_id=ticket.id, began_at=line.clock.at, ends_at=line.clock.at + timedelta(hours=2))
        work.watch.add_drill(begun)
        work.commit()
    return rung_for(line, ticket, f"drill:{begun.id}:missed:owner_1")


@pytest.mark.requirement("D-10")
def test_a_drill_is_answered_by_key_one_and_goes_on_without(line: Line, drill: StaffCall) -> None:
    assert "goes on" in said(hops.accept(line.hotline, drill.id, ""))
    assert the_call(line, drill.id).result == "they pressed no key"


@pytest.mark.requirement("D-10")
def test_who_takes_a_drill_was_reached(line: Line, drill: StaffCall) -> None:
    hops.accept(line.hotline, drill.id, "1")
    with line.work() as work:
        answered = work.watch.drill("2026-03")
    assert answered is not None
    assert (answered.answered_by, the_call(line, drill.id).result) == ("owner_1", "they answered the drill")


@pytest.mark.requirement("D-10")
def test_who_takes_a_drill_after_its_end_is_told_that_it_is_over(line: Line, drill: StaffCall) -> None:
    line.step(hours=3)
    assert said(hops.accept(line.hotline, drill.id, "1")).startswith("This call is over")
    assert the_call(line, drill.id).result == "no drill is running"


def test_who_takes_what_was_made_good_meanwhile_is_thanked_and_the_call_says_why(line: Line, ladder: StaffCall) -> None:
    with line.work() as work:
        ticket = work.tickets.get(ladder.ticket_id)
        assert ticket is not None
        work.tickets.save(replace(ticket, status=TicketStatus.CLOSED))
        work.commit()
    assert "you are on it" in said(hops.accept(line.hotline, ladder.id, "1"))
    assert the_call(line, ladder.id).result.startswith("they wanted to take it: ")


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

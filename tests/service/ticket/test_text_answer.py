"""What somebody who writes to a known case gets back: a conversation by text, one automatic answer an hour."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.adjustments import keep
from tests.builders import a_shift
from tests.service.lines import CALLER, FLOWS_DIR, OTHER, Line, a_policy_dir, with_flows
from tests.service.texting import write_text
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.case_number import written
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, TicketStatus, ToldBy
from voicebot.flow.prompts import written_date
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.decision.waiting import waiting_for
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.staff.rota import add_shift
from voicebot.service.ticket.ending import answering, closing, dismissing


@pytest.fixture
def told(line: Line) -> CallAnswer:
    """A complaint by telephone, with its promise and its text."""
    return line.told_call()


def answers_to(line: Line, body: str, sid: str = "SM1") -> list[str]:
    """Write, and return what comes back."""
    before = len(line.sender.sent)
    write_text(line, body, sid)
    return [text for number, text in line.sender.sent[before:] if number == CALLER]


def decide(line: Line, told: CallAnswer, *, is_rule_told: bool = False) -> None:
    case = line.ticket(told).case_number
    log_callback(line.hotline, case, reason="spoke to her", actor="owner_1")
    act(
        line.hotline,
        case,
        answering(
            ruling=Ruling.GRANTED,
            told_by=ToldBy.CALL,
            words="money back",
            actor="owner_1",
            is_rule_told=is_rule_told,
        ),
    )
    line.run_jobs()


@pytest.mark.requirement("S0-11")
def test_status_says_who_has_the_case_and_when_we_call(line: Line, told: CallAnswer) -> None:
    (answer,) = answers_to(line, "Status please")
    assert "is with our case handler. We will call" in answer
    ticket = line.ticket(told)
    assert "Status" not in ticket.problem
    assert line.promise(ticket.id).state is PromiseState.OPEN


@pytest.mark.requirement("S1-22")
@pytest.mark.requirement("D-02")
def test_status_without_a_promised_call_names_the_day_of_the_decision_or_of_the_end_of_a_wait(
    line: Line, told: CallAnswer
) -> None:
    case = line.ticket(told).case_number
    log_callback(line.hotline, case, reason="spoke to her", actor="owner_1")
    with line.work() as work:
        term = work.decision_terms.current_of(told.call.ticket_id)
    assert term is not None
    assert term.due_at is not None
    day = written_date(term.due_at, zone=line.policy.calendar.zone, locale="en")
    (answer,) = answers_to(line, "STATUS")
    assert f"is with our case handler. You hear what we decide by {day}." in answer
    line.step(hours=2)
    act(line.hotline, case, waiting_for("the receipt", until=date(2026, 11, 24), actor="owner_1"))
    (answer,) = answers_to(line, "STATUS", "SM2")
    assert "We wait to hear from you until Tue 24 Nov." in answer


@pytest.mark.requirement("S0-11", "D-02")
def test_move_offers_three_times_and_one_digit_takes_one(line: Line, told: CallAnswer) -> None:
    standing = line.promise(told.call.ticket_id)
    (offer,) = answers_to(line, "MOVE")
    assert all(f"{number} for " in offer for number in (1, 2, 3))
    (answer,) = answers_to(line, "2", "SM2")
    before, now = line.promises(told.call.ticket_id)
    assert (before.state, now.state) == (PromiseState.MOVED, PromiseState.OPEN)
    assert now.window_opens_at > standing.window_opens_at
    assert "we will call you" in answer
    (added,) = answers_to(line, "2", "SM3") or [""]
    assert len(line.promises(told.call.ticket_id)) == 2, "the digit has chosen once"
    assert added == "", "and the automatic answer of this hour is used up"


@pytest.mark.requirement("V-05")
def test_who_asks_by_text_is_answered_by_text_though_no_message_is_left_for_them(line: Line, told: CallAnswer) -> None:
    """What was agreed is about what we send unasked. They chose the text, and silence would tell them nothing."""
    keep(line, AdjustmentKind.NO_MESSAGE)
    line.settle()
    assert "is with our case handler" in answers_to(line, "STATUS")[0]
    line.step(minutes=61)
    assert "3 for " in answers_to(line, "MOVE", "SM2")[0]
    assert "we will call you" in answers_to(line, "2", "SM3")[0]
    line.step(minutes=61)
    assert answers_to(line, "the fee is wrong as well", "SM4") != [], "words are answered, too"
    decide(line, told, is_rule_told=True)
    unasked = [sms.template for sms in line.texts(told) if sms.template.startswith("sms_answer")]
    assert unasked == [], "the text on the decision comes from us"
    line.step(minutes=61)
    assert "is settled" in answers_to(line, "1", "SM5")[0]
    line.step(minutes=61)
    write_text(line, "STOP", "SM6")
    assert answers_to(line, "STATUS", "SM7") == [], "a STOP holds for answers as well"


PROMISED, MISSED, CALLED = "promised", "missed", "called"


def bring_to(line: Line, told: CallAnswer, state: str) -> None:
    """Let the promised call be missed, or made."""
    if state == MISSED:
        line.clock.at = line.promise(told.call.ticket_id).window_closes_at + timedelta(minutes=1)
    elif state == CALLED:
        log_callback(line.hotline, line.ticket(told).case_number, reason="spoke", actor="owner_1")


@pytest.mark.parametrize(
    ("state", "said"),
    [(PROMISED, "the call stays as promised"), (MISSED, "Else nothing changes."), (CALLED, "Else nothing changes.")],
)
def test_move_says_that_a_call_stands_only_where_one_does(line: Line, told: CallAnswer, state: str, said: str) -> None:
    bring_to(line, told, state)
    (offer,) = answers_to(line, "MOVE")
    assert ("1 for" in offer, said in offer, "as promised" in offer) == (True, True, state == PROMISED)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PROMISED, "The call about case {case} stays as promised."),
        (MISSED, "You are still owed a call about case {case}."),
        (CALLED, "To be called, reply CALL."),
    ],
)
def test_move_where_no_other_time_is_free_says_which_call_stands(
    line: Line, told: CallAnswer, state: str, said: str
) -> None:
    bring_to(line, told, state)
    add_shift(line.hotline, a_shift("owner_1", "Sunday 11:00-12:00"), actor="boss")  # nobody works when windows open
    (answer,) = answers_to(line, "MOVE")
    assert said.format(case=written(line.ticket(told).case_number)) in answer
    assert ("as promised" in answer) == (state == PROMISED)


def test_a_digit_that_answers_nothing_is_kept_as_words(line: Line, told: CallAnswer) -> None:
    (answer,) = answers_to(line, "3")
    assert "added to your case" in answer
    with line.work() as work:
        assert [one.text for one in work.tickets.answers(told.call.ticket_id)][-1] == "3"


@pytest.mark.requirement("S0-11")
def test_anything_else_is_added_and_says_so_once_an_hour(line: Line, told: CallAnswer) -> None:
    (answer,) = answers_to(line, "it was the blue kettle")
    assert "added to your case" in answer
    assert answers_to(line, "and the lid, too", "SM2") == []
    line.step(hours=1, minutes=1)
    assert len(answers_to(line, "and the box", "SM3")) == 1
    with line.work() as work:
        assert len([one for one in work.tickets.answers(told.call.ticket_id) if one.slot == "sms"]) == 3


def test_call_on_a_case_that_owes_none_promises_one(line: Line, told: CallAnswer) -> None:
    log_callback(line.hotline, line.ticket(told).case_number, reason="spoke", actor="owner_1")
    (answer,) = answers_to(line, "Call me")
    assert "We will call you" in answer
    assert line.promise(told.call.ticket_id).state is PromiseState.OPEN


# --- after an answer ---------------------------------------------------------------------------------------


@pytest.mark.requirement("S1-17")
def test_the_reply_1_closes_an_answered_case(line: Line, told: CallAnswer) -> None:
    decide(line, told)
    (answer,) = answers_to(line, "1")
    closed = line.ticket(told)
    assert (closed.status, closed.close_reason) == (TicketStatus.CLOSED, CloseReason.AGREED)
    assert "as you told us" in answer


@pytest.mark.requirement("S1-17")
@pytest.mark.parametrize("words", ["2", "No, the money is not here", "thanks"])
def test_any_other_word_opens_an_answered_case_again_with_a_call(line: Line, told: CallAnswer, words: str) -> None:
    decide(line, told)
    (answer,) = answers_to(line, words)
    opened = line.ticket(told)
    assert (opened.status, opened.reopened) == (TicketStatus.OPEN, 1)
    assert line.promise(opened.id).state is PromiseState.OPEN
    assert "We will call you" in answer


def test_status_of_an_answered_case_and_of_a_closed_one(line: Line, told: CallAnswer) -> None:
    decide(line, told)
    assert "is answered. Settled?" in answers_to(line, "status")[0]
    act(line.hotline, line.ticket(told).case_number, closing(reason=CloseReason.AGREED, words="yes", actor="owner_1"))
    line.step(hours=2)
    line.run_jobs()
    assert "is closed" in answers_to(line, "status", "SM2")[-1]
    assert line.ticket(told).status is TicketStatus.CLOSED


# --- after the end -----------------------------------------------------------------------------------------


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("kind", ["closed", "dismissed"])
def test_words_after_the_end_open_the_same_case_with_a_call(line_on_both: Line, kind: str) -> None:
    line = line_on_both
    told = line.told_call()
    case = line.ticket(told).case_number
    log_callback(line.hotline, case, reason="spoke", actor="owner_1")
    closed = closing(reason=CloseReason.AGREED, words="content", actor="owner_1")
    dismissed = dismissing(kind=NotComplaint.SILENCE, words="nobody", actor="owner_1")
    act(line.hotline, case, closed if kind == "closed" else dismissed)
    line.step(days=59)
    (answer,) = answers_to(line, "it broke again")
    opened = line.ticket(told)
    assert (opened.status, opened.reopened, opened.close_reason) == (TicketStatus.OPEN, 1, None)
    assert line.promise(opened.id).state is PromiseState.OPEN
    assert "We will call you" in answer


def test_long_after_the_end_words_are_a_case_of_their_own(line: Line, told: CallAnswer) -> None:
    log_callback(line.hotline, line.ticket(told).case_number, reason="spoke", actor="owner_1")
    act(line.hotline, line.ticket(told).case_number, closing(reason=CloseReason.AGREED, words="ok", actor="owner_1"))
    line.step(days=61)
    answers_to(line, "another kettle")
    assert line.ticket(told).status is TicketStatus.CLOSED
    with line.work() as work:
        assert len(work.tickets.all()) == 2


def test_a_time_that_others_have_filled_meanwhile_is_not_promised(line: Line, told: CallAnswer, tmp_path: Path) -> None:
    levels = a_policy_dir(tmp_path / "policy") / "service_levels.yaml"
    levels.write_text(levels.read_text().replace("callbacks_per_window: 10", "callbacks_per_window: 1"))
    with_flows(line, FlowFiles(FLOWS_DIR, tmp_path / "policy"))
    before = line.promise(told.call.ticket_id)
    answers_to(line, "MOVE")
    line.told_call("CA2", OTHER)  # takes the first of them
    answers_to(line, "1", "SM2")
    assert line.promise(told.call.ticket_id).window == before.window

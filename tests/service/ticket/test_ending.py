"""How a case ends and comes back: told, closed, no complaint, open again; each with what it rests on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import at
from tests.service.lines import Line
from tests.service.texting import write_text
from voicebot.domain.promise import CallOutcome, PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, Ticket, TicketStatus, ToldBy
from voicebot.errors import Refused
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.hotline import context_of
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.ticket.ending import answering, close_as_withdrawn, close_waited, closing, dismissing, reopening
from voicebot.service.ticket.refusal import asking_refusal, confirming_refusal


@pytest.fixture
def told(line: Line) -> CallAnswer:
    """A complaint with its promise, Wednesday at ten."""
    return line.told_call()


def number_of(line: Line, told: CallAnswer) -> str:
    return line.ticket(told).case_number


def talk(line: Line, told: CallAnswer) -> None:
    log_callback(line.hotline, number_of(line, told), reason="spoke with her", actor="owner_1")


def tell(line: Line, told: CallAnswer, *, told_by: ToldBy = ToldBy.CALL, is_rule_told: bool = False) -> bool:
    return act(
        line.hotline,
        number_of(line, told),
        answering(
            ruling=Ruling.GRANTED,
            told_by=told_by,
            words="the money goes back",
            actor="owner_1",
            is_rule_told=is_rule_told,
        ),
    )


def close(line: Line, told: CallAnswer, reason: CloseReason) -> bool:
    return act(line.hotline, number_of(line, told), closing(reason=reason, words="as they said", actor="owner_1"))


def last_text(line: Line) -> str:
    line.run_jobs()
    return line.sender.sent[-1][1]


def refused_code(line: Line, told: CallAnswer, reason: CloseReason) -> str:
    before = line.ticket(told)
    with pytest.raises(Refused) as refusal:
        close(line, told, reason)
    assert line.ticket(told) == before
    return refusal.value.code


# --- a decision --------------------------------------------------------------------------------------------


@pytest.mark.requirement("S1-14")
def test_a_decision_told_in_a_talk_is_texted_with_the_day_on_which_it_stands(line: Line, told: CallAnswer) -> None:
    talk(line, told)
    assert tell(line, told)
    ticket = line.ticket(told)
    assert (ticket.status, ticket.ruling, ticket.told_by) == (TicketStatus.ANSWERED, Ruling.GRANTED, ToldBy.CALL)
    assert ticket.closes_at == at("Thursday 03 December 2026 18:00:00")  # Thanksgiving lies between
    assert "we do what you asked" in last_text(line)
    assert "until Thu 3 Dec" in last_text(line)
    assert "money" not in last_text(line)


def test_no_decision_is_told_by_a_call_that_nobody_logged(line: Line, told: CallAnswer) -> None:
    with pytest.raises(Refused, match="no talk") as refusal:
        tell(line, told)
    assert refusal.value.code == "talk-missing"
    assert line.ticket(told).status is TicketStatus.OPEN


def test_a_letter_does_not_take_the_place_of_the_promised_call(line: Line, told: CallAnswer) -> None:
    with pytest.raises(Refused, match="does not take its place") as refusal:
        tell(line, told, told_by=ToldBy.LETTER)
    assert refusal.value.code == "call-owed"
    log_callback(line.hotline, number_of(line, told), reason="", actor="owner_1", outcome=CallOutcome.NO_ANSWER)
    assert tell(line, told, told_by=ToldBy.LETTER)
    assert line.promise(told.call.ticket_id).state is PromiseState.WITHDRAWN
    assert "promise_withdrawn" in line.verbs(told.call.ticket_id)


def test_who_takes_no_texts_is_told_of_the_waiting_otherwise(line: Line, told: CallAnswer) -> None:
    line.change_ticket(told, may_text=False, text_trouble="landline")
    talk(line, told)
    with pytest.raises(Refused, match="name the day") as untold:
        tell(line, told)
    with pytest.raises(Refused, match="by call or letter") as impossible:
        tell(line, told, told_by=ToldBy.TEXT, is_rule_told=True)
    assert (untold.value.code, impossible.value.code) == ("rule-untold", "text-impossible")
    assert tell(line, told, is_rule_told=True)


@pytest.mark.parametrize("use", ["answer", "close", "dismiss", "reopen"])
def test_every_end_needs_words(line: Line, told: CallAnswer, use: str) -> None:
    case, hotline = number_of(line, told), line.hotline
    calls = {
        "answer": lambda: act(
            hotline, case, answering(ruling=Ruling.GRANTED, told_by=ToldBy.CALL, words=" ", actor="owner_1")
        ),
        "close": lambda: act(hotline, case, closing(reason=CloseReason.AGREED, words="\n", actor="owner_1")),
        "dismiss": lambda: act(hotline, case, dismissing(kind=NotComplaint.PRANK, words="", actor="owner_1")),
        "reopen": lambda: act(hotline, case, reopening(words="", actor="owner_1")),
    }
    with pytest.raises(Refused, match="words"):
        calls[use]()


# --- closing -----------------------------------------------------------------------------------------------


@pytest.mark.requirement("S1-17")
def test_closing_as_agreed_needs_a_word_of_the_complainant(line: Line, told: CallAnswer) -> None:
    assert refused_code(line, told, CloseReason.AGREED) == "talk-missing"
    assert refused_code(line, told, CloseReason.WITHDRAWN) == "talk-missing"
    talk(line, told)
    assert close(line, told, CloseReason.AGREED)
    ticket = line.ticket(told)
    assert (ticket.status, ticket.close_reason, ticket.ended_at) == (
        TicketStatus.CLOSED,
        CloseReason.AGREED,
        line.clock.now(),
    )
    assert "as you told us, case" in last_text(line)


@pytest.mark.requirement("S1-14", "S4-16")
def test_not_reached_takes_the_policys_tries_and_is_told(line: Line, told: CallAnswer) -> None:
    assert refused_code(line, told, CloseReason.NOT_REACHED) == "tries-missing"
    for _ in range(6):
        log_callback(line.hotline, number_of(line, told), reason="", actor="owner_1", outcome=CallOutcome.VOICEMAIL)
        line.step(minutes=10)
    assert refused_code(line, told, CloseReason.NOT_REACHED) == "tries-missing"
    line.step(days=20)
    assert close(line, told, CloseReason.NOT_REACHED)
    assert line.ticket(told).close_reason is CloseReason.NOT_REACHED
    assert "did not reach you" in last_text(line)


@pytest.mark.requirement("S1-15", "S4-01")
def test_an_end_without_a_decision_takes_two_people_and_is_told(line: Line, told: CallAnswer) -> None:
    case = number_of(line, told)
    assert refused_code(line, told, CloseReason.NO_DECISION) == "refusal-unconfirmed"
    act(line.hotline, case, asking_refusal(words="nothing to give", actor="owner_1"))
    assert refused_code(line, told, CloseReason.NO_DECISION) == "refusal-unconfirmed"
    act(line.hotline, case, confirming_refusal(words="I see no way either", actor="supervisor_1"))
    assert close(line, told, CloseReason.NO_DECISION)
    assert "no decision for you" in last_text(line)


@pytest.mark.parametrize("reason", [CloseReason.WAITED, CloseReason.HOUSE])
def test_what_the_hotline_does_by_rule_nobody_does_by_hand(line: Line, told: CallAnswer, reason: CloseReason) -> None:
    assert refused_code(line, told, reason) == "close-by-rule"


def test_an_end_leaves_nothing_owed_and_no_climb(line: Line, told: CallAnswer) -> None:
    line.step(hours=9)
    line.sweep()
    talk(line, told)
    close(line, told, CloseReason.WITHDRAWN)
    line.step(days=2)
    sent = len(line.sender.sent)
    line.sweep()
    assert len(line.sender.sent) == sent + 1, "the end itself is told, and nothing else"
    with line.work() as work:
        assert work.promises.open_of_ticket(told.call.ticket_id) is None
        assert all(breach.ended_at for breach in work.promises.breaches_of_ticket(told.call.ticket_id))


def test_a_second_press_closes_nothing_twice(line: Line, told: CallAnswer) -> None:
    talk(line, told)
    seen = 1
    done = [
        act(
            line.hotline,
            number_of(line, told),
            closing(
                reason=CloseReason.AGREED,
                words="settled",
                actor="owner_1",
                seen=seen,
            ),
        )
        for _ in range(2)
    ]
    assert done == [True, False]
    assert line.verbs(told.call.ticket_id).count("case_closed") == 1


# --- waiting -----------------------------------------------------------------------------------------------


def _answered(line: Line, told: CallAnswer) -> Ticket:
    talk(line, told)
    tell(line, told)
    line.run_jobs()
    answer = next(sms for sms in line.texts(told) if sms.template == "sms_answer_granted")
    assert answer.message_sid is not None
    record_receipt(line.hotline, answer.message_sid, "delivered", None)
    return line.ticket(told)


@pytest.mark.requirement("S1-17", "S4-16")
def test_an_answer_that_nobody_speaks_against_closes_the_case_when_its_time_is_over(line_on_both: Line) -> None:
    line = line_on_both
    told = line.told_call()
    ticket = _answered(line, told)
    assert ticket.closes_at is not None
    line.clock.step(ticket.closes_at - line.clock.now() - timedelta(seconds=1))
    line.sweep()
    assert line.ticket(told).status is TicketStatus.ANSWERED
    line.step(seconds=1)
    line.sweep()
    line.sweep()
    closed = line.ticket(told)
    assert (closed.status, closed.close_reason) == (TicketStatus.CLOSED, CloseReason.WAITED)
    assert line.verbs(closed.id).count("case_closed") == 1
    assert "you said nothing against our answer" in line.sender.sent[-1][1]


def test_who_was_not_told_of_the_waiting_is_called_instead(line: Line, told: CallAnswer) -> None:
    ticket = _answered(line, told)
    with line.work() as work:
        text = next(sms for sms in work.sms.of_ticket(ticket.id) if sms.template == "sms_answer_granted")
        work.sms.save(replace(text, state=SmsState.UNDELIVERED))
        work.commit()
    line.step(days=30)
    line.sweep()
    opened = line.ticket(told)
    assert (opened.status, opened.reopened, opened.ruling) == (TicketStatus.OPEN, 1, None)
    assert line.promise(ticket.id).state is PromiseState.OPEN


# --- no complaint, and back --------------------------------------------------------------------------------


@pytest.mark.requirement("D-01")
@pytest.mark.parametrize("kind", NotComplaint)
def test_what_is_no_complaint_owes_nothing_tells_nobody_and_comes_back(
    line: Line, told: CallAnswer, kind: NotComplaint
) -> None:
    case = number_of(line, told)
    sent = len(line.sender.sent)
    assert act(line.hotline, case, dismissing(kind=kind, words="a bag was talking", actor="deputy_1"))
    line.step(days=2)
    line.sweep()
    dismissed = line.ticket(told)
    assert (dismissed.status, dismissed.not_complaint) == (TicketStatus.NOT_A_COMPLAINT, kind)
    assert (line.promise(dismissed.id).state, len(line.sender.sent)) == (PromiseState.WITHDRAWN, sent)
    assert act(line.hotline, case, reopening(words="there was a voice after all", actor="owner_1"))
    again = line.ticket(told)
    assert (again.status, again.not_complaint, again.reopened) == (TicketStatus.OPEN, None, 1)
    promise = line.promise(again.id)
    assert (promise.state, promise.made_at) == (PromiseState.OPEN, line.clock.now())
    assert "is open again. We will call you" in last_text(line)


def test_a_case_without_a_number_owes_that_one_is_found_when_it_comes_back(line: Line, told: CallAnswer) -> None:
    case = number_of(line, told)
    act(line.hotline, case, dismissing(kind=NotComplaint.SILENCE, words="nobody there", actor="deputy_1"))
    line.change_ticket(told, complainant_number=None)
    act(line.hotline, case, reopening(words="somebody breathed", actor="owner_1"))
    assert line.promise(told.call.ticket_id).target == "find_number"


def test_an_open_case_is_not_opened(line: Line, told: CallAnswer) -> None:
    case = number_of(line, told)
    acknowledge(line.hotline, case, actor="owner_1")
    with pytest.raises(Refused, match="cannot become open"):
        act(line.hotline, case, reopening(words="again", actor="owner_1"))


@pytest.mark.parametrize(("says", "status"), [("1", TicketStatus.CLOSED), ("No, it is not", TicketStatus.OPEN)])
def test_whoever_answers_our_answer_by_text_closes_the_case_or_opens_it_again(
    line: Line, told: CallAnswer, says: str, status: TicketStatus
) -> None:
    talk(line, told)
    tell(line, told)
    write_text(line, says, "SM1")
    ticket = line.ticket(told)
    assert (ticket.status, ticket.close_reason) == (status, CloseReason.AGREED if says == "1" else None)
    assert not close_waited(line.hotline, ticket.id), "nothing waits for a word any more"


def test_a_case_that_its_complainant_gave_up_in_a_call_is_closed_once(line: Line, told: CallAnswer) -> None:
    for _ in range(2):
        with line.work() as work:
            close_as_withdrawn(context_of(line.hotline, work), line_ticket(line, told, work))
            work.commit()
    ticket = line.ticket(told)
    assert (ticket.status, ticket.close_reason) == (TicketStatus.CLOSED, CloseReason.WITHDRAWN)
    assert line.verbs(ticket.id).count("case_closed") == 1
    assert line.promise(ticket.id).state is PromiseState.WITHDRAWN


def line_ticket(line: Line, told: CallAnswer, work: UnitOfWork) -> Ticket:
    ticket = work.tickets.get(told.call.ticket_id)
    assert ticket is not None
    return ticket

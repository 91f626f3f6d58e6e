"""Cases opened, written to, acknowledged."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.lines import CALLER, OTHER, OWN, OWNER, Line
from tests.service.ticket.test_text_budget import with_budgets
from tests.statements import statements_of
from voicebot.domain.call import CallEnd
from voicebot.domain.case_number import without_pin
from voicebot.domain.picture import FileSent
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import Channel, CloseReason, NotComplaint, Ticket, is_open
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.inbound_text import (
    MANY_SENDERS,
    MOST_IN_SHARED_CASE,
    IncomingText,
    knows_text,
    log_text,
)
from voicebot.service.ticket.text_budget import OWN_CASES

MOST_STATEMENTS = 20
"""Beside locks and the job, of two transactions: 35 took PostgreSQL 142 ms (p50) at 50 texts a second."""
MOST_WHILE_OTHERS_WAIT = 5
"""From the look at all windows to the commit, beside the job: whoever else makes a promise waits that long.

Two of them keep the words for the search."""


def text(
    line: Line, body: str, *, sender: str = OTHER, sid: str = "SM1", opt_out: str | None = None, files: int = 0
) -> None:
    sent = (FileSent(kind="image/jpeg", media_sid=None),) * files
    log_text(line.hotline, IncomingText(message_sid=sid, sender=sender, body=body, opt_out=opt_out, files=sent))
    line.run_jobs()


def cases(line: Line) -> list[Ticket]:
    """Return the complaints: what holds an alarm of the house is none."""
    with line.work() as work:
        return [each for each in work.tickets.all() if each.close_reason is not CloseReason.HOUSE]


@pytest.mark.requirement("S0-11")
def test_a_text_from_a_stranger_opens_a_case_with_the_same_promise_and_says_so(line: Line) -> None:
    text(line, "The shop sold me a broken lamp")
    (ticket,) = cases(line)
    assert (ticket.channel, ticket.complainant_number) == (Channel.SMS, OTHER)
    assert ticket.problem == "The shop sold me a broken lamp"
    (answer,) = line.sender.to(OTHER)
    assert "your text is kept" in answer
    assert "11:00-13:00" in answer
    assert line.promise(ticket.id).words == without_pin(answer, ticket.pin)


def test_a_text_delivered_twice_is_logged_once(line: Line) -> None:
    text(line, "broken lamp")
    text(line, "broken lamp")
    (ticket,) = cases(line)
    assert ticket.problem == "broken lamp"
    assert len(line.sender.sent) == 1


def test_a_repeated_text_of_a_number_we_cannot_call_opens_no_second_case(line: Line) -> None:
    text(line, "broken lamp", sender="72345")
    text(line, "broken lamp", sender="72345")
    (ticket,) = cases(line)
    assert ticket.complainant_number is None
    assert line.sender.sent == []
    assert "text_impossible" in line.verbs(ticket.id)


@pytest.mark.parametrize("sender", ["72345", "HARBOUR", "+385911234567", "whatsapp:+12025550143", "00385911234567"])
def test_who_cannot_be_called_has_one_case_with_the_sender_on_it_and_is_not_answered(line: Line, sender: str) -> None:
    for number in range(3):
        text(line, f"words {number}", sender=sender, sid=f"SM{number}")
    text(line, "somebody else", sender="54321", sid="SM9")
    theirs = next(ticket for ticket in cases(line) if ticket.written_from != "54321")
    assert len(cases(line)) == 2
    assert sorted(theirs.problem.split("\n")) == ["words 0", "words 1", "words 2"]
    assert theirs.written_from == ("+385911234567" if sender.endswith("385911234567") else sender)
    assert (theirs.complainant_number, line.sender.sent) == (None, [])


NOBODY_TO_CALL = ("72345", "HARBOUR", "+385911234567", "whatsapp:+12025550143")


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("sender", NOBODY_TO_CALL)
def test_a_case_written_by_somebody_whom_nobody_can_call_owes_that_a_number_is_found(line: Line, sender: str) -> None:
    text(line, "broken lamp, and it smells", sender=sender)
    text(line, "my number is in the letter", sender=sender, sid="SM2")
    (ticket,) = cases(line)
    (promise,) = line.promises(ticket.id)
    assert (promise.target, promise.state, promise.words) == ("find_number", PromiseState.OPEN, "")
    line.step(seconds=(promise.window_closes_at - promise.made_at).total_seconds() + 60)
    line.sweep()
    with line.work() as work:
        told = {sms.template for sms in work.sms.of_ticket(ticket.id)}
    assert told == {"sms_staff_find_number"}
    assert line.sender.to(sender) == []


def test_more_words_after_their_number_was_found_and_called_are_for_staff_again(line: Line) -> None:
    text(line, "broken lamp", sender="72345")
    log_callback(line.hotline, cases(line)[0].case_number, reason="found in our books, called", actor="owner_1")
    text(line, "it broke again", sender="72345", sid="SM2")
    promises = line.promises(cases(line)[0].id)
    assert sorted((one.target, one.state) for one in promises) == [
        ("find_number", PromiseState.KEPT),
        ("find_number", PromiseState.OPEN),
    ]


def test_a_request_for_no_texts_by_somebody_whom_nobody_can_call_owes_nothing(line: Line) -> None:
    text(line, "stop texting me", sender="whatsapp:+12025550143")
    assert cases(line) == []


def test_a_text_goes_to_the_senders_newest_open_case(line: Line) -> None:
    answer = line.told_call()
    text(line, "and the box was wet", sender=CALLER)
    assert line.ticket(answer).problem == "my parcel came broken\nand the box was wet"
    assert ["added to your case" in text for _, text in line.sender.sent] == [False, True]


def keyed_call(line: Line) -> CallAnswer:
    """Take a call from CALLER that wants to be rung at OTHER."""
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "confirm_number")
    answer = line.key(line.go_to(line.key(answer, "2"), "ask_number"), OTHER.removeprefix("+1"))
    answer = line.go_to(line.key(answer, "1"), "tell_case_number")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    return answer


def test_a_reply_from_the_phone_that_rang_goes_to_its_case_though_another_number_was_keyed(line: Line) -> None:
    answer = keyed_call(line)
    assert line.ticket(answer).complainant_number == OTHER
    assert len(line.sender.to(CALLER)) == 1
    text(line, "and the box was wet", sender=CALLER)
    assert [case.id for case in cases(line)] == [answer.call.ticket_id]
    assert line.ticket(answer).problem.endswith("and the box was wet")
    text(line, "STOP", sender=CALLER, sid="SM2")
    assert not line.ticket(answer).may_text


def test_a_stranger_whose_number_was_keyed_writes_to_a_case_of_their_own(line: Line) -> None:
    answer = keyed_call(line)
    text(line, "STOP", sender=OTHER)
    assert line.ticket(answer).may_text
    text(line, "who are you?", sender=OTHER, sid="SM2")
    assert len(cases(line)) == 2
    assert "who are you?" not in line.ticket(answer).problem


@pytest.mark.parametrize("sender", [OWN, OWNER])
def test_texts_from_our_own_number_and_from_staff_open_no_case(line: Line, sender: str) -> None:
    text(line, "on my way", sender=sender)
    assert cases(line) == []


@pytest.mark.parametrize(("body", "opt_out"), [(" Stop ", None), ("whatever", "STOP")])
def test_stop_is_stored_and_answered_with_nothing(line: Line, body: str, opt_out: str | None) -> None:
    answer = line.told_call()
    text(line, body, sender=CALLER, opt_out=opt_out)
    ticket = line.ticket(answer)
    assert (ticket.may_text, ticket.text_trouble) == (False, "opted_out")
    assert len(line.sender.sent) == 1
    text(line, "START", sender=CALLER, sid="SM2")
    assert line.ticket(answer).may_text
    with line.work() as work:
        assert not work.sms.opted_out(CALLER, OWN)


@pytest.mark.parametrize("has_case", [True, False])
def test_a_stop_that_is_delivered_again_does_not_undo_the_start_after_it(line: Line, has_case: bool) -> None:
    answer = line.told_call() if has_case else None
    for sid, body in (("SM1", "STOP"), ("SM2", "START"), ("SM1", "STOP")):
        line.step(minutes=1)
        text(line, body, sender=CALLER, sid=sid)
    with line.work() as work:
        assert not work.sms.opted_out(CALLER, OWN)
    assert answer is None or line.ticket(answer).may_text


def test_a_request_in_other_words_is_honoured_and_its_words_stand_in_the_history(line: Line) -> None:
    answer = line.told_call()
    text(line, "Please stop texting me.", sender=CALLER)
    assert not line.ticket(answer).may_text
    text(line, "you can text me again", sender=CALLER, sid="SM2")
    assert line.ticket(answer).may_text
    with line.work() as work:
        told = {entry.verb: entry.after for entry in work.tickets.history(answer.call.ticket_id)}
    assert (told["texts_stopped"], told["texts_started"]) == ("Please stop texting me.", "you can text me again")
    assert line.ticket(answer).problem == "my parcel came broken"


def test_a_complaint_that_asks_for_a_stop_is_kept_as_words(line: Line) -> None:
    answer = line.told_call()
    text(line, "Please stop the water leaking", sender=CALLER)
    assert line.ticket(answer).problem.endswith("Please stop the water leaking")
    assert line.ticket(answer).may_text


def test_the_carrier_s_help_is_noted_on_the_case_and_answered_by_nothing(line: Line) -> None:
    answer = line.told_call()
    text(line, "HELP", sender=CALLER, opt_out="HELP")
    assert "texts_asked_about" in line.verbs(answer.call.ticket_id)
    assert line.ticket(answer).may_text
    assert len(line.sender.sent) == 1


@pytest.mark.parametrize("body", ["STOP", "broken lamp"])
def test_a_text_that_is_repeated_when_its_id_is_long_forgotten_changes_nothing(line: Line, body: str) -> None:
    text(line, body, sender=CALLER)
    text(line, "START", sender=CALLER, sid="SM2")
    with line.work() as work:
        work.retention.forget_ids(line.clock.now() + timedelta(days=400))
        work.commit()
    text(line, body, sender=CALLER)
    assert len(cases(line)) == (body != "STOP")
    with line.work() as work:
        assert not work.sms.opted_out(CALLER, OWN)


def test_a_stop_found_late_does_not_undo_a_start_that_came_after_it(line: Line) -> None:
    answer = line.told_call()
    text(line, "START", sender=CALLER, sid="SM2")
    found = IncomingText(message_sid="SM1", sender=CALLER, body="STOP", later_sids=("SM2",))
    log_text(line.hotline, found)
    assert line.ticket(answer).may_text
    with line.work() as work:
        assert not work.sms.opted_out(CALLER, OWN)


def test_a_stop_found_late_counts_where_nothing_came_after_it(line: Line) -> None:
    answer = line.told_call()
    found = IncomingText(message_sid="SM1", sender=CALLER, body="stop please", later_sids=("SM2",))
    log_text(line.hotline, found)
    assert not line.ticket(answer).may_text


@pytest.mark.parametrize(("body", "opt_out"), [("STOP", None), ("help", "HELP"), ("?", "SOMETHING")])
def test_words_about_texts_open_no_case(line: Line, body: str, opt_out: str | None) -> None:
    text(line, body, opt_out=opt_out)
    text(line, "stop", sender="SHOP", sid="SM3")
    assert cases(line) == []
    assert line.sender.sent == []


def test_a_text_that_opens_a_case_asks_the_database_for_little(line_on_both: Line) -> None:
    line = line_on_both
    text(line, "The shop sold me a broken lamp", sid="SM1")
    incoming = IncomingText(message_sid="SM2", sender=CALLER, body="And my parcel came broken")
    with statements_of(line.engine) as sent:
        assert log_text(line.hotline, incoming)
    held = [statement for statement in sent if "pg_advisory" in statement]
    assert len(held) == (3 if line.engine.dialect.name == "postgresql" else 0)
    assert len(sent) - len(held) <= MOST_STATEMENTS, "\n".join(sent)
    (windows,) = (at for at, statement in enumerate(sent) if "GROUP BY promises.window_closes_at" in statement)
    assert len(sent) - windows - 1 <= MOST_WHILE_OTHERS_WAIT, "\n".join(sent[windows:])


def test_a_complaint_that_also_wants_no_texts_is_kept_promised_and_answered_by_none(line: Line) -> None:
    text(line, "My kettle broke. Stop texting me and call me instead")
    (ticket,) = cases(line)
    assert ticket.problem == "My kettle broke. Stop texting me and call me instead"
    assert (line.promise(ticket.id).words, line.sender.sent) == ("", [])
    assert "text_impossible" in line.verbs(ticket.id)
    with line.work() as work:
        assert work.sms.opted_out(OTHER, OWN)
    text(line, "START", sid="SM2")
    text(line, "and the lid is gone", sid="SM3")
    assert cases(line)[0].problem.endswith("and the lid is gone")


def test_who_wants_no_texts_in_one_sentence_gets_none_of_the_case_that_stands(line: Line) -> None:
    answer = line.told_call()
    before = len(line.sender.sent)
    text(line, "do not send me any more texts! where is my parcel?", sender=CALLER)
    assert not line.ticket(answer).may_text
    assert line.ticket(answer).problem.endswith("where is my parcel?")
    assert {"texts_stopped", "text_received"} <= set(line.verbs(answer.call.ticket_id))
    assert len(line.sender.sent) == before


@pytest.mark.parametrize("opt_out", [None, "STOP"])
def test_a_request_with_a_picture_keeps_the_picture(line: Line, opt_out: str | None) -> None:
    files = (FileSent(kind="image/jpeg", media_sid=None),)
    told = IncomingText(message_sid="SM1", sender=OTHER, body="stop", opt_out=opt_out, files=files)
    log_text(line.hotline, told)
    log_text(line.hotline, told)
    line.run_jobs()
    (ticket,) = cases(line)
    with line.work() as work:
        assert len(work.pictures.of_ticket(ticket.id)) == 1
        assert work.sms.opted_out(OTHER, OWN)
    assert line.sender.sent == []


def test_who_asks_how_their_case_stands_is_answered_and_adds_nothing_to_it(line: Line) -> None:
    text(line, "broken lamp")
    line.step(minutes=61)
    text(line, "STATUS", sid="SM2")
    (ticket,) = cases(line)
    assert (ticket.problem, len(line.sender.to(OTHER))) == ("broken lamp", 2)


# --- texts from where too many come ------------------------------------------------------------------------


def test_a_text_over_its_senders_budget_is_kept_on_the_case_and_no_second_one_is_answered(
    line: Line, tmp_path: Path
) -> None:
    with_budgets(line, tmp_path, per_number={"an_hour": 1}, kept_a_day=2)
    for number, body in enumerate(("broken lamp", "and a broken lid", "and so on")):
        text(line, body, sid=f"SM{number}")
    (ticket,) = cases(line)
    assert ticket.problem == "broken lamp\nand a broken lid", "the third was counted only"
    assert len(line.sender.to(OTHER)) == 1


def test_a_closed_case_opens_again_for_words_over_the_budget_but_promises_no_call(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, per_number={"an_hour": 1})
    text(line, "broken lamp")
    (ticket,) = cases(line)
    act(line.hotline, ticket.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    text(line, "it was no praise", sid="SM2")
    (again,) = cases(line)
    assert is_open(again)
    assert (again.problem, len(line.sender.to(OTHER))) == ("broken lamp\nit was no praise", 1)
    assert line.verbs(ticket.id)[-1] == "promise_withheld"


def test_texts_of_ever_new_numbers_share_a_case_that_names_each_sender(line: Line, tmp_path: Path) -> None:
    with_budgets(line, tmp_path, in_all={"an_hour": 1})
    text(line, "first", sid="SM-first")
    for number in range(OWN_CASES):
        text(line, "own", sender=f"+1212555{number:04}", sid=f"SM-own-{number}")
    for number in range(MOST_IN_SHARED_CASE + 1):
        text(line, "", sender=f"+1212556{number:04}", sid=f"SM-{number}", files=1)
    *_, full, last = cases(line)
    assert (full.written_from, last.written_from) == (MANY_SENDERS, MANY_SENDERS)
    with line.work() as work:
        kept = [answer.text for answer in work.tickets.answers(full.id)]
    assert (len(kept), kept[0]) == (MOST_IN_SHARED_CASE, "+12125560000: (1 file: image/jpeg)")


# --- what is not a text ------------------------------------------------------------------------------------


def test_a_text_is_known_once_it_was_logged(line: Line) -> None:
    assert not knows_text(line.hotline, "SM1")
    text(line, "broken lamp")
    assert knows_text(line.hotline, "SM1")

"""What becomes of a text: receipts in any order, and what an error says about the person."""

from dataclasses import replace

import pytest

from tests.builders import a_text_request, an_sms
from tests.service.lines import CALLER, OWN, OWNER, Line
from tests.service.outbox.test_sms import CASE_SID, only, waiting
from tests.service.texting import cases, write_text
from voicebot.domain.sms import Sms, SmsState
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.hotline import context_of
from voicebot.service.outbox.delivery import move_sms
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.outbox.sms import record_receipt
from voicebot.service.ports import SmsRefused

__all__ = ["waiting"]


def only_in(work: object, answer: CallAnswer) -> Sms:
    (sms,) = work.sms.of_ticket(answer.call.ticket_id)  # type: ignore[attr-defined]
    return sms


@pytest.mark.parametrize(
    ("code", "trouble", "is_out"),
    [(21614, "landline", False), (21610, "opted_out", True), (21408, "", False)],
)
def test_what_a_refusal_says_about_the_person_stands_on_the_ticket(
    line: Line, waiting: CallAnswer, code: int, trouble: str, is_out: bool
) -> None:
    line.sender.trouble = [SmsRefused(code)]
    line.run_jobs()
    ticket = line.ticket(waiting)
    assert (ticket.text_trouble, ticket.may_text) == (trouble, not trouble)
    assert (only(line, waiting).state, only(line, waiting).error_code) == (SmsState.FAILED, code)
    with line.work() as work:
        assert work.sms.opted_out(CALLER, OWN) is is_out


def test_receipts_in_any_order_leave_the_last_word_to_the_final_one(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    for status in ("delivered", "sent", "queued", "delivered", "nonsense"):
        record_receipt(line.hotline, CASE_SID, status, None)
    assert only(line, waiting).state is SmsState.DELIVERED
    record_receipt(line.hotline, CASE_SID, "failed", 30008)
    assert only(line, waiting).state is SmsState.DELIVERED


def test_a_receipt_that_is_faster_than_our_own_commit_is_not_lost(line: Line, waiting: CallAnswer) -> None:
    record_receipt(line.hotline, CASE_SID, "delivered", None)
    line.run_jobs()
    assert only(line, waiting).state is SmsState.DELIVERED


def test_an_undelivered_text_to_a_landline_is_known_from_its_receipt(line: Line, waiting: CallAnswer) -> None:
    line.run_jobs()
    record_receipt(line.hotline, CASE_SID, "undelivered", 30006)
    assert line.ticket(waiting).text_trouble == "landline"
    assert "text_settled" in line.verbs(waiting.call.ticket_id)


def test_who_opted_out_meanwhile_gets_nothing(line: Line, waiting: CallAnswer) -> None:
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=CALLER, is_out=True))
        work.commit()
    line.run_jobs()
    assert (only(line, waiting).state, only(line, waiting).reason) == (SmsState.SUPPRESSED, "opted out")


def test_who_said_no_to_texts_meanwhile_gets_nothing(line: Line, waiting: CallAnswer) -> None:
    line.change_ticket(waiting, may_text=False)
    line.run_jobs()
    assert only(line, waiting).reason == "texts are not wanted"


def test_a_number_outside_the_gate_gets_nothing(line: Line, waiting: CallAnswer) -> None:
    with line.work() as work:
        work.sms.save(replace(only_in(work, waiting), recipient="+870772001234"))
        work.commit()
    line.run_jobs()
    assert only(line, waiting).reason == "the number gate stopped it"


def test_a_promise_told_only_by_a_text_that_did_not_arrive_is_told_to_nobody(line: Line) -> None:
    write_text(line, "my parcel came broken", "SM1")
    (ticket,) = cases(line)
    assert line.promise(ticket.id).words
    record_receipt(line.hotline, CASE_SID, "undelivered", 30006)
    assert line.promise(ticket.id).words == "", "staff see that the complainant does not wait for the call"
    assert "promise_untold" in line.verbs(ticket.id)


@pytest.mark.parametrize(("kind", "is_noted"), [(TextKind.STEP, True), (TextKind.MORNING, False)])
def test_a_text_to_staff_that_fails_says_nothing_about_the_complainant(
    line: Line, waiting: CallAnswer, kind: TextKind, is_noted: bool
) -> None:
    sms = an_sms(id="to-staff", ticket_id=waiting.call.ticket_id, purpose=purpose(kind, "x"), recipient=OWNER)
    with line.work() as work:
        assert work.sms.add(sms)
        move_sms(context_of(line.hotline, work), sms, SmsState.FAILED, error_code=21614)
        work.commit()
    assert (line.ticket(waiting).text_trouble, line.ticket(waiting).may_text) == ("", True)
    assert ("text_settled" in line.verbs(waiting.call.ticket_id)) is is_noted

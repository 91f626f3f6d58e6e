"""The outbox: each text written once, claimed once; receipts kept once; opt-outs by pair."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_TEN, a_text_request, a_ticket, an_sms
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.sms import SmsState

Maker = Callable[[], SqlUnitOfWork]
AtOnce = Callable[..., list[Any]]
MINUTE = timedelta(minutes=1)
HOTLINE = "+12025550100"


@pytest.fixture(autouse=True)
def ticket(unit_of_work: Maker) -> None:
    """One ticket."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.commit()


def test_text_comes_back_as_it_was_written(unit_of_work: Maker) -> None:
    failed = an_sms(
        id="sms-2",
        purpose="step:1",
        state=SmsState.FAILED,
        message_sid="SM2",
        error_code=30006,
        reason="landline",
        attempts=3,
        created_at=MONDAY_TEN + MINUTE,
        state_at=MONDAY_TEN + 2 * MINUTE,
    )
    with unit_of_work() as work:
        assert work.sms.add(an_sms())
        assert work.sms.add(failed)
        work.commit()
    with unit_of_work() as work:
        assert work.sms.get("sms-2") == failed
        assert work.sms.by_sid("SM2") == failed
        assert work.sms.by_sid("SM3") is None
        assert work.sms.of_ticket("ticket-1") == [an_sms(), failed]


def test_new_text_is_as_old_as_its_state(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms(state_at=None))
        assert work.sms.get("sms-1") == an_sms()


def test_same_action_never_texts_twice(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.sms.add(an_sms())
        assert not work.sms.add(an_sms(id="sms-2"))
        work.commit()
    with unit_of_work() as work:
        assert work.sms.of_ticket("ticket-1") == [an_sms()]


def test_text_is_due_from_its_instant_on(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms(not_before=MONDAY_TEN + MINUTE))
        work.sms.add(an_sms(id="sms-2", purpose="2", state=SmsState.SENT))
        assert work.sms.due(MONDAY_TEN, 10) == []
        assert [sms.id for sms in work.sms.due(MONDAY_TEN + MINUTE, 10)] == ["sms-1"]


def test_text_not_yet_due_or_claimed_before_is_not_claimed(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms(not_before=MONDAY_TEN + MINUTE))
        assert work.sms.claim("sms-1", MONDAY_TEN) is None
        claimed = work.sms.claim("sms-1", MONDAY_TEN + MINUTE)
        assert claimed is not None
        assert (claimed.state, claimed.state_at) == (SmsState.SENDING, MONDAY_TEN + MINUTE)
        assert work.sms.claim("sms-1", MONDAY_TEN + MINUTE) is None
        assert work.sms.claim("sms-9", MONDAY_TEN + MINUTE) is None


def test_one_of_eight_workers_claims_a_text(unit_of_work: Maker, at_once: AtOnce) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms())
        work.commit()

    def claim(_worker: int) -> bool:
        with unit_of_work() as work:
            claimed = work.sms.claim("sms-1", MONDAY_TEN)
            work.commit()
            return claimed is not None

    assert sum(at_once(claim)) == 1


def test_stuck_texts_are_those_whose_state_has_not_moved(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms(id="old", purpose="1", state=SmsState.SENDING))
        work.sms.add(an_sms(id="new", purpose="2", state=SmsState.SENDING, state_at=MONDAY_TEN + MINUTE))
        work.sms.add(an_sms(id="done", purpose="3", state=SmsState.DELIVERED))
        stuck = work.sms.stuck([SmsState.SENDING, SmsState.UNKNOWN], MONDAY_TEN + MINUTE, 10)
        assert [sms.id for sms in stuck] == ["old"]


def test_texts_to_a_number_are_counted_once_taken_up_and_not_if_held_back(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms(id="1", purpose="1", state=SmsState.SENT, created_at=MONDAY_TEN - MINUTE))
        work.sms.add(an_sms(id="2", purpose="2", state=SmsState.SENT))
        work.sms.add(an_sms(id="3", purpose="3", state=SmsState.SUPPRESSED))
        work.sms.add(an_sms(id="4", purpose="4", state=SmsState.SENT, recipient="+12025550199"))
        work.sms.add(an_sms(id="5", purpose="5", state=SmsState.WAITING))
        assert work.sms.count_to("+12025550143", MONDAY_TEN) == 1


def test_receipt_is_kept_once_for_each_status(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.sms.add_receipt("SM1", "sent", None, MONDAY_TEN)
        assert not work.sms.add_receipt("SM1", "sent", None, MONDAY_TEN + MINUTE)
        assert work.sms.add_receipt("SM1", "failed", 30006, MONDAY_TEN + MINUTE)
        assert work.sms.receipts("SM1") == [("sent", None), ("failed", 30006)]
        assert work.sms.receipts("SM2") == []


def test_receipt_meets_its_text_in_whichever_order_they_are_stored(unit_of_work: Maker, at_once: AtOnce) -> None:
    with unit_of_work() as work:
        for number in range(8):
            work.sms.add(an_sms(id=str(number), purpose=str(number), state=SmsState.SENDING))
        work.commit()

    def store_sid_or_receipt(which: int) -> bool:
        number, is_receipt = divmod(which, 2)
        with unit_of_work() as work:
            if is_receipt:
                work.sms.add_receipt(f"SM{number}", "delivered", None, MONDAY_TEN)
                met = work.sms.by_sid(f"SM{number}") is not None
            else:
                sms = work.sms.get(str(number))
                assert sms is not None
                work.sms.save(replace(sms, message_sid=f"SM{number}", state=SmsState.QUEUED))
                met = bool(work.sms.receipts(f"SM{number}"))
            work.commit()
            return met

    met = at_once(store_sid_or_receipt, 16)
    assert [met[2 * number] + met[2 * number + 1] for number in range(8)] == [1] * 8


def test_two_receipts_at_once_do_not_undo_each_other(unit_of_work: Maker, at_once: AtOnce) -> None:
    with unit_of_work() as work:
        work.sms.add(an_sms(message_sid="SM1", state=SmsState.QUEUED))
        work.commit()

    def count_up(_receipt: int) -> None:
        with unit_of_work() as work:
            sms = work.sms.by_sid("SM1")
            assert sms is not None
            work.sms.save(replace(sms, attempts=sms.attempts + 1))
            work.commit()

    at_once(count_up)
    with unit_of_work() as work:
        assert work.sms.get("sms-1") == an_sms(message_sid="SM1", state=SmsState.QUEUED, attempts=8)


def test_opt_out_holds_for_the_pair_until_taken_back(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert not work.sms.opted_out("+12025550143", HOTLINE)
        work.sms.add_text_request(a_text_request(recipient="+12025550143", is_out=True))
        assert work.sms.opted_out("+12025550143", HOTLINE)
        assert not work.sms.opted_out("+12025550143", "+12025550101")
        work.sms.add_text_request(a_text_request(recipient="+12025550143", is_out=False))
        assert not work.sms.opted_out("+12025550143", HOTLINE)


def test_the_request_that_came_last_holds_whatever_the_clock_says(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.sms.add_text_request(a_text_request(message_sid="SM1", is_out=True, at=MONDAY_TEN + MINUTE))
        assert work.sms.add_text_request(a_text_request(message_sid="SM2", is_out=False, at=MONDAY_TEN))
        assert not work.sms.opted_out("+12025550143", HOTLINE)
        assert not work.sms.add_text_request(a_text_request(message_sid="SM1", is_out=True, at=MONDAY_TEN + 2 * MINUTE))
        assert not work.sms.opted_out("+12025550143", HOTLINE)


def test_a_request_found_after_a_newer_one_is_known_and_changes_nothing(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.sms.add_text_request(a_text_request(message_sid="SM2", is_out=False))
        work.sms.add_text_request(a_text_request(message_sid="SM1", is_out=True, is_overtaken=True))
        assert not work.sms.opted_out("+12025550143", HOTLINE)
        assert work.sms.knows_text_request(("SM0", "SM1"))
        assert not work.sms.knows_text_request(("SM0",))


def test_text_received_twice_is_remembered_once(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.sms.add_inbound("SM9", MONDAY_TEN)
        assert not work.sms.add_inbound("SM9", MONDAY_TEN)

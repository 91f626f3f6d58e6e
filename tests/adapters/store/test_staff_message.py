"""The outbox for staff: each message written once by each channel, claimed once, found when it is due or stuck."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY_TEN, a_staff_message, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.staff_message import MessageState

Maker = Callable[[], SqlUnitOfWork]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ticket(unit_of_work: Maker) -> None:
    """One ticket."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.commit()


def test_message_comes_back_as_it_was_written_and_saved(unit_of_work: Maker) -> None:
    sent = a_staff_message(state=MessageState.SENT, receipt="CA1", reason="rings", attempts=3)
    with unit_of_work() as work:
        assert work.staff_messages.add(a_staff_message())
        work.staff_messages.save(sent)
        work.commit()
    with unit_of_work() as work:
        assert work.staff_messages.get("message-1") == sent
        assert work.staff_messages.of_ticket("ticket-1") == [sent]
        assert work.staff_messages.by_receipt("e-mail", "CA1") == sent
        assert work.staff_messages.by_receipt("chat", "CA1") is None
        assert work.staff_messages.by_receipt("e-mail", "") is None


def test_one_purpose_is_told_once_by_each_channel(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.staff_messages.add(a_staff_message())
        assert not work.staff_messages.add(a_staff_message(id="message-2"))
        assert work.staff_messages.add(a_staff_message(id="message-3", channel="chat"))


def test_one_of_many_claims_a_message_and_the_claim_counts(
    unit_of_work: Maker, at_once: Callable[..., list[Any]]
) -> None:
    with unit_of_work() as work:
        work.staff_messages.add(a_staff_message())
        work.commit()

    def claim(_: int) -> object:
        with unit_of_work() as work:
            claimed = work.staff_messages.claim("message-1", MONDAY_TEN)
            work.commit()
            return claimed

    claimed = [each for each in at_once(claim) if each is not None]
    assert claimed == [a_staff_message(state=MessageState.SENDING, attempts=1)]


def test_what_is_not_due_is_neither_found_nor_claimed(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.staff_messages.add(a_staff_message(not_before=MONDAY_TEN + MINUTE))
        assert work.staff_messages.due(MONDAY_TEN, 10) == []
        assert work.staff_messages.claim("message-1", MONDAY_TEN) is None
        assert [each.id for each in work.staff_messages.due(MONDAY_TEN + MINUTE, 10)] == ["message-1"]


def test_what_stands_in_a_state_for_too_long_is_found(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.staff_messages.add(a_staff_message(state=MessageState.SENDING))
        assert work.staff_messages.stuck([MessageState.SENDING], MONDAY_TEN, 10) == []
        assert len(work.staff_messages.stuck([MessageState.SENDING], MONDAY_TEN + MINUTE, 10)) == 1
        assert work.staff_messages.stuck([MessageState.SENT], MONDAY_TEN + MINUTE, 10) == []


def test_messages_to_a_member_by_a_channel_are_counted_once_they_were_taken_up(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for number, state in enumerate(MessageState):
            work.staff_messages.add(a_staff_message(id=f"m{number}", purpose=f"alarm:{number}", state=state))
        work.staff_messages.add(a_staff_message(id="chat", channel="chat", state=MessageState.TAKEN))
        assert work.staff_messages.count_to("owner_1", "e-mail", MONDAY_TEN) == len(MessageState) - 2
        assert work.staff_messages.count_to("owner_1", "e-mail", MONDAY_TEN + MINUTE) == 0
        assert work.staff_messages.count_to("deputy_1", "e-mail", MONDAY_TEN) == 0

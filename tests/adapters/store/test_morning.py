"""What a morning list is made of, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import (
    MONDAY_TEN,
    a_breach,
    a_decision_term,
    a_notice,
    a_promise,
    a_staff_message,
    a_step,
    a_ticket,
    an_sms,
)
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.decision_term import TermState
from voicebot.domain.escalation import NOBODY
from voicebot.domain.notice import NoticeState
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import TicketStatus

pytestmark = pytest.mark.requirement("D-07")

Maker = Callable[[], SqlUnitOfWork]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CASES = {"old": "482913756", "new": "482913757", "closed": "482913758"}


@pytest.fixture(autouse=True)
def tickets(unit_of_work: Maker) -> None:
    """An old case, a new one, and one that is closed."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="new", case_number=CASES["new"], opened_at=MONDAY_TEN + HOUR))
        work.tickets.add(a_ticket(id="old", case_number=CASES["old"]))
        work.tickets.add(a_ticket(id="closed", case_number=CASES["closed"], status=TicketStatus.CLOSED))
        work.commit()


def test_misses_are_those_since_and_those_that_go_on(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for name, at, ended_at in (
            ("long ago", MONDAY_TEN - 9 * DAY, MONDAY_TEN - 8 * DAY),
            ("goes on", MONDAY_TEN - 9 * DAY, None),
            ("since", MONDAY_TEN, MONDAY_TEN + HOUR),
        ):
            work.promises.add(a_promise(id=name, ticket_id="old", state=PromiseState.BREACHED))
            work.promises.add_breach(a_breach(id=name, promise_id=name, ticket_id="old", at=at, ended_at=ended_at))
        work.promises.take_step(a_step(subject_id="goes on", ticket_id="old"))
        found = work.morning.missed(MONDAY_TEN, 10)
        assert [(each.case_number, each.owner_id, each.steps, each.ended_at) for each in found] == [
            (CASES["old"], "owner_1", 1, None),
            (CASES["old"], "owner_1", 0, MONDAY_TEN + HOUR),
        ]
        assert len(work.morning.missed(MONDAY_TEN, 1)) == 1


def test_promised_are_calls_to_be_made_by_then(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.promises.add(a_promise(ticket_id="old"))
        work.promises.add(a_promise(id="kept", ticket_id="new", state=PromiseState.KEPT))
        work.promises.add(a_promise(id="silent", ticket_id="closed", is_silent=True))
        closes_at = a_promise().window_closes_at
        assert [each.closes_at for each in work.morning.promised(closes_at, 10)] == [closes_at]
        assert work.morning.promised(closes_at - HOUR, 10) == []


def test_oldest_are_open_cases_in_the_order_in_which_they_came(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert [each.case_number for each in work.morning.oldest(10)] == [CASES["old"], CASES["new"]]


def test_decisions_that_wait_are_late_due_or_want_a_second_person(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="refused", case_number="482913759", refusal_asked_by="owner_1"))
        late = {"state": TermState.LATE, "due_at": MONDAY_TEN - DAY}
        work.decision_terms.add(a_decision_term(id="late", ticket_id="old", **late))
        work.decision_terms.add(a_decision_term(id="over", ticket_id="new", ended_at=MONDAY_TEN, **late))
        work.decision_terms.add(a_decision_term(id="due", ticket_id="new", due_at=MONDAY_TEN + HOUR))
        work.decision_terms.add(a_decision_term(id="later", ticket_id="old", due_at=MONDAY_TEN + 2 * DAY))
        again = late | {"due_at": MONDAY_TEN, "attempt": 2}
        work.decision_terms.add(a_decision_term(id="late again", ticket_id="old", **again))
        found = work.morning.decisions(MONDAY_TEN + HOUR, 10)
    assert [(each.case_number, each.at) for each in found.late] == [(CASES["old"], MONDAY_TEN - DAY)]
    assert [(each.case_number, each.at) for each in found.due] == [(CASES["new"], MONDAY_TEN + HOUR)]
    assert [(each.case_number, each.owner_id) for each in found.refusals] == [("482913759", "owner_1")]


def test_untold_is_what_reached_nobody_and_not_what_was_overtaken(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.promises.take_step(a_step(ticket_id="old", told=NOBODY))
        work.promises.take_step(a_step(subject_id="other", ticket_id="old"))
        work.notices.add(a_notice(ticket_id="old", state=NoticeState.UNTOLD, reason="answered STOP"))
        for number, (state, reason) in enumerate(
            (
                (MessageState.FAILED, "no such mailbox"),
                (MessageState.SUPPRESSED, "too many"),
                (MessageState.SUPPRESSED, "the complainant was called meanwhile"),
                (MessageState.TAKEN, ""),
            )
        ):
            purpose = f"step:breach-1:{number}:owner_1"
            work.staff_messages.add(
                a_staff_message(id=f"m{number}", ticket_id="old", purpose=purpose, state=state, reason=reason)
            )
        for number, (to, state) in enumerate(
            (("step:b:s:deputy_1", SmsState.UNDELIVERED), ("call_end:old", SmsState.FAILED))
        ):
            work.sms.add(an_sms(id=f"s{number}", ticket_id="old", purpose=to, state=state))
        found = work.morning.untold(MONDAY_TEN, 10, text_kinds=("step", "alarm"), held_back=("too many",))
        later = work.morning.untold(MONDAY_TEN + DAY, 10, text_kinds=("step",), held_back=())
    assert {(each.who, each.why) for each in found} == {
        ("", "nobody of this step could be reached"),
        ("owner_1", "answered STOP"),
        ("owner_1", "no such mailbox"),
        ("owner_1", "too many"),
        ("step:b:s:deputy_1", "the carrier could not deliver it"),
    }
    assert later == []

"""The life of a case: the table is total, every end has its reason, and a refusal needs two people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_ticket
from voicebot.domain.ticket import (
    CLOSED_FROM,
    GOING_ON,
    OPEN_STATUSES,
    SOLVED,
    TICKET_TRANSITIONS,
    CloseReason,
    NotComplaint,
    Ruling,
    Ticket,
    TicketStatus,
    ToldBy,
    acknowledge,
    answer,
    ask_refusal,
    ask_supervisor,
    close,
    confirm_refusal,
    dismiss,
    is_open,
    is_over,
    merge,
    overrule_refusal,
    reopen,
    unmerge,
)
from voicebot.errors import Refused

LATER = MONDAY_TEN + timedelta(days=14)


def a_case_in(status: TicketStatus) -> Ticket:
    """Build a case that stands there, with all that an end can have left on it."""
    over = status in (TicketStatus.CLOSED, TicketStatus.NOT_A_COMPLAINT)
    return a_ticket(
        status=status,
        closes_at=LATER if status is TicketStatus.ANSWERED else None,
        ruling=Ruling.PARTLY if status is TicketStatus.ANSWERED else None,
        told_by=ToldBy.CALL if status is TicketStatus.ANSWERED else None,
        ended_at=MONDAY_TEN if over else None,
        close_reason=CloseReason.WAITED if status is TicketStatus.CLOSED else None,
        not_complaint=NotComplaint.PRANK if status is TicketStatus.NOT_A_COMPLAINT else None,
        merged_into="ticket-9" if status is TicketStatus.MERGED else None,
    )


def _answered(ticket: Ticket) -> Ticket:
    return answer(ticket, Ruling.GRANTED, told_by=ToldBy.CALL, closes_at=LATER)


STEPS: dict[TicketStatus, tuple[Callable[[Ticket], Ticket], ...]] = {
    TicketStatus.OPEN: (reopen, unmerge),
    TicketStatus.ACKNOWLEDGED: (acknowledge,),
    TicketStatus.ANSWERED: (_answered,),
    TicketStatus.CLOSED: (lambda ticket: close(ticket, CloseReason.WITHDRAWN, at=LATER),),
    TicketStatus.NOT_A_COMPLAINT: (lambda ticket: dismiss(ticket, NotComplaint.SILENCE, at=LATER),),
    TicketStatus.MERGED: (lambda ticket: merge(ticket, a_ticket(id="ticket-9")),),
}
"""What leads to each status; one of several is the way from any one place."""


@pytest.mark.parametrize("current", TicketStatus)
@pytest.mark.parametrize("wanted", TicketStatus)
def test_every_step_is_legal_or_refused_without_change(current: TicketStatus, wanted: TicketStatus) -> None:
    ticket = a_case_in(current)
    reached, refused = [], []
    for step in STEPS[wanted]:
        try:
            reached.append(step(ticket).status)
        except Refused as refusal:
            refused.append(refusal.code)
    if wanted in TICKET_TRANSITIONS[current]:
        assert reached == [wanted]
    elif current is wanted is TicketStatus.ACKNOWLEDGED:
        assert step(ticket) == ticket
    else:
        assert (reached, set(refused)) == ([], {"ticket-transition"})
    assert ticket == a_case_in(current)


def test_the_table_names_every_status_and_every_reason() -> None:
    assert set(TICKET_TRANSITIONS) == set(TicketStatus)
    assert set(CLOSED_FROM) == set(CloseReason)
    assert set().union(*CLOSED_FROM.values()) == set(GOING_ON)


@pytest.mark.parametrize("current", GOING_ON)
@pytest.mark.parametrize("reason", CloseReason)
def test_a_reason_closes_from_its_own_statuses_only(current: TicketStatus, reason: CloseReason) -> None:
    ticket = replace(a_case_in(current), refusal_asked_by="owner_1", refusal_confirmed_by="supervisor_1")
    if current in CLOSED_FROM[reason]:
        closed = close(ticket, reason, at=LATER)
        assert (closed.status, closed.close_reason, closed.ended_at) == (TicketStatus.CLOSED, reason, LATER)
        assert is_over(closed)
    else:
        with pytest.raises(Refused, match=f"not closed as {reason}") as refusal:
            close(ticket, reason, at=LATER)
        assert refusal.value.code == "ticket-transition"


@pytest.mark.requirement("S4-16")
def test_only_the_complainants_own_yes_counts_as_solved() -> None:
    assert set(SOLVED) == {CloseReason.AGREED}


@pytest.mark.requirement("S1-17")
def test_waiting_ends_at_the_instant_that_was_told_and_not_a_moment_before() -> None:
    ticket = _answered(a_ticket())
    with pytest.raises(Refused, match="still has time") as refusal:
        close(ticket, CloseReason.WAITED, at=LATER - timedelta(microseconds=1))
    assert refusal.value.code == "ticket-waiting"
    assert close(ticket, CloseReason.WAITED, at=LATER).close_reason is CloseReason.WAITED


@pytest.mark.parametrize(
    "current", [status for status in TicketStatus if TicketStatus.OPEN in TICKET_TRANSITIONS[status]]
)
def test_what_opens_again_has_no_trace_of_its_end(current: TicketStatus) -> None:
    ticket = a_case_in(current)
    if current is TicketStatus.MERGED:
        assert unmerge(ticket) == a_ticket()
    else:
        assert reopen(ticket) == a_ticket(reopened=1)
        assert reopen(replace(ticket, reopened=4)).reopened == 5


@pytest.mark.requirement("S4-01")
def test_we_cannot_help_is_said_by_two_people() -> None:
    asked = ask_refusal(a_ticket(), "owner_1")
    for one in (a_ticket(), asked):
        with pytest.raises(Refused, match="two people") as refusal:
            answer(one, Ruling.REFUSED, told_by=ToldBy.LETTER, closes_at=LATER)
        assert refusal.value.code == "refusal-unconfirmed"
        with pytest.raises(Refused, match="two people"):
            close(one, CloseReason.NO_DECISION, at=LATER)
    confirmed = confirm_refusal(asked, "supervisor_1")
    told = answer(confirmed, Ruling.REFUSED, told_by=ToldBy.LETTER, closes_at=LATER)
    assert (told.status, told.ruling, told.refusal_confirmed_by) == (
        TicketStatus.ANSWERED,
        Ruling.REFUSED,
        "supervisor_1",
    )
    assert close(confirmed, CloseReason.NO_DECISION, at=LATER).close_reason is CloseReason.NO_DECISION


@pytest.mark.requirement("S4-01")
@pytest.mark.parametrize("look", [confirm_refusal, overrule_refusal])
def test_the_second_look_is_somebody_elses_and_at_something(look: Callable[[Ticket, str], Ticket]) -> None:
    with pytest.raises(Refused, match="nothing to confirm") as nothing:
        look(a_ticket(), "supervisor_1")
    with pytest.raises(Refused, match="somebody else") as same:
        look(ask_refusal(a_ticket(), "owner_1"), "owner_1")
    assert (nothing.value.code, same.value.code) == ("refusal-not-asked", "refusal-same")


def test_a_second_person_may_find_that_we_can_help() -> None:
    assert overrule_refusal(ask_refusal(a_ticket(), "owner_1"), "supervisor_1") == a_ticket()


@pytest.mark.parametrize("status", [status for status in TicketStatus if status not in OPEN_STATUSES])
def test_only_of_an_open_case_somebody_says_that_we_cannot_help_and_only_once(status: TicketStatus) -> None:
    with pytest.raises(Refused, match="only of an open case"):
        ask_refusal(a_case_in(status), "owner_1")
    with pytest.raises(Refused, match="second person is to look"):
        ask_refusal(ask_refusal(a_ticket(), "owner_1"), "deputy_1")


@pytest.mark.parametrize("current", TicketStatus)
def test_a_case_is_merged_only_while_it_goes_on(current: TicketStatus) -> None:
    ticket, older = replace(a_case_in(current), id="ticket-2"), a_ticket()
    if current in GOING_ON:
        merged = merge(ticket, older)
        assert (merged.status, merged.merged_into) == (TicketStatus.MERGED, "ticket-1")
    else:
        with pytest.raises(Refused, match="cannot become merged"):
            merge(ticket, older)


@pytest.mark.parametrize("status", [status for status in TicketStatus if status not in GOING_ON])
def test_a_case_is_not_merged_into_itself_nor_into_one_that_is_over(status: TicketStatus) -> None:
    with pytest.raises(Refused, match="still goes on"):
        merge(a_ticket(), a_ticket())
    with pytest.raises(Refused, match="still goes on"):
        merge(a_ticket(), replace(a_case_in(status), id="ticket-2"))


@pytest.mark.requirement("S1-03")
def test_every_request_for_a_supervisor_counts_and_the_first_instant_stays() -> None:
    once = ask_supervisor(a_ticket(), MONDAY_TEN)
    twice = ask_supervisor(once, MONDAY_TEN + timedelta(minutes=1))
    assert (once.supervisor_asks, once.supervisor_asked_at) == (1, MONDAY_TEN)
    assert (twice.supervisor_asks, twice.supervisor_asked_at) == (2, MONDAY_TEN)


@pytest.mark.parametrize("status", TicketStatus)
def test_a_case_is_open_until_a_decision_was_told_or_it_ended(status: TicketStatus) -> None:
    assert is_open(a_ticket(status=status)) is (status in (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED))


@pytest.mark.parametrize(
    "end",
    [
        lambda case: close(case, CloseReason.WITHDRAWN, at=MONDAY_TEN),
        lambda case: dismiss(case, NotComplaint.PRANK, at=MONDAY_TEN),
        lambda case: merge(case, a_ticket(id="ticket-9")),
        lambda case: answer(case, Ruling.GRANTED, told_by=ToldBy.CALL, closes_at=MONDAY_TEN),
    ],
    ids=["closed", "no complaint", "joined", "answered"],
)
def test_a_case_that_no_longer_waits_for_us_is_offered_to_nobody(end: Callable[[Ticket], Ticket]) -> None:
    assert end(a_ticket(offered_to="deputy_1")).offered_to is None

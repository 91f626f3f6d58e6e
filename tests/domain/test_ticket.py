"""A case's statuses: the table is total."""

from datetime import timedelta

import pytest

from tests.builders import MONDAY_TEN, a_ticket
from voicebot.domain.ticket import TICKET_TRANSITIONS, TicketStatus, advance, ask_supervisor, is_open, merge
from voicebot.errors import Refused


@pytest.mark.parametrize("current", TicketStatus)
@pytest.mark.parametrize("wanted", [status for status in TicketStatus if status is not TicketStatus.MERGED])
def test_every_step_is_legal_or_refused_without_change(current: TicketStatus, wanted: TicketStatus) -> None:
    ticket = a_ticket(status=current)
    if wanted in TICKET_TRANSITIONS[current]:
        assert advance(ticket, wanted) == a_ticket(status=wanted)
    else:
        with pytest.raises(Refused, match=f"is {current} and cannot become {wanted}") as refusal:
            advance(ticket, wanted)
        assert refusal.value.code == "ticket-transition"
    assert ticket == a_ticket(status=current)


@pytest.mark.parametrize("current", TicketStatus)
def test_a_case_is_merged_only_while_it_is_open(current: TicketStatus) -> None:
    ticket, older = a_ticket(id="ticket-2", status=current), a_ticket()
    if TicketStatus.MERGED in TICKET_TRANSITIONS[current]:
        merged = merge(ticket, older)
        assert (merged.status, merged.merged_into) == (TicketStatus.MERGED, "ticket-1")
    else:
        with pytest.raises(Refused, match="cannot become merged"):
            merge(ticket, older)


def test_a_case_is_not_merged_into_itself_nor_into_one_that_is_merged() -> None:
    with pytest.raises(Refused, match="still goes on"):
        merge(a_ticket(), a_ticket())
    with pytest.raises(Refused, match="still goes on"):
        merge(a_ticket(), a_ticket(id="ticket-2", status=TicketStatus.MERGED))


def test_merging_needs_the_other_case() -> None:
    with pytest.raises(AssertionError, match="names the ticket"):
        advance(a_ticket(), TicketStatus.MERGED)


def test_the_table_names_every_status() -> None:
    assert set(TICKET_TRANSITIONS) == set(TicketStatus)


@pytest.mark.requirement("S1-03")
def test_every_request_for_a_supervisor_counts_and_the_first_instant_stays() -> None:
    once = ask_supervisor(a_ticket(), MONDAY_TEN)
    twice = ask_supervisor(once, MONDAY_TEN + timedelta(minutes=1))
    assert (once.supervisor_asks, once.supervisor_asked_at) == (1, MONDAY_TEN)
    assert (twice.supervisor_asks, twice.supervisor_asked_at) == (2, MONDAY_TEN)


@pytest.mark.parametrize("status", TicketStatus)
def test_a_case_is_open_until_it_is_resolved(status: TicketStatus) -> None:
    assert is_open(a_ticket(status=status)) is (status in (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED))

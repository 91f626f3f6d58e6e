"""Each end of a case is counted for itself, on both databases; who was not reached is never counted as helped."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.adapters.store.test_figures import FIRST, TWO_WEEKS, WEEK
from tests.builders import MONDAY_TEN, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.ticket import CloseReason, NotComplaint, TicketStatus
from voicebot.service.ports import EndingLine, GroupBy

Works = Callable[[], SqlUnitOfWork]


@pytest.fixture
def ended(unit_of_work: Works) -> Works:
    """Two of anna's agreed and one not reached; one of ben's withdrawn in the second week, and silence; one goes on."""
    ends = (
        ("anna", CloseReason.AGREED, None, 0),
        ("anna", CloseReason.AGREED, None, 0),
        ("anna", CloseReason.NOT_REACHED, None, 0),
        ("ben", CloseReason.WITHDRAWN, None, 1),
        ("ben", None, NotComplaint.SILENCE, 1),
        ("ben", None, None, 1),
        ("anna", CloseReason.WAITED, None, 5),
    )
    with unit_of_work() as work:
        for number, (owner, reason, kind, weeks) in enumerate(ends):
            is_over = TicketStatus.CLOSED if reason else TicketStatus.NOT_A_COMPLAINT if kind else TicketStatus.OPEN
            ticket = a_ticket(
                id=f"ticket-{number}",
                case_number=f"{number:09}",
                owner_id=owner,
                status=is_over,
                close_reason=reason,
                not_complaint=kind,
                opened_at=MONDAY_TEN + weeks * WEEK,
            )
            work.tickets.add(ticket)
        work.commit()
    return unit_of_work


@pytest.mark.requirement("S4-16")
@pytest.mark.requirement("D-01")
def test_each_end_is_counted_for_itself_in_the_week_of_its_case(ended: Works) -> None:
    with ended() as work:
        by_week = work.figures.endings(TWO_WEEKS, GroupBy.WEEK)
        by_owner = work.figures.endings(TWO_WEEKS, GroupBy.OWNER)
        (in_all,) = work.figures.endings(TWO_WEEKS, GroupBy.ALL).values()
    assert by_week == {"0": EndingLine(agreed=2, not_reached=1), "1": EndingLine(withdrawn=1, silence=1)}
    assert by_owner == {"anna": by_week["0"], "ben": by_week["1"]}
    assert in_all == EndingLine(agreed=2, not_reached=1, withdrawn=1, silence=1)
    assert FIRST < MONDAY_TEN < FIRST + timedelta(days=1)

"""What follows from the fields of a case that was found."""

from tests.builders import MONDAY_TEN
from voicebot.domain.ticket import TicketStatus
from voicebot.service.ports import FoundCase


def test_a_case_that_was_found_is_named_as_people_write_it() -> None:
    found = FoundCase(
        ticket_id="ticket-1",
        case_number="482719300",
        status=TicketStatus.OPEN,
        owner_id="owner_1",
        opened_at=MONDAY_TEN,
        locale="en",
        complainant_number=None,
    )
    assert found.case == "482-719-300"

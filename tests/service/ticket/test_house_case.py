"""What concerns the house alone hangs on no complaint."""

from tests.service.lines import Line
from voicebot.domain.ticket import CloseReason, Ticket, TicketStatus
from voicebot.service.hotline import context_of
from voicebot.service.ticket.house_case import house_case, open_house_case


def held(line: Line) -> Ticket:
    with line.work() as work:
        ticket = house_case(context_of(line.hotline, work))
        work.commit()
    return ticket


def test_it_is_opened_once_and_nothing_is_due_on_it(line: Line) -> None:
    ticket = held(line)
    line.step(minutes=1)
    line.told_call()
    assert held(line) == ticket, "no complaint takes its place, however new"
    with line.work() as work:
        assert work.decision_terms.current_of(ticket.id) is None
        assert work.promises.of_ticket(ticket.id) == []
    assert (ticket.status, ticket.complainant_number) == (TicketStatus.CLOSED, None)
    assert line.verbs(ticket.id)[-1] == "note_written"


def test_the_newest_of_several_is_taken(line: Line) -> None:
    held(line)
    line.step(minutes=1)
    with line.work() as work:
        drill = open_house_case(context_of(line.hotline, work), holds="a drill")
        work.commit()
    assert held(line).id == drill.id
    assert drill.close_reason is CloseReason.HOUSE

"""What concerns the house alone hangs on no complaint."""

from tests.builders import an_answer
from tests.service.lines import Line
from voicebot.domain.ticket import AnswerState, CloseReason, Ticket, TicketStatus
from voicebot.service.hotline import context_of
from voicebot.service.ticket.house_case import house_case, open_house_case
from voicebot.service.upkeep.retention import erase_due


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


def test_what_it_holds_goes_in_its_time_though_something_comes_each_day(line_on_both: Line) -> None:
    line = line_on_both
    ticket = held(line)
    line.step(days=29)
    assert held(line) == ticket
    line.step(days=1, minutes=1)
    assert held(line).id != ticket.id


def test_what_a_test_call_says_is_no_complaint_that_nobody_answers(line: Line) -> None:
    """Its voice was kept for years, as that of such a complaint is."""
    with line.work() as work:
        ticket = open_house_case(context_of(line.hotline, work), holds="the test call")
        work.tickets.add_answer(an_answer(ticket_id=ticket.id, state=AnswerState.DONE, text="one two three"))
        work.commit()
    line.step(days=60)
    assert erase_due(line.hotline).marked_unanswered == 0

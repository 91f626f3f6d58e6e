"""Which cases are about one matter."""

import pytest

from tests.service.lines import OTHER, Line
from tests.service.ticket.test_tasks import the_part
from voicebot.domain.ticket import Ticket
from voicebot.service.staff.decision import act
from voicebot.service.ticket.matter import cases_of_matter
from voicebot.service.ticket.splitting import joining, splitting, taking_out


@pytest.fixture
def case(line: Line) -> Ticket:
    """A case with its promise."""
    return line.ticket(line.told_call())


def matter(line: Line, case: Ticket) -> set[str]:
    with line.work() as work:
        known = work.tickets.get(case.id)
        assert known is not None
        return set(cases_of_matter(work, known))


def joined(line: Line, case: Ticket, carrier_call_id: str = "CA2") -> Ticket:
    """Return a case of somebody else that was joined into this one."""
    other = line.ticket(line.told_call(carrier_call_id, OTHER))
    act(line.hotline, other.case_number, joining(case.case_number, words="one lamp", actor="owner_1"))
    return other


def split(line: Line, case: Ticket) -> Ticket:
    """Return a part that was split off."""
    with line.work() as work:
        chosen = work.tickets.answers(case.id)[0].id
    act(line.hotline, case.case_number, splitting([chosen], words="the kettle", actor="owner_1"))
    return the_part(line, case)


@pytest.mark.requirement("S4-06")
def test_what_was_joined_and_what_was_split_off_is_one_matter_seen_from_each(line: Line, case: Ticket) -> None:
    assert matter(line, case) == {case.id}
    other = joined(line, case)
    part = split(line, case)
    everything = {case.id, other.id, part.id}
    assert [matter(line, each) for each in (case, part)] == [everything, everything]


def test_what_was_taken_out_again_is_another_matter(line: Line, case: Ticket) -> None:
    other = joined(line, case)
    act(line.hotline, case.case_number, taking_out(other.case_number, words="two lamps", actor="owner_1"))
    assert (matter(line, case), matter(line, other)) == ({case.id}, {other.id})


@pytest.mark.requirement("S4-06")
def test_a_part_that_is_joined_elsewhere_leads_to_where_it_came_from(line: Line, case: Ticket) -> None:
    part = split(line, case)
    other = line.ticket(line.told_call("CA2", OTHER))
    act(line.hotline, part.case_number, joining(other.case_number, words="one kettle", actor="owner_1"))
    assert matter(line, other) == {case.id, part.id, other.id}

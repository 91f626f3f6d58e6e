"""Everything of one number, on both databases: which cases are theirs, what lies there, and what lies beside."""

from collections.abc import Callable

from tests.builders import MONDAY_TEN, a_call, a_text_request, a_ticket, an_answer
from voicebot.adapters.store import SqlUnitOfWork

Works = Callable[[], SqlUnitOfWork]
NUMBER, OTHER = "+12025550143", "+12025550199"


def kept(unit_of_work: Works) -> None:
    """Keep a case with one joined into it by whose call it is theirs, and somebody else's."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket(complainant_number=None))
        work.tickets.add(a_ticket(id="ticket-2", case_number="482913764", merged_into="ticket-1"))
        work.tickets.add(a_ticket(id="ticket-3", case_number="482913772", complainant_number=OTHER))
        work.calls.add(a_call(ticket_id="ticket-2", caller_number=NUMBER))
        work.tickets.add_answer(an_answer())
        work.sms.add_text_request(a_text_request(recipient=NUMBER))
        work.commit()


def test_a_case_is_theirs_by_its_number_or_a_call_with_all_that_is_joined_to_it(unit_of_work: Works) -> None:
    kept(unit_of_work)
    with unit_of_work() as work:
        assert work.persons.case_ids(NUMBER) == ["ticket-1", "ticket-2"]
        assert work.persons.case_ids(OTHER) == ["ticket-3"]
        assert work.persons.case_ids("+12025550000") == []


def test_rows_are_handed_out_whole_but_for_the_pin(unit_of_work: Works) -> None:
    kept(unit_of_work)
    with unit_of_work() as work:
        of_first = dict(work.persons.rows_of_case("ticket-1"))
        assert of_first["answers"][0]["text"] == an_answer().text
        assert of_first["tickets"][0]["opened_at"] == MONDAY_TEN
        assert "pin" not in of_first["tickets"][0]
        assert set(dict(work.persons.rows_of_case("ticket-2"))) >= {"tickets", "calls"}


def test_what_keeps_the_number_itself_is_read_and_forgotten(unit_of_work: Works) -> None:
    kept(unit_of_work)
    with unit_of_work() as work:
        assert [(name, len(rows)) for name, rows in work.persons.rows_of_number(NUMBER)] == [("text_wishes", 1)]
        assert work.persons.forget_number(OTHER) == 0
        assert work.persons.forget_number(NUMBER) == 1
        assert list(work.persons.rows_of_number(NUMBER)) == []
        work.commit()

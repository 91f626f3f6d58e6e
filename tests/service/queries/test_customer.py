"""What is written down of a complainant stays with its case, and staff see what stands in the joined ones beside it."""

import pytest

from tests.customers import a_customer
from tests.service.lines import CALLER, Line
from tests.service.ticket.test_fields import NAME, keep, stands, told
from voicebot.domain.customer import Customer
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.case_view import view_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.splitting import joining, taking_out


def test_what_differs_stays_with_its_case_when_it_is_joined_and_taken_out(line: Line) -> None:
    own, other = told(line), told(line, "CA2", "+12025550144")
    keep(line, own.case_number, name="Maria", order_number="AB-17")
    keep(line, other.case_number, name="M. Ruiz")
    act(line.hotline, own.case_number, joining(other.case_number, words="one person", actor="owner_1"))
    view = view_case(line.hotline, other.case_number)
    assert stands(view) == {NAME: "M. Ruiz", "order_number": "AB-17"}, "what it lacks comes with the other one"
    assert view.customer.name == "M. Ruiz", "a joined case does not rename who is called"
    joined = [(each.case_number, [entry.value for entry in each.fields.values()]) for each in view.customer.joined]
    assert joined == [(own.case_number, ["Maria"])]
    act(line.hotline, other.case_number, taking_out(own.case_number, words="two", actor="owner_1"))
    rest = view_case(line.hotline, other.case_number)
    assert (rest.customer.joined, stands(rest)) == ((), {NAME: "M. Ruiz"})


def test_a_complainant_has_no_name_until_somebody_writes_it_down_and_none_once_it_is_taken_back(line: Line) -> None:
    case = told(line).case_number
    assert view_case(line.hotline, case).customer.name == ""
    keep(line, case, order_number="AB-17", name="Maria")
    assert view_case(line.hotline, case).customer.name == "Maria"
    keep(line, case, name="")
    assert view_case(line.hotline, case).customer.name == ""


@pytest.mark.requirement("S0-15")
@pytest.mark.requirement("S1-01")
def test_the_books_stand_beside_what_was_written_down_and_never_in_its_place(line: Line) -> None:
    case, rings_from = told(line).case_number, a_customer(numbers=(CALLER,))
    keep_customers(line, rings_from)
    view = view_case(line.hotline, case)
    assert [each.customer for each in view.customer.imported] == [rings_from]
    assert (view.customer.name, view.customer.imported_name, stands(view)) == ("", "Mary Ruiz", {})
    assert [each.name for each in list_cases(line.hotline).lines] == ["Mary Ruiz"]
    keep(line, case, name="Maria")
    keep_customers(line, rings_from, a_customer(id="#CD-9", name="Olga", numbers=(CALLER,)))
    view = view_case(line.hotline, case)
    assert (stands(view), view.customer.imported_name) == ({NAME: "Maria"}, ""), "nobody guesses between two"
    assert [each.name for each in list_cases(line.hotline).lines] == ["Maria"]


def keep_customers(line: Line, *customers: Customer) -> None:
    with line.work() as work:
        work.customers.keep(customers, line.clock.now())
        work.commit()

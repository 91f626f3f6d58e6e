"""Reading what is stored about a call."""

from itertools import pairwise

import pytest

from tests.service.lines import Line
from voicebot.domain.case_number import mint_case_number, written
from voicebot.errors import CarrierFault, Refused
from voicebot.service.call.stored_turn import wait_at
from voicebot.service.lookup import find_call, find_ticket, get_call, going_on, joined_into, lock_call
from voicebot.service.staff.decision import act
from voicebot.service.ticket.splitting import joining


def test_a_call_is_found_by_either_id(line: Line) -> None:
    call = line.ring().call
    assert find_call(line.hotline, "CA1") == call
    assert get_call(line.hotline, call.id) == call


def test_a_call_that_was_never_answered_is_nowhere(line: Line) -> None:
    assert find_call(line.hotline, "CA1") is None
    assert get_call(line.hotline, "nobody") is None
    assert wait_at(line.hotline, "nobody", 0) is None


def test_a_call_is_locked_for_what_follows_and_one_we_never_had_is_the_carrier_s_mistake(line: Line) -> None:
    call = line.ring().call
    with line.work() as work:
        assert lock_call(work, call.id) == call
        with pytest.raises(CarrierFault):
            lock_call(work, "nobody")


def test_a_case_is_found_with_hyphens_and_without(line: Line) -> None:
    ticket = line.ticket(line.ring())
    with line.work() as work:
        assert find_ticket(work, ticket.case_number) == ticket
        assert find_ticket(work, written(ticket.case_number)) == ticket


@pytest.mark.parametrize("case", ["48271930", "482-719-306", "x", ""])
def test_what_is_no_case_number_is_refused_with_the_reason(line: Line, case: str) -> None:
    with line.work() as work, pytest.raises(Refused, match="nine digits"):
        find_ticket(work, case)


def test_a_case_that_was_never_opened_is_refused(line: Line) -> None:
    with line.work() as work, pytest.raises(Refused, match="there is no case"):
        find_ticket(work, mint_case_number(line.ids.random_digits))


def test_what_comes_of_a_call_belongs_to_the_case_that_goes_on_however_often_staff_joined(line: Line) -> None:
    cases = [line.ticket(line.told_call(f"CA{number}")) for number in range(3)]
    for one, other in pairwise(cases):
        act(line.hotline, one.case_number, joining(other.case_number, words="the same lamp", actor="owner_1"))
    with line.work() as work:
        assert {going_on(work, case.id).id for case in cases} == {cases[-1].id}
        assert set(joined_into(work, cases[-1].id)) == {case.id for case in cases[:-1]}

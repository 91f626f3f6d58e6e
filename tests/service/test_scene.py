"""What is at hand inside a call, and how staff name a case."""

import pytest

from tests.service.lines import Line
from voicebot.domain.case_number import mint_case_number, written
from voicebot.errors import Refused
from voicebot.service.scene import find_ticket
from voicebot.service.turn import scene_of


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


def test_a_note_says_who_and_what(line: Line) -> None:
    call = line.ring().call
    with line.work() as work:
        scene = scene_of(line.hotline, work, call)
        scene.note("hummed", after="a tune")
        entry = work.tickets.history(call.ticket_id)[-1]
        assert scene.ticket().id == call.ticket_id
    assert (entry.actor, entry.verb, entry.after) == ("caller", "hummed", "a tune")

"""A case goes to whom its kind names, stays with who has called already, and comes back when the kind is taken back."""

from pathlib import Path

import pytest

from tests.service.lines import Line
from tests.service.staff.people import owner
from tests.service.ticket.kinds import with_kinds
from voicebot.domain.ticket import TicketStatus
from voicebot.service.callback.order import order_callback
from voicebot.service.history import Verb
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_view import view_case
from voicebot.service.staff.decision import act
from voicebot.service.ticket.category import categorising
from voicebot.service.ticket.hand_over import take_over


@pytest.fixture
def case(line: Line, tmp_path: Path) -> str:
    """The number of a case of owner_1, where two kinds name who has them."""
    with_kinds(line, tmp_path, price_rise={"owner": "deputy_1"}, unfair_rule={"owner": "quality_head"})
    return line.ticket(line.told_call()).case_number


def say(line: Line, case: str, kind: str) -> str:
    """Say which kind a case is, a minute later, and return who has it then."""
    line.step(minutes=1)
    act(line.hotline, case, categorising(kind, actor="owner_1"))
    return owner(line, case)


def test_it_goes_to_who_is_named_and_back_when_that_was_a_mistake(line: Line, case: str) -> None:
    assert [say(line, case, kind) for kind in ("price_rise", "")] == ["deputy_1", "owner_1"]
    assert say(line, case, "warranty") == "owner_1", "nothing is undone twice"
    assert say(line, case, "unfair_rule") == "quality_1", "a role is a group"
    assert say(line, case, "warranty") == "owner_1"
    history = view_case(line.hotline, case).history
    moves = [(each.actor, each.before, each.after) for each in history if each.verb == Verb.TICKET_GIVEN]
    assert moves == [
        ("system", "owner_1", "deputy_1"),
        ("system", "deputy_1", "owner_1"),
        ("system", "owner_1", "quality_1"),
        ("system", "quality_1", "owner_1"),
    ]


def test_whoever_is_named_and_has_it_keeps_it_and_what_people_moved_stays(line: Line, case: str) -> None:
    assert take_over(line.hotline, case, actor="deputy_1")
    assert say(line, case, "price_rise") == "deputy_1"
    assert take_over(line.hotline, case, actor="owner_1")
    assert say(line, case, "") == "owner_1"


def test_it_is_not_taken_from_somebody_who_has_called_or_does_so_now(line: Line, case: str) -> None:
    order_callback(line.hotline, case, actor="owner_1")
    assert say(line, case, "price_rise") == "owner_1"
    other = line.ticket(line.told_call("CA2", "+12025550144")).case_number
    log_callback(line.hotline, other, reason="spoke", actor="owner_1")
    assert say(line, other, "price_rise") == "owner_1"


def test_a_case_that_is_over_stays_where_it_is(line: Line, case: str) -> None:
    answer = line.told_call("CA2", "+12025550144")
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    assert say(line, line.ticket(answer).case_number, "price_rise") == "owner_1"


def test_a_kind_that_was_itself_a_mistake_is_undone_through_a_second_one(line: Line, case: str) -> None:
    assert say(line, case, "price_rise") == "deputy_1"
    assert say(line, case, "unfair_rule") == "quality_1"
    assert say(line, case, "") == "owner_1", "no kind stands that names the first one"

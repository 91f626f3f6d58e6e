"""Who owns a case and what an id in the history is called."""

from tests.service.lines import EXECUTIVE, OWNER, Line
from tests.service.staff.people import add_somebody
from voicebot.service.staff.members import (
    find_member,
    handlers,
    member_name,
    responsible_after_second_miss,
    spoken_role,
    staff_numbers,
)


def test_handlers_are_those_of_the_policy_in_its_order(line: Line) -> None:
    assert [member.id for member in handlers(line.policy)] == ["owner_1"]


def test_the_policy_names_who_answers_after_the_second_miss(line: Line) -> None:
    member = responsible_after_second_miss(line.policy)
    assert (member.id, spoken_role(member)) == ("executive_1", "managing director")
    assert spoken_role(member.model_copy(update={"spoken_role": "", "role": "area_head"})) == "area head"


def test_names_come_from_the_policy_first_then_from_the_accounts(line: Line) -> None:
    assert {OWNER, EXECUTIVE} <= staff_numbers(line.policy)
    add_somebody(line, member_id="owner_1")
    add_somebody(line, "bela@firm.example", name="Bèla")
    with line.work() as work:
        assert member_name(work, line.policy, "owner_1") == "First handler"
        assert member_name(work, line.policy, "bela") == "Bèla"
        assert member_name(work, line.policy, "gone_1") == "gone_1"
        assert find_member(work, line.policy, "gone_1") is None
        found = find_member(work, line.policy, "bela")
    assert found is not None
    assert (found.role, found.phone) == ("supervisor", "")

"""Who is who among staff."""

from tests.service.lines import EXECUTIVE, OWNER, Line
from voicebot.service.staff import (
    choose_owner,
    member_name,
    responsible_after_second_miss,
    spoken_role,
    staff_numbers,
)


def test_the_first_handler_owns_new_cases(line: Line) -> None:
    assert choose_owner(line.policy).id == "owner_1"


def test_the_policy_names_who_answers_after_the_second_miss(line: Line) -> None:
    member = responsible_after_second_miss(line.policy)
    assert (member.id, spoken_role(member)) == ("executive_1", "managing director")
    assert spoken_role(member.model_copy(update={"spoken_role": "", "role": "area_head"})) == "area head"


def test_names_and_numbers_come_from_the_policy(line: Line) -> None:
    assert {OWNER, EXECUTIVE} <= staff_numbers(line.policy)
    assert member_name(line.policy, "owner_1") == "First handler"
    assert member_name(line.policy, "gone_1") == "gone_1"

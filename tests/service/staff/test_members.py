"""Who owns a case and what an id in the history is called."""

from dataclasses import replace

import pytest

from tests.api_tokens import a_token
from tests.service.lines import EXECUTIVE, OWNER, Line
from tests.service.staff.people import add_somebody
from voicebot.domain.permission import PERMISSIONS
from voicebot.domain.staff import Role
from voicebot.service.staff.members import (
    everybody,
    find_member,
    handlers,
    has_say,
    management_of,
    member_name,
    member_names,
    permissions_of,
    responsible_after_second_miss,
    roles_of_account,
    spoken_role,
    staff_named,
    staff_numbers,
)
from voicebot.service.staff.tokens import NewToken, make_token


def test_handlers_are_those_of_the_policy_in_its_order(line: Line) -> None:
    assert [member.id for member in handlers(line.policy)] == ["owner_1"]


def test_the_policy_names_who_answers_after_the_second_miss(line: Line) -> None:
    member = responsible_after_second_miss(line.policy, besides=())
    assert (member.id, spoken_role(member)) == ("executive_1", "managing director")
    assert spoken_role(member.model_copy(update={"spoken_role": "", "role": "area_head"})) == "area head"


@pytest.mark.requirement("S3-09")
def test_a_complainant_is_never_told_that_whom_they_complain_about_is_responsible(line: Line) -> None:
    them = {"executive_1"}
    assert responsible_after_second_miss(line.policy, besides=them).id == "supervisor_1"
    boss = next(each for each in line.policy.staff if each.id == "executive_1")
    assert responsible_after_second_miss(replace(line.policy, staff=(boss,)), besides=them) == boss, (
        "nobody else is there"
    )


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
        token = a_token()
        assert work.api_tokens.add(token)
        assert member_names(work, line.policy, ["bela", "owner_1", token.staff_id, "gone_1"]) == {
            "bela": "Bèla",
            "owner_1": "First handler",
            token.staff_id: token.as_member().name,
            "gone_1": "gone_1",
        }
    assert found is not None
    assert (found.role, found.phone) == ("supervisor", "")


def test_everybody_who_may_own_a_case_is_there_once_and_called_as_the_policy_has_it(line: Line) -> None:
    add_somebody(line, "bela@firm.example", name="Bela")
    people = [member.name for member in line.policy.staff]
    assert [member.name for member in everybody(line.hotline)] == [*people, "Bela"]
    add_somebody(line, name="Olive at home", member_id="owner_1")
    assert sorted(member.name for member in everybody(line.hotline)) == sorted([*people, "Bela"])


def test_who_has_a_say_by_account_by_the_policy_or_at_the_terminal(line: Line) -> None:
    account = add_somebody(line, "bela@firm.example", name="Bela")
    with line.work() as work:
        has = {who: has_say(work, line.policy, who) for who in ("owner_1", "executive_1", account.staff_id, "terminal")}
    assert has == {"owner_1": False, "executive_1": True, account.staff_id: True, "terminal": True}


def test_who_supervises_or_manages_takes_what_no_handler_may_have(line: Line) -> None:
    people = [member.id for member in management_of(line.policy)]
    assert people == ["supervisor_1", "supervisor_2", "quality_1", "area_1", "executive_1"]


def test_a_name_that_a_complainant_gave_means_one_of_the_staff_or_nobody(line: Line) -> None:
    add_somebody(line, "bela@firm.example", name="Bela Ruiz")
    add_somebody(line, "b@firm.example", name="Bela  RUIZ")
    add_somebody(line, name="Olive Ruiz")
    with line.work() as work:
        named = {
            written: staff_named(work, line.policy, written)
            for written in ("first HANDLER", "executive_1", " olive ruiz ", "Bela Ruiz", "Ruiz", "")
        }
    found = {written: member and member.id for written, member in named.items()}
    assert found == {
        "first HANDLER": "owner_1",
        "executive_1": "executive_1",
        " olive ruiz ": "olive_ruiz",
        "Bela Ruiz": None,
        "Ruiz": None,
        "": None,
    }


def test_the_doors_of_an_account_are_its_own_and_those_of_its_owner_in_the_policy(line: Line) -> None:
    assert roles_of_account(line.policy, Role.HANDLER, "nobody_1") == {Role.HANDLER}
    assert roles_of_account(line.policy, Role.HANDLER, "supervisor_1") >= {Role.HANDLER, Role.SUPERVISOR}


def test_a_token_may_what_both_its_role_and_who_made_it_may(line: Line) -> None:
    account = add_somebody(line, "bela@firm.example", name="Bela")
    for name, role, maker in (("Low", Role.HANDLER, account.staff_id), ("High", Role.ADMINISTRATOR, account.staff_id)):
        make_token(line.hotline, NewToken(name=name, role=role, made_by=maker))
    with line.work() as work:
        may = {name: permissions_of(work, line.policy, f"token.{name}") for name in ("low", "high")}
    assert may == {"low": PERMISSIONS[Role.HANDLER], "high": PERMISSIONS[Role.SUPERVISOR]}

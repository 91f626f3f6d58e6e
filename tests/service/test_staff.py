"""Who is who among staff, and who may log in."""

import pytest

from tests.service.lines import EXECUTIVE, OWNER, Line
from voicebot.domain.staff import Role, StaffAccount
from voicebot.errors import Refused
from voicebot.service.staff import (
    NewAccount,
    add_account,
    all_accounts,
    all_members,
    check_new,
    choose_owner,
    disable_account,
    find_account,
    find_member,
    member_name,
    responsible_after_second_miss,
    set_password,
    spoken_role,
    staff_numbers,
)

EMAIL = "anna@firm.example"


def _new(email: str = EMAIL, *, name: str = "Anna Ruiz", member_id: str | None = None) -> NewAccount:
    return NewAccount(email=email, name=name, role=Role.SUPERVISOR, member_id=member_id)


def _add(line: Line, email: str = EMAIL, *, name: str = "Anna Ruiz", member_id: str | None = None) -> StaffAccount:
    return add_account(line.hotline, _new(email, name=name, member_id=member_id), "a-hash")


def test_the_first_handler_owns_new_cases(line: Line) -> None:
    assert choose_owner(line.policy).id == "owner_1"


def test_the_policy_names_who_answers_after_the_second_miss(line: Line) -> None:
    member = responsible_after_second_miss(line.policy)
    assert (member.id, spoken_role(member)) == ("executive_1", "managing director")
    assert spoken_role(member.model_copy(update={"spoken_role": "", "role": "area_head"})) == "area head"


def test_names_come_from_the_policy_first_then_from_the_accounts(line: Line) -> None:
    assert {OWNER, EXECUTIVE} <= staff_numbers(line.policy)
    _add(line, member_id="owner_1")
    _add(line, "bela@firm.example", name="Bèla")
    with line.work() as work:
        assert member_name(work, line.policy, "owner_1") == "First handler"
        assert member_name(work, line.policy, "bela") == "Bèla"
        assert member_name(work, line.policy, "gone_1") == "gone_1"
        assert find_member(work, line.policy, "gone_1") is None
        found = find_member(work, line.policy, "bela")
    assert found is not None
    assert (found.role, found.phone) == ("supervisor", "")


def test_everybody_who_may_act_is_there_once(line: Line) -> None:
    _add(line, member_id="owner_1")
    _add(line, "bela@firm.example", name="Bela")
    disable_account(line.hotline, _add(line, "old@firm.example", name="Old").email)
    with line.work() as work:
        ids = [member.id for member in all_members(work, line.policy)]
    assert ids == [*(member.id for member in line.policy.staff), "bela"]


def test_an_account_is_added_once_for_an_e_mail_however_it_is_written(line_on_both: Line) -> None:
    account = _add(line_on_both, " Anna@FIRM.example ")
    assert (account.email, account.staff_id, account.is_active) == (EMAIL, "anna_ruiz", True)
    assert account.last_login_at is None
    assert find_account(line_on_both.hotline, "ANNA@firm.example") == account
    with pytest.raises(Refused, match="has this e-mail"):
        _add(line_on_both, "anna@firm.example", name="Another")
    assert all_accounts(line_on_both.hotline) == (account,)


def test_one_of_the_name_gets_an_id_of_their_own(line: Line) -> None:
    ids = [_add(line, f"{i}@firm.example").staff_id for i in range(3)]
    assert ids == ["anna_ruiz", "anna_ruiz_2", "anna_ruiz_3"]
    assert _add(line, "s@firm.example", name="System").staff_id == "system_2"
    assert _add(line, "r@firm.example", name="Retention").staff_id == "retention_2"
    assert _add(line, "o@firm.example", name="Owner 1").staff_id == "owner_1_2"
    assert _add(line, "k@firm.example", name="Кира").staff_id == "staff"


def test_a_member_of_the_policy_has_one_account(line_on_both: Line) -> None:
    assert _add(line_on_both, member_id="owner_1").staff_id == "owner_1"
    with pytest.raises(Refused, match="is this member already"):
        _add(line_on_both, "b@firm.example", member_id="owner_1")
    with pytest.raises(Refused, match="is this member already"):
        check_new(line_on_both.hotline, _new("b@firm.example", member_id="owner_1"))


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (_new("no address"), "must look like"),
        (_new("a@b@c"), "must look like"),
        (_new("nul\x00@firm.example"), "must look like"),
        (_new(name=" "), "1 to 200 characters"),
        (_new(name="x" * 201), "1 to 200 characters"),
        (_new(name="Anna\x1b[2J"), "can be printed"),
        (_new(member_id="gone_1"), "knows no member 'gone_1'"),
        (_new("taken@firm.example"), "has this e-mail"),
    ],
)
def test_what_is_refused_is_refused_before_a_password_is_thought_of(line: Line, new: NewAccount, why: str) -> None:
    _add(line, "taken@firm.example", name="First")
    with pytest.raises(Refused, match=why):
        check_new(line.hotline, new)
    with pytest.raises(Refused, match=why):
        add_account(line.hotline, new, "a-hash")
    assert len(all_accounts(line.hotline)) == 1


def test_disabling_and_a_new_password_end_every_session(line_on_both: Line) -> None:
    account = _add(line_on_both)
    disabled = disable_account(line_on_both.hotline, EMAIL)
    assert not disabled.is_active
    again = set_password(line_on_both.hotline, EMAIL, "another-hash")
    assert (again.is_active, again.password_hash) == (True, "another-hash")
    assert len({account.session_key, disabled.session_key, again.session_key}) == 3
    assert find_account(line_on_both.hotline, EMAIL) == again


def test_nobody_is_changed_by_an_e_mail_that_nobody_has(line: Line) -> None:
    with pytest.raises(Refused, match="none has this e-mail"):
        disable_account(line.hotline, EMAIL)
    with pytest.raises(Refused, match="none has this e-mail"):
        set_password(line.hotline, EMAIL, "a-hash")


def test_what_is_told_of_an_account_holds_no_secret_of_it(line: Line) -> None:
    account = _add(line)
    told = f"{account!r} {_new()!r}"
    assert not any(secret in told for secret in (account.email, account.password_hash, account.session_key))

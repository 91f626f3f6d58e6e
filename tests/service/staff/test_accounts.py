"""Who may log in."""

import pytest

from tests.service.lines import Line
from tests.service.staff.people import EMAIL, add_somebody, new_account
from voicebot.errors import Refused
from voicebot.service.staff.accounts import (
    NewAccount,
    add_account,
    all_accounts,
    check_new,
    disable_account,
    find_account,
    history_of,
    set_password,
)


def test_an_account_is_added_once_for_an_e_mail_however_it_is_written(line_on_both: Line) -> None:
    account = add_somebody(line_on_both, " Anna@FIRM.example ")
    assert (account.email, account.staff_id, account.is_active) == (EMAIL, "anna_ruiz", True)
    assert account.last_login_at is None
    assert find_account(line_on_both.hotline, "ANNA@firm.example") == account
    with pytest.raises(Refused, match="has this e-mail"):
        add_somebody(line_on_both, "anna@firm.example", name="Another")
    assert all_accounts(line_on_both.hotline) == (account,)


def test_a_second_person_of_the_same_name_gets_an_id_of_their_own(line: Line) -> None:
    ids = [add_somebody(line, f"{i}@firm.example").staff_id for i in range(3)]
    assert ids == ["anna_ruiz", "anna_ruiz_2", "anna_ruiz_3"]
    assert add_somebody(line, "s@firm.example", name="System").staff_id == "system_2"
    assert add_somebody(line, "r@firm.example", name="Retention").staff_id == "retention_2"
    assert add_somebody(line, "o@firm.example", name="Owner 1").staff_id == "owner_1_2"
    assert add_somebody(line, "k@firm.example", name="Кира").staff_id == "staff"


def test_a_member_of_the_policy_has_one_account(line_on_both: Line) -> None:
    assert add_somebody(line_on_both, member_id="owner_1").staff_id == "owner_1"
    with pytest.raises(Refused, match="is this member already"):
        add_somebody(line_on_both, "b@firm.example", member_id="owner_1")
    with pytest.raises(Refused, match="is this member already"):
        check_new(line_on_both.hotline, new_account("b@firm.example", member_id="owner_1"))


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (new_account("no address"), "must look like"),
        (new_account("a@b@c"), "must look like"),
        (new_account("nul\x00@firm.example"), "must look like"),
        (new_account(name=" "), "1 to 200 characters"),
        (new_account(name="x" * 201), "1 to 200 characters"),
        (new_account(name="Anna\x1b[2J"), "can be printed"),
        (new_account(member_id="gone_1"), "knows no member 'gone_1'"),
        (new_account("taken@firm.example"), "has this e-mail"),
    ],
)
def test_what_is_refused_is_refused_before_a_password_is_thought_of(line: Line, new: NewAccount, why: str) -> None:
    add_somebody(line, "taken@firm.example", name="First")
    with pytest.raises(Refused, match=why):
        check_new(line.hotline, new)
    with pytest.raises(Refused, match=why):
        add_account(line.hotline, new, "a-hash")
    assert len(all_accounts(line.hotline)) == 1


def test_disabling_and_a_new_password_end_every_session(line_on_both: Line) -> None:
    account = add_somebody(line_on_both)
    disabled = disable_account(line_on_both.hotline, EMAIL)
    assert not disabled.is_active
    again = set_password(line_on_both.hotline, EMAIL, "another-hash")
    assert (again.is_active, again.password_hash) == (True, "another-hash")
    assert len({account.session_key, disabled.session_key, again.session_key}) == 3
    assert find_account(line_on_both.hotline, EMAIL) == again
    assert history_of(line_on_both.hotline, EMAIL) == (), "no second factor was ever set up"


def test_nobody_is_changed_by_an_e_mail_that_nobody_has(line: Line) -> None:
    with pytest.raises(Refused, match="none has this e-mail"):
        disable_account(line.hotline, EMAIL)
    with pytest.raises(Refused, match="none has this e-mail"):
        set_password(line.hotline, EMAIL, "a-hash")


def test_what_is_told_of_an_account_holds_no_secret_of_it(line: Line) -> None:
    account = add_somebody(line)
    told = f"{account!r} {new_account()!r}"
    assert not any(secret in told for secret in (account.email, account.password_hash, account.session_key))

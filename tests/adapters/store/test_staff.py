"""Accounts as rows, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.staff import Role, StaffAccount

Works = Callable[[], SqlUnitOfWork]


def an_account(**changes: Any) -> StaffAccount:
    """Build Anna's account."""
    account = StaffAccount(
        id="account-1",
        email="anna@firm.example",
        name="Anna Ruiz",
        role=Role.HANDLER,
        staff_id="anna_ruiz",
        is_active=True,
        password_hash="a-hash",
        session_key="a-key",
        added_at=MONDAY_TEN,
    )
    return replace(account, **changes)


def _other(**changes: Any) -> StaffAccount:
    facts = {"id": "account-2", "email": "b@firm.example", "staff_id": "bela", "session_key": "b-key"}
    return an_account(**(facts | {"added_at": MONDAY_TEN - timedelta(hours=1)} | changes))


def test_an_account_comes_back_whole(unit_of_work: Works) -> None:
    account = an_account(last_login_at=MONDAY_TEN)
    with unit_of_work() as work:
        assert work.staff.add(account)
        work.commit()
    with unit_of_work() as work:
        assert work.staff.by_email("anna@firm.example") == account
        assert work.staff.by_email("b@firm.example") is None
        member = work.staff.get("anna_ruiz")
        assert work.staff.get("account-1") is None
    assert member is not None
    assert (member.id, member.name, member.role) == ("anna_ruiz", "Anna Ruiz", "handler")


def test_e_mail_and_staff_id_are_taken_once(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        assert work.staff.add(an_account())
        assert not work.staff.add(_other(email="anna@firm.example"))
        assert not work.staff.add(_other(staff_id="anna_ruiz"))
        assert work.staff.add(_other())
        work.commit()
    with unit_of_work() as work:
        assert [account.id for account in work.staff.accounts()] == ["account-2", "account-1"]


def test_disabled_accounts_name_people_but_are_nobody_to_turn_to(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.staff.add(an_account())
        work.staff.add(_other())
        work.staff.save(an_account(is_active=False, session_key="new"))
        assert [member.id for member in work.staff.all()] == ["bela"]
        gone = work.staff.get("anna_ruiz")
        assert gone is not None
        assert gone.name == "Anna Ruiz"


def test_two_who_add_the_same_e_mail_at_once_add_one(unit_of_work: Works, at_once: Callable[..., list[Any]]) -> None:
    def add(number: int) -> bool:
        with unit_of_work() as work:
            account = an_account(id=f"account-{number}", staff_id=f"anna_{number}", session_key=f"key-{number}")
            added = work.staff.add(account)
            work.commit()
            return added

    assert sorted(at_once(add, 6)) == [False] * 5 + [True]


def test_an_account_is_one_person_at_a_provider_and_a_person_one_account(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.staff.add(an_account())
        assert work.staff.link(an_account().id, issuer="i", subject="s", at=MONDAY_TEN)
        assert not work.staff.link(an_account().id, issuer="i", subject="other", at=MONDAY_TEN)
        assert not work.staff.link("another", issuer="i", subject="s", at=MONDAY_TEN)
        assert work.staff.by_identity("i", "s") == an_account()
        assert work.staff.by_identity("i", "other") is None
        assert work.staff.by_identity("another", "s") is None
        work.staff.unlink(an_account().id)
        assert work.staff.by_identity("i", "s") is None

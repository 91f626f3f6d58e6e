"""Accounts as tests add them."""

from tests.service.lines import Line
from voicebot.domain.staff import Role, StaffAccount
from voicebot.service.staff.accounts import NewAccount, add_account

EMAIL = "anna@firm.example"


def new_account(email: str = EMAIL, *, name: str = "Anna Ruiz", member_id: str | None = None) -> NewAccount:
    return NewAccount(email=email, name=name, role=Role.SUPERVISOR, member_id=member_id)


def add_somebody(
    line: Line, email: str = EMAIL, *, name: str = "Anna Ruiz", member_id: str | None = None
) -> StaffAccount:
    return add_account(line.hotline, new_account(email, name=name, member_id=member_id), "a-hash")

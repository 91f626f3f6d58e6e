"""Accounts as tests add them."""

from tests.service.lines import Line
from voicebot.domain.staff import Role, StaffAccount
from voicebot.domain.ticket import HistoryEntry
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.decision import actions_of

EMAIL = "anna@firm.example"


def new_account(email: str = EMAIL, *, name: str = "Anna Ruiz", member_id: str | None = None) -> NewAccount:
    return NewAccount(email=email, name=name, role=Role.SUPERVISOR, member_id=member_id)


def add_somebody(
    line: Line, email: str = EMAIL, *, name: str = "Anna Ruiz", member_id: str | None = None
) -> StaffAccount:
    return add_account(line.hotline, new_account(email, name=name, member_id=member_id), "a-hash")


def case_of(line: Line) -> str:
    return line.ticket(line.told_call()).case_number


def actions(line: Line, case: str) -> tuple[HistoryEntry, ...]:
    with line.work() as work:
        ticket = work.tickets.by_case_number(case)
        assert ticket is not None
        return actions_of(work.tickets.history(ticket.id))


def owner(line: Line, case: str) -> str:
    with line.work() as work:
        ticket = work.tickets.by_case_number(case)
    assert ticket is not None
    return ticket.owner_id

"""A team for tests: accounts that stand on the rota beside the policy's one handler."""

from dataclasses import replace

from tests.builders import a_shift
from tests.service.lines import Line
from voicebot.domain.rota import RotaProfile
from voicebot.domain.staff import Role, StaffAccount
from voicebot.service.staff.accounts import NewAccount, add_account
from voicebot.service.staff.rota import add_shift, save_profile


def join_team(line: Line, name: str, *spans: str, role: Role = Role.HANDLER, **known: object) -> StaffAccount:
    """Give somebody an account and put them on the rota: `join_team(line, "Anna", "Wednesday 9:00-17:00")`."""
    new = NewAccount(email=f"{name.lower()}@firm.example", name=name, role=role)
    account = add_account(line.hotline, new, "a-hash")
    save_profile(line.hotline, replace(RotaProfile(staff_id=account.staff_id), **known), actor="boss")  # type: ignore[arg-type]
    for span in spans:
        add_shift(line.hotline, a_shift(account.staff_id, span), actor="boss")
    return account

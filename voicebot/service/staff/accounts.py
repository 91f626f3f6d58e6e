"""Who may log in. Accounts are added, disabled, or given a new password.

Knows: accounts, the ids that are taken. Must not know: how a password is hashed, what a member may do.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from voicebot.domain.account_event import AccountEvent
from voicebot.domain.staff import MOST_NAME_LENGTH, Role, StaffAccount, normal_email
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.members import ACTORS

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAccount:
    """Somebody who shall be able to log in."""

    email: str = field(repr=False)
    name: str
    role: Role
    member_id: str | None = None
    """The policy's member who this is. None for somebody beside the ladder."""


def all_accounts(hotline: Hotline) -> tuple[StaffAccount, ...]:
    """Return every account, oldest first. It tells who may log in, in which role, and when they last did."""
    with hotline.look() as work:
        return tuple(work.staff.accounts())


def check_new(hotline: Hotline, new: NewAccount) -> None:
    """Say now what `add_account` would refuse, before anybody thinks of a password. Raises: as `add_account`."""
    policy = hotline.flows.current_policy()
    with hotline.unit_of_work() as work:
        staff_id = _staff_id(work, policy, new)
        readable_name(new.name)
        if work.staff.get(staff_id) is not None or work.staff.by_email(_readable_email(new.email)) is not None:
            raise _taken()


def add_account(hotline: Hotline, new: NewAccount, password_hash: str) -> StaffAccount:
    """Let somebody log in. Raises: Refused (no e-mail, no name, e-mail or member taken, member not in the policy)."""
    policy = hotline.flows.current_policy()
    with hotline.unit_of_work() as work:
        account = StaffAccount(
            id=hotline.ids.new_id(),
            email=_readable_email(new.email),
            name=readable_name(new.name),
            role=new.role,
            staff_id=_staff_id(work, policy, new),
            is_active=True,
            password_hash=password_hash,
            session_key=hotline.ids.new_token(),
            added_at=context_of(hotline, work).now,
        )
        if not work.staff.add(account):
            raise _taken()
        work.commit()
    log.info("staff_added", staff=account.staff_id, role=account.role.value)
    return account


def find_account(hotline: Hotline, email: str) -> StaffAccount:
    """Return the account of an e-mail. Raises: Refused when there is none."""
    with hotline.look() as work:
        return account_of(work, email)


def history_of(hotline: Hotline, email: str) -> tuple[AccountEvent, ...]:
    """Return what happened to an account, oldest first. Raises: Refused when there is none of this e-mail."""
    with hotline.look() as work:
        return tuple(work.staff.events_of(account_of(work, email).id))


def disable_account(hotline: Hotline, email: str) -> StaffAccount:
    """Let somebody log in no more and end their sessions. Repeatable. Raises: Refused when there is no such account."""
    return _change(hotline, email, "staff_disabled", {"is_active": False})


def set_password(hotline: Hotline, email: str, password_hash: str) -> StaffAccount:
    """Give a new password, end every session, and let a disabled account log in again. Raises: Refused."""
    return _change(hotline, email, "staff_password_set", {"is_active": True, "password_hash": password_hash})


def _change(hotline: Hotline, email: str, event: str, values: dict[str, Any]) -> StaffAccount:
    with hotline.unit_of_work() as work:
        changed = replace(account_of(work, email), session_key=hotline.ids.new_token(), **values)
        work.staff.save(changed)
        work.commit()
    log.info(event, staff=changed.staff_id)
    return changed


def account_of(work: UnitOfWork, email: str) -> StaffAccount:
    """Return the account of an e-mail. Raises: Refused when there is none."""
    account = work.staff.by_email(_readable_email(email))
    if account is None:
        raise Refused(
            "looking for an account: none has this e-mail; `voicebot staff list` shows them all",
            code="account-unknown",
        )
    return account


def _readable_email(written: str) -> str:
    email = normal_email(written)
    if email is None:
        raise Refused("reading the e-mail: it must look like name@company.example", code="account-refused")
    return email


def readable_name(written: str) -> str:
    """Return a name as lists show it. Raises: Refused when it is empty, too long, or cannot be printed."""
    name = " ".join(written.split())
    if not name or len(name) > MOST_NAME_LENGTH or not name.isprintable():
        raise Refused(
            f"reading the name: it must have 1 to {MOST_NAME_LENGTH} characters that can be printed",
            code="account-refused",
        )
    return name


def _taken() -> Refused:
    return Refused(
        "adding an account: another account has this e-mail or is this member already; "
        "`voicebot staff list` shows them all, `voicebot staff password` gives one a new password",
        code="account-refused",
    )


def _staff_id(work: UnitOfWork, policy: Policy, new: NewAccount) -> str:
    in_policy = {member.id for member in policy.staff}
    if new.member_id is None:
        return _free_id(
            readable_name(new.name), {*ACTORS, *in_policy, *(account.staff_id for account in work.staff.accounts())}
        )
    if new.member_id not in in_policy:
        raise Refused(
            f"adding an account: the policy knows no member {new.member_id!r}; it knows {', '.join(sorted(in_policy))}",
            code="account-refused",
        )
    return new.member_id


def _free_id(name: str, taken: set[str]) -> str:
    """Make a short id of a name that nobody goes by, like `anna_ruiz`, then `anna_ruiz_2`."""
    stem = plain_name(name) or "staff"
    number = 1
    while (found := stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    return found


def plain_name(name: str) -> str:
    """Return what can stand in an id of a name, such as `anna_ruiz`. Empty when nothing can."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]

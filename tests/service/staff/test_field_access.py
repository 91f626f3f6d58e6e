"""Who may read a field that only some may: by account, by the policy, by token, and whoever owns the case."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import a_ticket
from tests.case_fields import a_field_entry
from tests.service.lines import Line
from tests.service.staff.test_readers import an_account
from tests.service.ticket.kinds import with_kinds
from voicebot.domain.about import Reader
from voicebot.domain.staff import Role
from voicebot.service.hotline import context_of
from voicebot.service.staff.field_access import entries_for_all, field_access, field_access_of
from voicebot.service.staff.tokens import NewToken, make_token

pytestmark = pytest.mark.requirement("S3-09")
PRICE = a_field_entry(field="rise", value="18", category="price_rise")
NAME = a_field_entry(value="Maria Ruiz")
DROPPED = a_field_entry(field="hall", value="4", category="noise")
CASE = a_ticket(owner_id="owner_1", category="price_rise")


@pytest.fixture
def restricted(line: Line, tmp_path: Path) -> Line:
    """By how much a price rose is for supervisors and the auditor."""
    rise = {"name": {"en": "Price rise"}, "kind": "percentage", "seen_by": ["supervisor", "auditor"]}
    now = {"name": {"en": "Price now"}, "kind": "amount"}
    with_kinds(line, tmp_path, price_rise={"fields": {"rise": rise, "price_now": now}})
    return line


def reads(line: Line, who: str) -> bool:
    """Tell whether somebody may read and write it. Both are one question."""
    with line.work() as work:
        access = field_access_of(context_of(line.hotline, work), CASE, who)
    assert access.opens("rise") is access.may_read(PRICE)
    assert access.may_read(NAME)
    assert access.opens("name")
    return access.opens("rise")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("owner_1", True),
        ("deputy_1", False),
        ("supervisor_1", True),
        ("executive_1", True),
        ("terminal", True),
        (Role.AUDITOR, True),
        (Role.QUALITY, False),
        (Role.HANDLER, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_roles_of_account_and_policy_open_a_field(restricted: Line, who: str, may: bool) -> None:
    staff_id = an_account(restricted, who) if isinstance(who, Role) else who
    assert reads(restricted, staff_id) is may


def test_a_handler_whom_the_policy_names_a_supervisor_reads_what_supervisors_may(restricted: Line) -> None:
    an_account(restricted, Role.HANDLER, "supervisor_1")
    assert reads(restricted, "supervisor_1")


def test_the_machine_reads_all_of_it(restricted: Line) -> None:
    with restricted.work() as work:
        access = field_access(context_of(restricted.hotline, work), a_ticket(owner_id=""), Reader())
    assert (access.opens("rise"), access.is_owner) == (True, False)
    assert access.may_read(replace(DROPPED, is_restricted=True))


def test_a_token_reads_what_its_role_and_its_maker_may(restricted: Line) -> None:
    auditor = an_account(restricted, Role.AUDITOR)
    made = (("a", Role.AUDITOR, auditor), ("b", Role.HANDLER, auditor), ("c", Role.AUDITOR, "deputy_1"))
    owners = (("d", Role.AUDITOR, "owner_1"), ("e", Role.HANDLER, "owner_1"))
    for name, role, maker in (*made, *owners):
        make_token(restricted.hotline, NewToken(name=name, role=role, made_by=maker))
    assert {name: reads(restricted, f"token.{name}") for name in "abcde"} == {
        "a": True,
        "b": False,
        "c": False,
        "d": True,
        "e": False,
    }


def test_what_was_restricted_in_a_field_that_is_gone_stays_with_whoever_owns_the_case(restricted: Line) -> None:
    secret = replace(DROPPED, is_restricted=True)
    auditor = an_account(restricted, Role.AUDITOR)
    make_token(restricted.hotline, NewToken(name="t", role=Role.ADMINISTRATOR, made_by="owner_1"))
    with restricted.work() as work:
        seen = {
            who: field_access_of(context_of(restricted.hotline, work), CASE, who)
            for who in ("owner_1", "deputy_1", auditor, "terminal", "token.t")
        }
    assert [access.may_read(secret) for access in seen.values()] == [True, False, False, True, False]
    assert all(access.may_read(DROPPED) and access.opens("hall") for access in seen.values())


def test_what_is_passed_on_holds_what_all_may_read_as_the_policy_stands_now(restricted: Line) -> None:
    was_open, was_closed = PRICE, replace(PRICE, field="price_now", is_restricted=True)
    entries = (NAME, was_open, was_closed, DROPPED, replace(DROPPED, is_restricted=True))
    assert entries_for_all(restricted.policy, entries) == (NAME, was_closed, DROPPED)

"""Which role may do what."""

import pytest

from voicebot.domain.permission import NOBODY, PERMISSIONS, Permission, granted, roles_held, roles_that_may, who_may
from voicebot.domain.staff import Role

READING = {
    Permission.OWN_ACCOUNT,
    Permission.READ_CASES,
    Permission.HEAR_VOICES,
    Permission.TAKE_WORDS,
    Permission.TAKE_LISTS,
    Permission.SEE_ROTA,
    Permission.SEE_FIGURES,
    Permission.SEE_MANAGEMENT,
    Permission.SEE_LOOKS,
}


def test_every_role_is_in_the_table_and_every_permission_somebodys() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Permission)


def test_those_who_work_on_cases_may_all_that_those_before_them_may() -> None:
    """So an account of an older release may what it could: its role was handler, supervisor or administrator."""
    assert PERMISSIONS[Role.HANDLER] < PERMISSIONS[Role.SUPERVISOR] < PERMISSIONS[Role.ADMINISTRATOR]
    assert PERMISSIONS[Role.ADMINISTRATOR] == set(Permission)


def test_the_auditor_reads_everything_and_changes_nothing() -> None:
    assert PERMISSIONS[Role.AUDITOR] == READING


def test_quality_promises_nothing_and_decides_nothing() -> None:
    assert Permission.REVIEW_WORDS in PERMISSIONS[Role.QUALITY]
    assert not PERMISSIONS[Role.QUALITY] & {Permission.SERVE, Permission.DECIDE, Permission.OVERRULE}


def test_management_decides_and_calls_nobody() -> None:
    assert READING | {Permission.DECIDE, Permission.OVERRULE} <= PERMISSIONS[Role.MANAGEMENT]
    assert Permission.SERVE not in PERMISSIONS[Role.MANAGEMENT]


def test_the_one_person_of_a_firm_may_all_that_the_policy_asks_of_them() -> None:
    """Their account says handler, and the policy calls them the owner of the firm."""
    one = granted(Role.HANDLER, in_policy={"owner"}, management={"owner"})
    assert {Permission.SERVE, Permission.OVERRULE, Permission.SEE_MANAGEMENT} <= one
    assert granted(Role.HANDLER, in_policy={"supervisor"}) == PERMISSIONS[Role.SUPERVISOR]


@pytest.mark.parametrize("limit", [Role.QUALITY, Role.MANAGEMENT, Role.AUDITOR])
def test_nothing_comes_on_top_of_a_role_that_is_a_limit(limit: Role) -> None:
    assert granted(limit, in_policy={"handler", "supervisor", "boss"}, management={"boss"}) == PERMISSIONS[limit]


def test_roles_held_are_those_whose_doors_are_open() -> None:
    assert roles_held(Role.HANDLER, in_policy={"owner"}, management={"owner"}) == {
        Role.HANDLER,
        Role.SUPERVISOR,
        Role.MANAGEMENT,
    }
    assert roles_held(Role.AUDITOR, in_policy={"supervisor"}) == {Role.AUDITOR}
    assert roles_held(None) == set()


def test_without_an_account_the_policy_alone_decides() -> None:
    assert granted(None) == NOBODY
    for role in ("handler", "deputy", "legal"):
        assert granted(None, in_policy={role}) == PERMISSIONS[Role.HANDLER]


def test_who_may_is_said_as_people_say_it() -> None:
    assert roles_that_may(Permission.KEEP_ACCOUNTS) == (Role.ADMINISTRATOR,)
    assert who_may(Permission.KEEP_ACCOUNTS) == "an administrator"
    assert who_may(Permission.SEE_LOOKS) == "somebody of management, an administrator or an auditor"

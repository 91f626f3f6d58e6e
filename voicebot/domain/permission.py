"""Which role may do what. This is the one table that says it, and routes, commands and pages ask it.

A person holds one role. Handlers and supervisors work on cases, and each role that does may all that those before it
may. Three roles stand beside that line. Quality corrects words and promises nothing, management reads and decides, and
the auditor reads, and changes nothing but their own password.

An administrator may do everything, and reads cases, too. Two reasons. In a firm of one the one account is an
administrator's, and that person has to call back whoever complained. And whoever gives out accounts and passwords could
make an account that reads cases, so to hide them from this role would be a wall beside an open door. What protects the
complainant is that each look at a case is kept, and that management and the auditor read who looked.

The role of an account decides. Where the policy names a handler or a supervisor in another role, what that role may
comes on top, since in a firm of one they are the same person. The three roles beside the line are meant as limits, and
nothing comes on top of them.
Knows: roles, permissions. Must not know: routes, commands, who somebody is.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from voicebot.domain.staff import Role


class Permission(StrEnum):
    """Something that a role may do, in the words that follow "may"."""

    OWN_ACCOUNT = "change their own password and second factor"
    READ_CASES = "read cases and find them"
    HEAR_VOICES = "hear voices and save files that came with texts"
    SEE_ORIGINAL = "see and hear private numbers as they were said, after giving a reason"
    TAKE_WORDS = "take the words of a case along, as a file or on paper"
    TAKE_LISTS = "take lists of cases and calls along, as CSV"
    REVIEW_WORDS = "correct and accept words, and say that they listened"
    SERVE = "call complainants, promise them calls, and write down who they are"
    DECIDE = "write notes, hand cases on, decide about them and end them"
    OVERRULE = "decide what needs somebody with a say, such as ending a case that nobody heard"
    SEE_ROTA = "see who is on duty and how staff are reached"
    KEEP_OWN_DUTY = "say when they are away, try their own channels, and answer a drill"
    PLAN_ROTA = "plan the rota and try the channels of everybody"
    SEE_FIGURES = "read the figures"
    SEE_MANAGEMENT = "read what waits for management, and the morning list"
    SEE_WEBHOOKS = "see what other systems are told, and send it again"
    SEE_LOOKS = "read who looked at a case"
    KEEP_ACCOUNTS = "add and disable logins, and give new passwords"
    RUN_HOTLINE = "run the hotline: its number, settings, flows, backups, and what is kept how long"


_READS = frozenset(
    {
        Permission.OWN_ACCOUNT,
        Permission.READ_CASES,
        Permission.HEAR_VOICES,
        Permission.TAKE_WORDS,
        Permission.SEE_ROTA,
    }
)
_OVERSEES = frozenset({Permission.TAKE_LISTS, Permission.SEE_FIGURES, Permission.SEE_MANAGEMENT, Permission.SEE_LOOKS})
_HANDLES = _READS | {Permission.REVIEW_WORDS, Permission.SERVE, Permission.DECIDE, Permission.KEEP_OWN_DUTY}
_SUPERVISES = _HANDLES | {
    Permission.TAKE_LISTS,
    Permission.OVERRULE,
    Permission.SEE_ORIGINAL,
    Permission.PLAN_ROTA,
    Permission.SEE_FIGURES,
    Permission.SEE_MANAGEMENT,
    Permission.SEE_WEBHOOKS,
}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.HANDLER: _HANDLES,
        Role.SUPERVISOR: _SUPERVISES,
        Role.QUALITY: _READS | {Permission.REVIEW_WORDS, Permission.SEE_FIGURES, Permission.KEEP_OWN_DUTY},
        Role.MANAGEMENT: _READS
        | _OVERSEES
        | {Permission.DECIDE, Permission.OVERRULE, Permission.SEE_ORIGINAL, Permission.KEEP_OWN_DUTY},
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.AUDITOR: _READS | _OVERSEES,
    }
)
"""The table."""

_LIMITS = frozenset({Role.QUALITY, Role.MANAGEMENT, Role.AUDITOR})
"""Roles that say what somebody may not do, whatever else they are in the company."""

NOBODY: frozenset[Permission] = frozenset()


def granted(
    account: Role | None, *, in_policy: Collection[str] = (), management: Collection[str] = ()
) -> frozenset[Permission]:
    """Return what somebody may do, by the role of their account and the roles in which the policy names them.

    `management` are the roles of the policy that are management. Somebody without an account goes by the policy alone.
    """
    return NOBODY.union(*map(PERMISSIONS.__getitem__, roles_held(account, in_policy=in_policy, management=management)))


def roles_held(
    account: Role | None, *, in_policy: Collection[str] = (), management: Collection[str] = ()
) -> frozenset[Role]:
    """Return every role whose doors are open to somebody, given as to `granted`. What is asked of a role at the login
    (a second factor, no password) is asked of whoever holds it, by whichever way.
    """
    own: frozenset[Role] = frozenset() if account is None else frozenset({account})
    if account in _LIMITS:
        return own
    return own.union(*(_by_policy(role, management) for role in in_policy))


def roles_that_may(permission: Permission) -> tuple[Role, ...]:
    """Return which roles may do something, in the order of the roles."""
    return tuple(role for role in Role if permission in PERMISSIONS[role])


def who_may(permission: Permission) -> str:
    """Return who may do something, as a page says it, such as "a supervisor or an administrator"."""
    *others, last = (role.said for role in roles_that_may(permission))
    return f"{', '.join(others)} or {last}" if others else last


def _by_policy(role: str, management: Collection[str]) -> frozenset[Role]:
    """Return as what a role of the policy counts. Whom it names works on cases, and the ladder climbs to management,
    who then have to call.
    """
    if role in management:
        return frozenset({Role.SUPERVISOR, Role.MANAGEMENT})
    return frozenset({Role.SUPERVISOR if role == Role.SUPERVISOR else Role.HANDLER})

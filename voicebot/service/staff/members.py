"""Who can own a case, who answers for it after its second miss, and what a name in the history is.

The policy is checked to name somebody in every role that a promise needs. A staff id is looked for in the policy first,
because an account that names a policy's member *is* that member.
Knows: the policy's staff, accounts. Must not know: steps, texts, how one logs in.
"""

from collections.abc import Collection, Iterable, Mapping

from voicebot.domain.permission import NOBODY, PERMISSIONS, Permission, roles_held
from voicebot.domain.retention import RETENTION_ACTOR
from voicebot.domain.search_words import words_of
from voicebot.domain.staff import Role, StaffMember
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork

SYSTEM = "system"
"""Actor of what nobody did by hand."""


ACTORS = frozenset({SYSTEM, RETENTION_ACTOR, "caller", "carrier", "worker"})
"""No account may go by these names, since what it does would not count as somebody's action."""

MACHINES = ACTORS - {"caller"}
"""Those of them who are nobody. What they write goes on though no person does anything."""


def handlers(policy: Policy) -> tuple[StaffMember, ...]:
    """Return those of the policy who can own a case, one at least. Who gets which is for assignment.py to say."""
    return tuple(member for member in policy.staff if member.role == Role.HANDLER)


def management_of(policy: Policy) -> tuple[StaffMember, ...]:
    """Return those of the policy who supervise or manage, whom a case is given to that no handler may have."""
    senior = {Role.SUPERVISOR.value, *policy.ladder.management_roles}
    return tuple(member for member in policy.staff if member.role in senior)


def responsible_after_second_miss(policy: Policy, *, besides: Collection[str]) -> StaffMember:
    """Return who answers for a case from its second miss on, and somebody else with a say where they may not see it."""
    role = policy.ladder.responsible_after_second_miss
    named = [member for member in policy.staff if member.role == role]
    return next((each for each in (*named, *management_of(policy)) if each.id not in besides), named[0])


def spoken_role(member: StaffMember) -> str:
    """Return how a member's role is named to a complainant."""
    return member.spoken_role or member.role.replace("_", " ")


def staff_numbers(policy: Policy) -> frozenset[str]:
    """Return the phones of staff (E.164)."""
    return frozenset(member.phone for member in policy.staff if member.phone)


def find_member(work: UnitOfWork, policy: Policy, staff_id: str) -> StaffMember | None:
    """Return who goes by a staff id, in the policy or by an account, or None when nobody does."""
    known = next((member for member in policy.staff if member.id == staff_id), None)
    return known or work.staff.get(staff_id)


def member_name(work: UnitOfWork, policy: Policy, staff_id: str) -> str:
    """Return how a member is called in lists. The id where nobody is known by it."""
    return member_names(work, policy, [staff_id])[staff_id]


def member_names(work: UnitOfWork, policy: Policy, staff_ids: Collection[str]) -> Mapping[str, str]:
    """Return how members are called in lists, by their ids."""
    known = {member.id: member.name for member in reversed(policy.staff)}
    others = {staff_id for staff_id in staff_ids if staff_id not in known}
    known |= {staff_id: member.name for staff_id, member in work.staff.those(others).items()} if others else {}
    return {staff_id: known.get(staff_id, staff_id) for staff_id in staff_ids}


def staff_named(work: UnitOfWork, policy: Policy, written: str) -> StaffMember | None:
    """Return the one of the staff whose name or id this is, in whatever case, or None for nobody and for several."""
    wanted = words_of(written)
    people = {person.id: person for person in (*work.staff.all(), *policy.staff)}
    found = [each for each in people.values() if wanted and wanted in (words_of(each.name), words_of(each.id))]
    return found[0] if len(found) == 1 else None


def everybody(hotline: Hotline) -> tuple[StaffMember, ...]:
    """Return everybody who may own a case. Those of the policy come first, then those who may log in."""
    with hotline.look() as work:
        people = [*hotline.flows.current_policy().staff, *work.staff.all()]
    return tuple({person.id: person for person in reversed(people)}.values())[::-1]


def policy_roles(policy: Policy, actor: str) -> frozenset[str]:
    """Return the roles in which the policy names somebody."""
    return frozenset(member.role for member in policy.staff if member.id == actor)


def roles_of_account(policy: Policy, account: Role, staff_id: str) -> frozenset[Role]:
    """Return every role whose doors are open to an account: its own, and what the policy names its owner."""
    named = policy_roles(policy, staff_id)
    return roles_held(account, in_policy=named, management=policy.ladder.management_roles)


def permissions_of(work: UnitOfWork, policy: Policy, actor: str) -> frozenset[Permission]:
    """Return what somebody may do, by account and by the policy, at the terminal everything. A token may what its role
    may, as far as whoever made it may do so today.
    """
    token = work.api_tokens.by_staff_id(actor)
    if token is not None:
        return PERMISSIONS[token.role] & _permissions(roles_of(work, policy, token.made_by))
    return _permissions(roles_of(work, policy, actor))


def has_say(work: UnitOfWork, policy: Policy, actor: str) -> bool:
    """Tell whether somebody may decide what handlers may not."""
    return Permission.OVERRULE in permissions_of(work, policy, actor)


def _permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    return NOBODY.union(*(PERMISSIONS[role] for role in roles))


def roles_of(work: UnitOfWork, policy: Policy, actor: str) -> frozenset[Role]:
    """Return the roles of somebody. Whoever is known neither by an account nor by the policy is at the terminal, where
    the machine itself says who may work on it, and has all of them.
    """
    account, named = work.staff.get(actor), policy_roles(policy, actor)
    if account is None and not named:
        return frozenset(Role)
    role = None if account is None else Role(account.role)
    return roles_held(role, in_policy=named, management=policy.ladder.management_roles)

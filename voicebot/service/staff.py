"""Who owns a case, who a name in the history is, who answers for a case after its second miss.

In this first form staff come from the policy; logins come with the console.
Knows: the policy's staff. Must not know: steps, texts.
"""

from voicebot.domain.staff import StaffMember
from voicebot.errors import SettingFault
from voicebot.flow.policy import Policy

HANDLER = "handler"
"""Role of those who own cases."""


def choose_owner(policy: Policy) -> StaffMember:
    """Return who will own a new case: the first handler, else the first of all; never nobody.

    Raises: SettingFault when the policy names no staff at all.
    """
    if not policy.staff:
        raise SettingFault("giving a case its owner: escalation.yaml names no staff; name at least one handler")
    return next((member for member in policy.staff if member.role == HANDLER), policy.staff[0])


def find_member(policy: Policy, staff_id: str) -> StaffMember | None:
    """Return the member with this id, or None: the policy may have changed since."""
    return next((member for member in policy.staff if member.id == staff_id), None)


def member_name(policy: Policy, staff_id: str) -> str:
    """Return how a member is called in texts and lists; the id where the policy no longer knows them."""
    member = find_member(policy, staff_id)
    return staff_id if member is None else member.name


def spoken_role(policy: Policy, role: str) -> str:
    """Return how a role is named to a complainant; the role's own name where nobody in it has such words."""
    members = (member for member in policy.staff if member.role == role and member.spoken_role)
    return next((member.spoken_role for member in members), role.replace("_", " "))

"""Who owns a case, who answers for it after its second miss, and what a name in the history is.

In this first form staff come from the policy, which is checked to name somebody in every role that is needed;
logins come with the console.
Knows: the policy's staff. Must not know: steps, texts.
"""

from voicebot.domain.staff import HANDLER, StaffMember
from voicebot.flow.policy import Policy


def choose_owner(policy: Policy) -> StaffMember:
    """Return who will own a new case: the first handler; never nobody."""
    return _first_in(policy, HANDLER)


def responsible_after_second_miss(policy: Policy) -> StaffMember:
    """Return who answers for a case from its second miss on."""
    return _first_in(policy, policy.ladder.responsible_after_second_miss)


def spoken_role(member: StaffMember) -> str:
    """Return how a member's role is named to a complainant."""
    return member.spoken_role or member.role.replace("_", " ")


def staff_numbers(policy: Policy) -> frozenset[str]:
    """Return the phones of staff (E.164)."""
    return frozenset(member.phone for member in policy.staff if member.phone)


def member_name(policy: Policy, staff_id: str) -> str:
    """Return how a member is called in lists; the id where the policy no longer knows them."""
    return next((member.name for member in policy.staff if member.id == staff_id), staff_id)


def _first_in(policy: Policy, role: str) -> StaffMember:
    return next(member for member in policy.staff if member.role == role)

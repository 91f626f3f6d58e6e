"""People in the company, as far as a promise needs them: role, name, where to text or ring.

In this first form they come from the policy's `escalation.yaml`; logins come with the console.
Knows: people. Must not know: steps, who is told what.
"""

from pydantic import BaseModel, ConfigDict

HANDLER = "handler"
"""Role of those who own cases."""


class StaffMember(BaseModel):
    """Somebody who can own a case or stand on the ladder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """Short stable name used in policy and history, for example `owner_1`."""
    name: str
    role: str
    """handler, supervisor, manager, executive … : a role that the ladder's steps name."""
    spoken_role: str = ""
    """How the role is named to a complainant, for example "head of customer care"."""
    phone: str = ""
    """E.164; empty when nobody can be reached there (the ladder says so instead of staying silent)."""

"""What happened to somebody's login, for the administrator to read afterwards.

Knows: verbs. Must not know: passwords, codes, pages.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountVerb(StrEnum):
    """What happened, in words that stand in `voicebot staff history`."""

    SECOND_FACTOR_SET = "second factor set up"
    SECOND_FACTOR_RESET = "second factor taken away"
    LINKED = "linked to the company's sign-in"
    UNLINKED = "link to the company's sign-in taken away"
    ROLE_BY_PROVIDER = "role changed by the company's sign-in"
    RECOVERY_CODE_USED = "logged in by a recovery code"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountEvent:
    """One line of an account's history."""

    account_id: str
    at: datetime
    actor: str
    """Staff id of who did it. `terminal` for a command of the administrator's."""
    verb: AccountVerb

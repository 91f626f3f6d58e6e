"""A token with which another program asks us over HTTP. It has a role, as an account has, and an end.

Its text begins with `vbt_`, so that programs that look for secrets in published files know it, and ends with a check of
itself, so that what was cut or mistyped is no token before anybody looks for it. Only a digest is kept: the text has
256 bits of chance, which nobody tries out, so a slow hash would protect nothing.
Knows: roles. Must not know: HTTP, tables, who may make one.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass, field
from datetime import datetime

from voicebot.domain.staff import Role, StaffMember

PREFIX = "vbt_"
ACTOR_PREFIX = "token."
"""How histories call what a token did. No account has a dot in its id."""
_CHECK_DIGITS = 8
_TEXT = re.compile(r"vbt_[A-Za-z0-9_-]{16,100}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiToken:
    """A token, without its text."""

    id: str
    name: str
    """What it is for, as lists show it. No two have the same."""
    role: Role
    staff_id: str
    """Who this is in histories, such as `token.reports`."""
    digest: str = field(repr=False)
    made_at: datetime
    made_by: str
    expires_at: datetime | None = None
    """From then on it is refused. None means never."""
    last_used_at: datetime | None = None
    """Kept every few minutes only (service/staff/tokens.py)."""
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Tell whether it opens anything at an instant."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def as_member(self) -> StaffMember:
        """Return the token as somebody who acts on cases."""
        return StaffMember(id=self.staff_id, name=f"{self.name} (token)", role=self.role.value)


def token_text(chance: str) -> str:
    """Return the text of a new token, made of a fresh secret."""
    begin = f"{PREFIX}{chance}"
    return f"{begin}{_check(begin)}"


def is_token_text(shown: str) -> bool:
    """Tell whether something can be a token at all, which costs no look into the database."""
    begin, check = shown[:-_CHECK_DIGITS], shown[-_CHECK_DIGITS:]
    return _TEXT.fullmatch(shown) is not None and _check(begin) == check


def digest_of(text: str) -> str:
    """Return what is kept of a token's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode()):0{_CHECK_DIGITS}x}"

"""Tokens of other programs, as a port, and what they asked for under a key of theirs.

Knows: tokens. Must not know: SQL, HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.api_token import ApiToken


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyedRequest:
    """A request that changes something, under the key by which its sender knows it again."""

    token_id: str
    key: str
    digest: str
    """Of all that was asked, so that another request under the same key is told from a repetition."""
    at: datetime
    seen: int | None = None
    """How many actions of staff the case had when it was first asked (staff/decision.py)."""
    status: int | None = None
    """What was answered. None while nobody has answered yet."""
    answered: str = ""


class ApiTokens(Protocol):
    """Every token that was ever made. Histories name them for ever."""

    def add(self, token: ApiToken) -> bool:
        """Write a new token, unique on name, digest and staff id. False when one is taken."""
        ...

    def every(self) -> Sequence[ApiToken]:
        """Return every token, oldest first."""
        ...

    def by_digest(self, digest: str) -> ApiToken | None: ...

    def by_staff_id(self, staff_id: str) -> ApiToken | None:
        """Return the token that histories call so. The database is not asked where no token can be meant."""
        ...

    def save(self, token: ApiToken) -> None: ...

    def claim(self, request: KeyedRequest, *, forget_before: datetime) -> KeyedRequest | None:
        """Keep a request under its key and return None, or return the one that stands there already.

        What the same token asked for before that instant is forgotten.
        """
        ...

    def settle(self, request: KeyedRequest) -> None:
        """Write what stands of a request now."""
        ...

    def release(self, request: KeyedRequest) -> None:
        """Forget a request that changed nothing."""
        ...

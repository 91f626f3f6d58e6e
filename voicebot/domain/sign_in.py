"""What the company's own sign-in (an OpenID Connect provider) says of somebody, and what that makes them here.

Knows: claims as values, roles. Must not know: tokens, HTTP, accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voicebot.domain.staff import Role

MOST_SUBJECT_LENGTH = 255
"""Characters. Source: OpenID Connect Core 1.0, 2 (`sub` has at most 255 ASCII characters)."""
MOST_ISSUER_LENGTH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Somebody whom the provider vouches for."""

    issuer: str
    subject: str = field(repr=False)
    """The provider's name for them, never given to another person. An e-mail may be."""
    email: str = field(repr=False)
    """Empty when the provider does not say that they own it."""
    name: str = field(repr=False)
    groups: tuple[str, ...] = ()
    """What the claim for roles holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInRules:
    """What the operator decided."""

    role_claim: str = "groups"
    roles: Sequence[tuple[str, Role]] = ()
    """Group and role, of which the first that somebody is in counts. Empty: the provider says nothing about roles."""
    makes_accounts: bool = False

    def role_of(self, person: SignedIn) -> Role | None:
        """Return the role that somebody's groups give them, or None when none of them does."""
        return next((role for group, role in self.roles if group in person.groups), None)


def signed_in(claims: dict[str, Any], *, role_claim: str) -> SignedIn:
    """Return who an ID token that was checked is about. What has another shape than it should counts as not said."""
    is_verified = claims.get("email_verified") in (True, "true")
    said = claims.get(role_claim)
    groups = said if isinstance(said, list) else [said]
    return SignedIn(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=_text(claims.get("email")) if is_verified else "",
        name=_text(claims.get("name")),
        groups=tuple(group for group in groups if isinstance(group, str)),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

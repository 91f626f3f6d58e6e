"""What the company's own sign-in (an OpenID Connect provider) says of somebody, and what that makes them here.

Whether somebody gave two factors is said by `amr` (how they were known) or `acr` (how well).
Source: RFC 8176 (`mfa`), OpenID Connect Core 1.0, 2.
Knows: claims as values, roles. Must not know: tokens, HTTP, accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voicebot.domain.staff import Role

MOST_SUBJECT_LENGTH = 255
"""Characters. Source: OpenID Connect Core 1.0, 2 (`sub` has at most 255 ASCII characters)."""
MOST_ISSUER_LENGTH = 500
ALWAYS = "always"
"""Among the values that mean two factors: whatever the provider says."""


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
    has_second_factor: bool = False
    """Whether the provider says that they gave two factors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInRules:
    """What the operator decided."""

    role_claim: str = "groups"
    roles: Sequence[tuple[str, Role]] = ()
    """Group and role, of which the first that somebody is in counts. Empty: the provider says nothing about roles."""
    makes_accounts: bool = False
    second_factor: frozenset[str] = frozenset({"mfa"})
    """Values of the claims `amr` and `acr` that mean two factors. With `ALWAYS` among them, nothing has to say so."""

    def role_of(self, person: SignedIn) -> Role | None:
        """Return the role that somebody's groups give them, or None when none of them does."""
        return next((role for group, role in self.roles if group in person.groups), None)

    def role_kept(self, before: Role, given: Role | None) -> Role:
        """Return the role of an account from now on. Where no group makes administrators, the provider knows nothing
        of them, and so takes nobody the role: there may be no other who could give it back.
        """
        is_theirs = any(role is Role.ADMINISTRATOR for _, role in self.roles)
        return before if given is None or (before is Role.ADMINISTRATOR and not is_theirs) else given


def is_subject(value: object) -> bool:
    """Tell whether a claim can be somebody's name at the provider. An empty one would be everybody's."""
    return isinstance(value, str) and 0 < len(value) <= MOST_SUBJECT_LENGTH and value.isprintable()


def signed_in(claims: dict[str, Any], rules: SignInRules) -> SignedIn:
    """Return who an ID token that was checked is about. What has another shape than it should counts as not said."""
    is_verified = claims.get("email_verified") in (True, "true")
    said, ways = claims.get(rules.role_claim), claims.get("amr")
    groups = said if isinstance(said, list) else [said]
    return SignedIn(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=_text(claims.get("email")) if is_verified else "",
        name=_text(claims.get("name")),
        groups=tuple(group for group in groups if isinstance(group, str)),
        has_second_factor=not rules.second_factor.isdisjoint(
            {ALWAYS, _text(claims.get("acr")), *map(_text, ways if isinstance(ways, list) else ())}
        ),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

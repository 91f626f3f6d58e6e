"""What the company's sign-in (an OpenID Connect provider) says of itself, checked before anything of it is used.

It is read anew for each login, so that nothing is stale, and because logins are few. Every address must be https, and
http only where the provider runs on this very machine.
Source: OpenID Connect Discovery 1.0, 4.3 (the issuer must be the one asked for); RFC 8414.
Knows: HTTP. Must not know: tokens, who signs in, pages.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests

from voicebot.adapters.deadline_http import Deadline, Left, with_deadline
from voicebot.domain.sign_in import SignInRules
from voicebot.domain.staff import Role
from voicebot.errors import Unavailable

ANSWER_S = 4.0
"""For one answer of the provider."""
LONGEST_S = 8.0
"""For all that one step of a login asks of it, since a thread that also carries calls waits meanwhile."""
WELL_KNOWN = "/.well-known/openid-configuration"
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Ways of signing that we take. None of those that take our own secret for the key, and never `none`."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LOG_OUT = "end_session_endpoint"
"""Not every provider has one."""
_SIGNS = "id_token_signing_alg_values_supported"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderOptions:
    """The company's own sign-in, as the operator set it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    rules: SignInRules = field(default_factory=SignInRules)
    passwords_for: frozenset[Role] = frozenset(Role)
    """Who may log in by a password all the same."""
    session_life: timedelta = timedelta(hours=1)
    """After so long it is asked again whether it still lets somebody in."""


def is_safe_address(address: str) -> bool:
    """Tell whether secrets may be sent there. That is over https, or over http on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE))


def left_of(longest_s: float = LONGEST_S) -> Left:
    """Return what says how long one may still wait for the provider. Raises (when asked): TimeoutError."""
    return Deadline(longest_s, each_s=ANSWER_S)


def discovered(issuer: str) -> dict[str, Any]:
    """Return what the provider says of itself, as far as we ask for it. What else stands in its document is left out,
    because whoever takes this takes some names for options of their own.

    Raises: Unavailable (no answer, or not as it should be).
    """
    left = left_of()
    try:
        with requests.Session() as session:
            with_deadline(session, left)
            answer = session.get(issuer.rstrip("/") + WELL_KNOWN, timeout=left(), allow_redirects=False)
            answer.raise_for_status()
            said = answer.json()
    except (requests.RequestException, ValueError, OSError) as problem:
        raise away(problem) from None
    fault = _fault(said, issuer)
    if fault:
        raise Unavailable(
            f"asking the company's sign-in: {fault}; compare it with VOICEBOT_OIDC_ISSUER", code="sign-in-away"
        )
    signs = said.get(_SIGNS)
    taken = [each for each in signs if each in SIGNED_BY] if isinstance(signs, list) else []
    addresses = {name: said[name] for name in (*_ENDPOINTS, _LOG_OUT) if said.get(name)}
    return {"issuer": said["issuer"], **addresses, _SIGNS: taken or ["RS256"]}


def away(problem: Exception) -> Unavailable:
    """Return that the provider did not do its part, without its words."""
    return Unavailable(
        f"asking the company's sign-in: it does not answer as it should ({type(problem).__name__}); try again in a "
        "moment, and meanwhile administrators log in by their password",
        code="sign-in-away",
    )


def _fault(said: Any, issuer: str) -> str:
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        return "it calls itself by another issuer than the settings"
    asked = (*_ENDPOINTS, *([_LOG_OUT] if said.get(_LOG_OUT) else ()))
    wrong = [name for name in asked if not is_safe_address(str(said.get(name, "")))]
    return f"{wrong[0]} is no address that begins with https" if wrong else ""

"""The conversation with the company's sign-in, by Authlib. The browser is sent there, and what comes back is checked.

The code flow with PKCE, state and nonce. All three stand in the session of this browser, each try has its own, and
coming back uses them up. Provider and keys are asked anew each time, so rotated keys need no restart.

A token for several audiences counts where it was issued to us (`azp`), as some providers name each of their services in
it. It came from the provider itself, over TLS, for our code and with our nonce, so nobody else had it in hands.
Source: OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9700 (what to check).
Knows: Authlib, the session. Must not know: accounts, pages.
"""

from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from flask import session
from joserfc.errors import JoseError

from voicebot.adapters.deadline_http import with_deadline
from voicebot.adapters.provider_discovery import ProviderOptions, away, discovered, left_of
from voicebot.domain.sign_in import is_subject
from voicebot.errors import Refused

CLOCK_SKEW_S = 60
"""How far the provider's clock and ours may be apart."""
_NAME = "provider"
_STATES = f"_state_{_NAME}_"


class ProviderClient:
    """One try after another."""

    def __init__(self, options: ProviderOptions) -> None:
        self._options = options

    def way_there(self, *, back_to: str, then: str) -> str:
        """Return where to send the browser, and remember in its session what must come back. Raises: Unavailable."""
        for old in [key for key in session if key.startswith(_STATES)]:
            session.pop(old)
        app = self._app(discovered(self._options.issuer))
        told = app.create_authorization_url(back_to)
        app.save_authorize_data(redirect_uri=back_to, then=then, **told)
        return str(told["url"])

    def claims(self, state: str) -> tuple[dict[str, Any], str]:
        """Return what the provider says of whoever came back, and where they wanted to go, using the try up.

        Raises: Refused (not this browser's try, or a token that does not hold), Unavailable.
        """
        kept = session.get(f"{_STATES}{state}")
        if kept is None:
            raise _refused("this login was not begun in this browser, or is used up")
        app = self._app(discovered(self._options.issuer))
        must_be = {
            "iss": {"essential": True, "value": self._options.issuer},
            "aud": {"essential": True, "value": self._options.client_id},
        }
        try:
            token = app.authorize_access_token(claims_options=must_be, leeway=CLOCK_SKEW_S)
        except (AuthlibBaseError, JoseError) as problem:
            raise _refused(f"what the company's sign-in sent does not hold ({type(problem).__name__})") from None
        except (requests.RequestException, OSError, ValueError, KeyError, TypeError) as problem:
            raise away(problem) from None
        if "userinfo" not in token:
            raise _refused("the company's sign-in sent no ID token")
        claims = dict(token["userinfo"])
        if not is_subject(claims.get("sub")):
            raise _refused("what the company's sign-in sent does not hold (it names nobody)")
        return claims, str(kept["data"]["then"])

    def way_out(self, *, back_to: str) -> str:
        """Return where the session at the provider is ended, empty when it offers no such page. Raises: Unavailable."""
        said = discovered(self._options.issuer)
        if not said.get("end_session_endpoint"):
            return ""
        told = self._app(said).create_logout_url(back_to, client_id=self._options.client_id)
        return cast(str, told["url"])

    def _app(self, said: dict[str, Any]) -> Any:
        kwargs = {"scope": "openid email profile", "code_challenge_method": "S256"}
        app = FlaskOAuth2App(
            FlaskIntegration(_NAME),
            _NAME,
            client_id=self._options.client_id,
            client_secret=self._options.client_secret,
            client_kwargs=kwargs,
            **said,
        )
        app.client_cls = _timed_session
        return app


def _timed_session(**options: Any) -> Any:
    """Return Authlib's session with one deadline for all that it asks, which takes our secret nowhere else."""
    timed = OAuth2Session(**options)
    with_deadline(timed, left_of())
    timed.max_redirects = 0
    return timed


def _refused(why: str) -> Refused:
    return Refused(f"signing in: {why}; begin again at the login", code="sign-in-refused")

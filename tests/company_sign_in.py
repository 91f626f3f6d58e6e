"""A real OpenID Connect provider on this machine, over HTTP, by Authlib's server side, with faults to choose.

It checks our secret, our redirect address and PKCE by itself. Whoever comes is `person` at once: no page asks.
"""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, scope_to_list
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, Response, jsonify
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "hotline", "the-secret-of-the-hotline"
BACK = "https://hotline.example/console/sign-in/done"


@dataclass
class Person:
    """Who logs in at the provider."""

    claims: dict[str, Any]

    def get_user_id(self) -> str:
        return str(self.claims["sub"])


@dataclass
class Hotline(ClientMixin):
    """We, as the provider knows us."""

    back: str

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code on its way, used once."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: Person

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass
class Provider:
    """The provider, and what is wrong with it."""

    issuer: str = ""
    back: str = BACK
    """Where it leads back to."""
    person: Person = field(default_factory=lambda: Person({"sub": "ann-1", "email": "anna@firm.example"}))
    claims: dict[str, Any] = field(default_factory=dict)
    """What the token says instead."""
    signed_by: str = "RS256"
    said: dict[str, Any] = field(default_factory=dict)
    """What the provider says of itself instead."""
    has_id_token: bool = True
    other_key: RSAKey | None = None
    """Signs instead of the key that it publishes."""
    keys: object = None
    """What it publishes instead of its keys."""
    kid: str | None = "one"
    codes: dict[str, Code] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))

    def rotate(self, kid: str | None) -> None:
        """Take another key."""
        self.kid, self.key = kid, RSAKey.generate_key(2048, None if kid is None else {"kid": kid})

    def metadata(self) -> dict[str, Any]:
        """Return what it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        } | self.said

    def id_token(self, code: Code) -> str:
        """Return what is said of whoever logged in, signed as was chosen."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": code.nonce}
        claims |= {"email_verified": True} | code.user.claims | self.claims
        header = {"alg": self.signed_by} | ({} if self.kid is None else {"kid": self.kid})
        if self.signed_by == "none":
            return ".".join([*(_b64(json.dumps(part).encode()) for part in (header, claims)), ""])
        key = OctKey.import_key(SECRET) if self.signed_by == "HS256" else self.other_key or self.key
        return jwt.encode(header, claims, key, [self.signed_by])


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _code_grant(provider: Provider) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            rest = {name: data[name] for name in ("nonce", "code_challenge", "code_challenge_method", "scope")}
            uri = request.payload.redirect_uri
            provider.codes[code] = Code(code=code, redirect_uri=uri, user=request.user, **rest)

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> Person:
            return authorization_code.user

    return Grant


def _with_id_token(provider: Provider) -> Any:
    def extend(grant: Any) -> None:
        def add(_grant: Any, response: Any) -> None:
            if provider.has_id_token and "openid" in scope_to_list(grant.request.authorization_code.scope):
                response[1]["id_token"] = provider.id_token(grant.request.authorization_code)

        grant.register_hook("after_create_token_response", add)

    return extend


def _app(provider: Provider) -> Flask:
    app = Flask("provider")
    server = AuthorizationServer(
        app, query_client=lambda _id: Hotline(provider.back), save_token=lambda _token, _request: None
    )
    server.register_grant(_code_grant(provider), [_with_id_token(provider), CodeChallenge(required=True)])

    def authorize() -> Any:
        return server.create_authorization_response(
            grant_user=provider.person, grant=server.get_consent_grant(end_user=provider.person)
        )

    def keys() -> Response:
        own = {"keys": [provider.key.as_dict(private=False)]}
        return jsonify(own if provider.keys is None else provider.keys)

    app.add_url_rule("/.well-known/openid-configuration", "said", lambda: jsonify(provider.metadata()))
    app.add_url_rule("/keys", "keys", keys)
    app.add_url_rule("/authorize", "authorize", authorize)
    app.add_url_rule("/token", "token", server.create_token_response, methods=["POST"])
    return app


@contextmanager
def company_sign_in() -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, _app(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

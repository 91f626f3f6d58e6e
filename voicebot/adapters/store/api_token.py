"""Other programs' tokens and their keyed requests, as rows.

Knows: the tables api_tokens and api_requests. Must not know: who may make a token, HTTP.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, update

from voicebot.adapters.store.rows import Rows, hold, insert_once, whole_rows
from voicebot.adapters.store.tables.api_token import api_requests, api_tokens
from voicebot.domain.api_token import ACTOR_PREFIX, ApiToken
from voicebot.service.ports import KeyedRequest


class ApiTokenRows:
    """Fulfils `service.ports.ApiTokens`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tokens = Rows(connection, api_tokens, ApiToken)

    def add(self, token: ApiToken) -> bool:
        """Insert, unique on name, digest and staff id."""
        return self._tokens.add_once(token)

    def every(self) -> Sequence[ApiToken]:
        """Return every token, oldest first."""
        return self._tokens.every(self._tokens.select().order_by(api_tokens.c.made_at, api_tokens.c.id))

    def by_digest(self, digest: str) -> ApiToken | None:
        """Return the token whose text has this digest, or None."""
        return self._tokens.only(self._tokens.select().where(api_tokens.c.digest == digest))

    def by_staff_id(self, staff_id: str) -> ApiToken | None:
        """Return the token that histories call so, or None."""
        if not staff_id.startswith(ACTOR_PREFIX):
            return None
        return self._tokens.only(self._tokens.select().where(api_tokens.c.staff_id == staff_id))

    def save(self, token: ApiToken) -> None:
        """Update what changed."""
        self._tokens.save(token)

    def claim(self, request: KeyedRequest, *, forget_before: datetime) -> KeyedRequest | None:
        """Insert unless the key stands there, after what is older was deleted."""
        hold(self._connection, f"api request {request.token_id} {request.key}")
        old = (api_requests.c.token_id == request.token_id, api_requests.c.at < forget_before)
        self._connection.execute(delete(api_requests).where(*old))
        if insert_once(self._connection, api_requests, asdict(request)):
            return None
        found = self._connection.execute(whole_rows(api_requests, KeyedRequest).where(*_under(request))).mappings()
        return KeyedRequest(**found.one())

    def settle(self, request: KeyedRequest) -> None:
        """Update all but the key."""
        self._connection.execute(update(api_requests).where(*_under(request)).values(asdict(request)))

    def release(self, request: KeyedRequest) -> None:
        """Delete."""
        self._connection.execute(delete(api_requests).where(*_under(request)))


def _under(request: KeyedRequest) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return api_requests.c.token_id == request.token_id, api_requests.c.key == request.key

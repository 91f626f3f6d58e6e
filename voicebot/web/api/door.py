"""Knows which program asks, by its token, and how much it asks for.

A token comes in the header `Authorization` and nowhere else, so that no address and no access log holds one. A right
token is never locked out by wrong ones, from wherever they come: what is wrong is counted by address and network, and
past the limits answered 429 instead of 401. A right one has so many requests a minute, and each answer says how many
are left.
Source: RFC 6750 (bearer tokens); the draft of RateLimit header fields for HTTP (httpapi working group).
Knows: tokens, requests' addresses, counters. Must not know: routes, what is asked for.
"""

from collections.abc import Callable
from time import time  # noqa: TID251  the limiter's own clock
from typing import Any, TypeVar

from flask import Flask, Response, g, request
from limits import parse

from voicebot.domain.api_token import ApiToken
from voicebot.domain.permission import Permission, who_may
from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline
from voicebot.service.staff.tokens import use_token
from voicebot.web.api.problems import ApiProblem
from voicebot.web.transport.addresses import origin_of

PER_TOKEN = parse("600 per minute")
WRONG_PER_ADDRESS = parse("30 per 15 minutes")
WRONG_PER_NETWORK = parse("90 per 15 minutes")
Answered = TypeVar("Answered")
POLICY = f'"token";q={PER_TOKEN.amount};w={PER_TOKEN.get_expiry()}'


class ApiDoor:
    """Fulfils `web.guards.TokenDoor`."""

    def __init__(self, app: Flask, hotline: Hotline) -> None:
        self._app = app
        self._hotline = hotline

    def refuse_strangers(self, needed: Permission) -> None:
        """Know the token from now on. Raises: ApiProblem (401, 403, 429)."""
        kind, _, shown = request.headers.get("Authorization", "").partition(" ")
        used = use_token(self._hotline, shown.strip()) if kind.lower() == "bearer" else None
        if used is None:
            raise self._wrong()
        token = g.api_token = used.token
        if not self._asked_counts(lambda counts: counts.hit(PER_TOKEN, "api", token.id)):
            wait_s = self._left(token)[1]
            raise ApiProblem(
                429, f"Ask again in {wait_s} seconds.", code="token-busy", headers={"Retry-After": str(wait_s)}
            )
        if needed not in used.may:
            why = f"This takes a token of {who_may(needed)}, made by somebody who may do it today."
            raise ApiProblem(403, why, code="token-role")

    def say_limits(self, response: Response) -> Response:
        """Say how much the token may still ask for."""
        token = g.get("api_token")
        if token is not None and not g.get("counts_are_away", False):
            left, resets_s = self._left(token)
            response.headers["RateLimit-Policy"] = POLICY
            response.headers["RateLimit"] = f'"token";r={left};t={resets_s}'
        return response

    def _wrong(self) -> ApiProblem:
        origin = origin_of(request.remote_addr or "")
        of_each_size = ((WRONG_PER_ADDRESS, origin.address), (WRONG_PER_NETWORK, origin.network))
        hits = self._asked_counts(lambda counts: [counts.hit(limit, "api-wrong", at) for limit, at in of_each_size])
        if not all(hits):
            wait = WRONG_PER_ADDRESS.get_expiry()
            why = "Too many wrong tokens came from here. A right one is still taken."
            return ApiProblem(429, why, code="token-wrong", headers={"Retry-After": str(wait)})
        why = (
            "Send a token that is neither revoked nor past its end, made by somebody who may still log in: "
            "Authorization: Bearer vbt_…"
        )
        return ApiProblem(401, why, code="token-wrong", headers={"WWW-Authenticate": 'Bearer realm="voicebot"'})

    def _asked_counts(self, ask: Callable[[Any], Answered]) -> Answered:
        """Ask the counters of the login, which several machines may share. Raises: Unavailable when they are away."""
        (limiter,) = self._app.extensions["limiter"]
        counts = limiter.limiter
        try:
            return ask(counts)
        except counts.storage.base_exceptions as problem:
            g.counts_are_away = True
            raise Unavailable("counting what programs ask: the store of VOICEBOT_LIMITER_STORAGE is away") from problem

    def _left(self, token: ApiToken) -> tuple[int, int]:
        resets_at, left = self._asked_counts(lambda counts: counts.get_window_stats(PER_TOKEN, "api", token.id))
        return max(0, left), max(1, int(resets_at - time()) + 1)


def asking_token() -> ApiToken:
    """Return the token that asks, but only in routes guarded by TOKEN."""
    token: ApiToken = g.api_token
    return token

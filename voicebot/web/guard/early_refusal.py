"""Turns away whoever sends a webhook or opens a media socket without any signature, before the application wakes up.

Measured through the whole server on a busy machine (November 2026), a wrong signature, which the application refuses,
costs 1.4 ms of the processor that calls share, a missing one 0.3 ms. A signature that is there is checked as always
(guards.py), and the fallback's addresses stay open to anybody.
Knows: rules and their guards, WSGI. Must not know: signatures, what routes do.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from voicebot.telephony.signature import SIGNATURE_HEADER
from voicebot.telephony.urls import OUR_MARK
from voicebot.web.guard.guards import Guard, guard_of
from voicebot.web.guard.refusal_log import RefusalLog

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SIGNATURE_KEY = f"HTTP_{SIGNATURE_HEADER.upper().replace('-', '_')}"
SIGNED_ONLY = frozenset({Guard.SIGNATURE, Guard.SOCKET_SIGNATURE})
ANSWER = b"Forbidden\n"
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", str(len(ANSWER))), (OUR_MARK, "1")]


class Threshold:
    """The application behind a first look at each request."""

    def __init__(self, inner: "WSGIApplication", rules: dict[str, str], refusals: RefusalLog) -> None:
        """Take rules by the fixed beginning of their address, where one that ends in a slash stands for all below
        it.
        """
        self._inner = inner
        self._refusals = refusals
        self._whole = {begin: rule for begin, rule in rules.items() if not begin.endswith("/")}
        self._below = {begin: rule for begin, rule in rules.items() if begin.endswith("/")}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer 403 at once, or let the request in."""
        rule = None if SIGNATURE_KEY in environ else self._signed_rule(environ.get("PATH_INFO", ""))
        if rule is None:
            return self._inner(environ, start_response)
        self._refusals.note(rule)
        start_response("403 FORBIDDEN", HEADERS)
        return [ANSWER]

    def _signed_rule(self, path: str) -> str | None:
        """Return the rule that this path asks for and that only the carrier may ask for."""
        if path in self._whole:
            return self._whole[path]
        return next((rule for begin, rule in self._below.items() if path.startswith(begin)), None)


def refuse_early(app: Flask, refusals: RefusalLog) -> None:
    """Put it before an application whose routes are all there."""
    rules = {
        rule.rule.partition("<")[0]: rule.rule
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions[rule.endpoint]) in SIGNED_ONLY
    }
    app.wsgi_app = Threshold(app.wsgi_app, rules, refusals)  # type: ignore[method-assign]

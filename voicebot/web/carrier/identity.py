"""What the doctor asks through the net. It asks who is there, and whether a signed form arrives as it was sent.

Neither route reads or changes anything. Every answer carries our mark, so that those of proxies are told apart.
Knows: routes. Must not know: who asks, why.
"""

from flask import Flask, Response, abort

from voicebot.telephony.identity import Identity, is_challenge
from voicebot.telephony.urls import OUR_MARK
from voicebot.web.guard.guards import Guard, guarded


class IdentityRoutes:
    """`/identity/<challenge>` and `/twilio/ping`."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def register(self, app: Flask) -> None:
        """Add the routes and the mark."""
        app.add_url_rule("/identity/<challenge>", "identity", self.identify)
        app.add_url_rule("/twilio/ping", "ping", self.ping, methods=["POST"])
        app.after_request(_mark)

    @guarded(Guard.PUBLIC)
    def identify(self, challenge: str) -> Response:
        """Answer a challenge with what only this installation can know."""
        if not is_challenge(challenge):
            abort(404)
        response = Response(f"{self._identity.proof(challenge)}\n", mimetype="text/plain")
        response.cache_control.no_store = True
        return response

    @guarded(Guard.SIGNATURE)
    def ping(self) -> Response:
        """Say that the signature was good."""
        return Response(status=204)


def _mark(response: Response) -> Response:
    response.headers[OUR_MARK] = "1"
    return response

"""Which requests share threads, so that nobody can take those that a call needs.

A request is sorted once it is whole, before it takes a thread. Only what the carrier has signed takes a thread of the
calls, so the signature is checked here, by the same check as in guard/guards.py, because a stranger who fills his own
budget with made-up signatures queues behind himself. A sorting that is wrong opens nothing, for each route still has
its guard. Where nobody signs, requests of one network are one party, and the parties of a budget have turns (pools.py),
so that a flood of clips from elsewhere takes no clip from a caller. The carrier does not sign when it fetches a clip,
as far as it says. The check runs on the one thread that reads for all, so it must be cheap for whatever a stranger
makes up. Measured on one core (November 2026, six fields), it takes 0.04 ms of its time for a signed webhook, 0.09 ms
for a wrong signature.
Knows: addresses, signatures. Must not know: sockets, what routes do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from voicebot.telephony.signature import SETTINGS_HEADER, SIGNATURE_HEADER, SignatureCheck, SignedRequest
from voicebot.web.transport.addresses import origin_of
from voicebot.web.transport.request_reader import WholeRequest

BUDGETS = "voicebot.budgets"
"""Where the application keeps its `Sorter`."""
MAX_SIGNED_BYTES = 24 * 1024
"""A larger form is not checked here, because the carrier's are below 20 kB.

One that is genuine waits with the strangers.
"""
MAX_SIGNED_FIELDS = 100
"""Nor is one of more fields, because the carrier's have below 60."""

LAST_WORDS = frozenset({"/twilio/voice/fallback", "/twilio/voice/goodbye"})
"""Addresses that answer anybody (`Guard.STATIC_UNLESS_SIGNED`)."""
REMEMBERED_NETWORKS = 4096

_SOCKETS = "/twilio/media/"
_SIGNED = "/twilio/"
_CLIPS = "/clips/"
_ALIVE = "/livez"
_SHEET = ".csv"
_FORM = "application/x-www-form-urlencoded"


class Budget(StrEnum):
    """Who shares threads."""

    CARRIER = "carrier"
    """Signed webhooks."""
    MEDIA = "media"
    """Signed media sockets, each for as long as its call lasts."""
    CLIPS = "clips"
    """Words that callers hear, which anybody may ask for."""
    ALIVE = "alive"
    """The sign of life. Whoever asks for it in masses takes no clip from a caller."""
    STAFF = "staff"
    """Pages of the console, asked by who is logged in, or by a browser in which somebody was."""
    VISITORS = "visitors"
    """Pages of the console, asked by anybody else, and the login above all."""
    API = "api"
    """What other programs ask, each network in its turn. They are patient, and may take nothing from people."""
    SHEETS = "sheets"
    """Lists as CSV, from a page or for a program. Each lasts as long as its reader takes, so it holds up no page."""
    LAST_WORDS = "last_words"
    """What is said to a caller when all else failed, which is not signed where our token is no longer the carrier's."""
    STRANGERS = "strangers"
    """Everything else."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one budget may take."""

    threads: int
    most_waiting: int
    """Requests that may wait for one of those threads, while who comes then is answered 503 at once."""


def shares(*, max_calls: int) -> dict[Budget, Share]:
    """Return the budgets of a process that may carry so many calls.

    A socket never waits. When it is refused, its caller goes on by recording, while a silent stream would leave
    nothing.
    """
    return {
        Budget.CARRIER: Share(24, 400),
        Budget.MEDIA: Share(max_calls, 0),
        Budget.CLIPS: Share(4, 400),
        Budget.ALIVE: Share(2, 400),
        Budget.STAFF: Share(8, 50),
        Budget.VISITORS: Share(20, 100),
        Budget.API: Share(4, 50),
        Budget.SHEETS: Share(3, 20),
        Budget.LAST_WORDS: Share(4, 400),
        Budget.STRANGERS: Share(4, 100),
    }


_OF_THE_CARRIER = frozenset({Budget.CARRIER, Budget.MEDIA})


class Sorter:
    """Tells to which budget, and within it to which party, a request belongs."""

    def __init__(
        self,
        signatures: SignatureCheck,
        *,
        proxy_hops: int = 0,
        are_members: Callable[[str], bool] = lambda _cookies: False,
    ) -> None:
        """`proxy_hops` proxies of ours each add one address to X-Forwarded-For, where 0 means that no header is
        believed.

        `are_members` tells by the header `Cookie` whether somebody of staff asks.
        """
        self._signatures = signatures
        self._are_members = are_members
        self._proxy_hops = proxy_hops

    def budget_of(self, request: WholeRequest) -> Budget:
        """Sort one request."""
        path = request.target.partition("?")[0]
        if path.startswith(_SIGNED):
            return self._budget_of_webhook(request, path)
        if path.startswith(_CLIPS):
            return Budget.CLIPS
        if path == _ALIVE:
            return Budget.ALIVE
        if path.endswith(_SHEET) and (is_api_path(path) or is_console_path(path)):
            return Budget.SHEETS
        if is_api_path(path):
            return Budget.API
        return self._budget_of_page(request) if is_console_path(path) else Budget.STRANGERS

    def _budget_of_page(self, request: WholeRequest) -> Budget:
        return Budget.STAFF if self._are_members(request.headers.get("cookie", "")) else Budget.VISITORS

    def party_of(self, request: WholeRequest, peer: str, budget: Budget) -> str:
        """Return with whom a request has its turns, that is its network, or the carrier as a whole."""
        if budget in _OF_THE_CARRIER:
            return ""
        told = [each for each in request.headers.get("x-forwarded-for", "").split(",") if each.strip()]
        return _network(told[-self._proxy_hops].strip() if len(told) >= self._proxy_hops > 0 else peer)

    def _budget_of_webhook(self, request: WholeRequest, path: str) -> Budget:
        is_socket = path.startswith(_SOCKETS)
        if self._is_signed(request, is_socket=is_socket):
            return Budget.MEDIA if is_socket else Budget.CARRIER
        return Budget.LAST_WORDS if path in LAST_WORDS else Budget.STRANGERS

    def _is_signed(self, request: WholeRequest, *, is_socket: bool) -> bool:
        signature = request.headers.get(SIGNATURE_HEADER.lower(), "")
        if not signature or len(request.body) > MAX_SIGNED_BYTES:
            return False
        try:
            return self._has_right_signature(request, signature, is_socket=is_socket)
        except ValueError:  # an address or a form that no library can read is not the carrier's
            return False

    def _has_right_signature(self, request: WholeRequest, signature: str, *, is_socket: bool) -> bool:
        settings = request.headers.get(SETTINGS_HEADER.lower(), "")
        signed = SignedRequest(target=request.target, form=_form(request), signature=signature, settings=settings)
        if is_socket:
            return self._signatures.is_socket_signed(signed)
        return self._signatures.is_webhook_signed(signed)


@lru_cache(maxsize=REMEMBERED_NETWORKS)
def _network(address: str) -> str:
    return origin_of(address).network


def _form(request: WholeRequest) -> MultiDict[str, str]:
    if not request.headers.get("content-type", "").startswith(_FORM):
        return MultiDict()
    words = request.body.decode(errors="replace")
    return MultiDict(parse_qsl(words, keep_blank_values=True, max_num_fields=MAX_SIGNED_FIELDS))


def is_api_path(path: str) -> bool:
    """Tell whether a path is for other programs, existing or not."""
    return path.startswith("/api/")


def is_console_path(path: str) -> bool:
    """Tell whether a path belongs to the console, existing or not."""
    return path == "/console" or path.startswith("/console/")

"""Sends webhooks as the Standard Webhooks specification has it, to the address that was looked at and nowhere else.

A host name is resolved once. Every address behind it must be one that webhooks may go to, and the connection is made to
one of these addresses, so a name that changes its answer in between leads nowhere. Redirects are not followed, proxies
of the environment not used, and of an answer only the beginning is read. One deadline covers all but the look-up of the
name, which has the resolver's own.
Source: Standard Webhooks 1.0.0 (headers, signed content, several signatures), by its authors' package
`standardwebhooks` 1.1, read November 2026. Its `sign` takes an instant of any zone for UTC, so it gets one in UTC.
Knows: HTTP, TLS, names of hosts. Must not know: events, when a try comes again.
"""

import base64
import http.client
import secrets
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from voicebot.adapters.deadline_http import Deadline, Left, timed
from voicebot.domain.visible import visible
from voicebot.domain.webhook import MOST_ANSWER_LENGTH, EndpointAnswer, WebhookDelivery, WebhookEndpoint, may_connect
from voicebot.errors import Refused
from voicebot.service.ports import NewSecret, Seal

LONGEST_S = 10.0
"""For connection, request and answer together. The specification asks for 15 to 30 s, but a worker has more to do."""
SECRET_BYTES = 32
PREFIX = "whsec_"
"""Of a secret as it is given out. What is sealed never begins like this."""
_READ_BYTES = 4 * MOST_ANSWER_LENGTH
"""Of an answer. No character takes more than four bytes."""

Resolve = Callable[[str, int], Sequence[str]]
"""Returns the IP addresses of a host. Raises: OSError."""


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Ask the machine's resolver for the IP addresses of a host. Raises: OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class WebhookPost:
    """Fulfils `service.ports.WebhookSender`."""

    def __init__(self, seal: Seal, *, resolve: Resolve = addresses_of, longest_s: float = LONGEST_S) -> None:
        self._seal = seal
        self._resolve = resolve
        self._longest_s = longest_s

    def new_secret(self) -> NewSecret:
        """Return a fresh secret as the specification writes it, and sealed."""
        text = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        return NewSecret(text=text, sealed=self._seal.seal(text))

    def renewed(self, sealed: str) -> str:
        """Return a secret sealed under the newest key, also one from before there was a seal. Raises: Refused."""
        return self._seal.seal(sealed) if sealed.startswith(PREFIX) else self._seal.renewed(sealed)

    def _opened(self, sealed: str) -> str:
        return sealed if sealed.startswith(PREFIX) else self._seal.open(sealed)

    def _signing(self, endpoint: WebhookEndpoint, at: datetime) -> list[str]:
        """Return the secrets that sign now. One of before that nothing opens is left out, since a new one is its cure.

        Raises: Refused where the newest cannot be opened.
        """
        newest, *before = endpoint.sealed_secrets_at(at)
        signing = [self._opened(newest)]
        for sealed in before:
            with suppress(Refused):
                signing.append(self._opened(sealed))
        return signing

    def send(self, endpoint: WebhookEndpoint, delivery: WebhookDelivery, at: datetime) -> EndpointAnswer:
        """Sign and send once, and return what came of it. It raises nothing for a bad endpoint."""
        try:
            return self._post(endpoint, delivery, at, Deadline(self._longest_s))
        except Refused as refusal:
            return EndpointAnswer(status=None, words=str(refusal))
        except TimeoutError:
            return EndpointAnswer(status=None, words=f"no answer within {self._longest_s:g} s")
        except (OSError, http.client.HTTPException, ValueError) as problem:
            return EndpointAnswer(status=None, words=_why(problem))

    def _post(self, endpoint: WebhookEndpoint, delivery: WebhookDelivery, at: datetime, left_s: Left) -> EndpointAnswer:
        signing = self._signing(endpoint, at)
        connection = self._connection(endpoint.url, left_s)
        parts = urlsplit(endpoint.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target, delivery.body.encode(), _headers(signing, delivery, at))
            with connection.getresponse() as answer:
                words = answer.read(_READ_BYTES).decode(errors="replace")
                return EndpointAnswer(
                    status=answer.status,
                    words=visible(words)[:MOST_ANSWER_LENGTH],
                    retry_after=_retry_after(answer.headers.get("Retry-After", ""), at),
                )
        finally:
            connection.close()

    def _connection(self, url: str, left_s: Left) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        is_secure, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if is_secure else 80)
        addresses = self._resolve(host, port)
        if not addresses or not all(may_connect(url, address) for address in addresses):
            raise Refused("its host leads to an address that webhooks may not go to", code="webhook-address")
        return (_Secure if is_secure else _Plain)(host, port, addresses, left_s)


class _Plain(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], left_s: Left) -> None:
        super().__init__(host, port)
        self._addresses = addresses
        self._left_s = left_s

    def connect(self) -> None:
        """Connect to the first address that answers. Raises: OSError."""
        self.sock = timed(self._secured(self._reached()), self._left_s)

    def _reached(self) -> socket.socket:
        *first, last = self._addresses
        for tried, address in enumerate(first):
            try:
                # Each gets its share, so that one that says nothing leaves time for the others.
                share_s = self._left_s() / (len(self._addresses) - tried)
                return socket.create_connection((address, self.port), timeout=share_s)
            except OSError:
                continue
        return socket.create_connection((last, self.port), timeout=self._left_s())

    def _secured(self, sock: socket.socket) -> socket.socket:
        return sock


class _Secure(_Plain):
    """The same under TLS, for the name that was asked for."""

    def _secured(self, sock: socket.socket) -> socket.socket:
        trusted = ssl.create_default_context()
        trusted.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        sock.settimeout(self._left_s())
        return trusted.wrap_socket(sock, server_hostname=self.host)


def _headers(signing: Sequence[str], delivery: WebhookDelivery, at: datetime) -> dict[str, str]:
    # Imported here: only the worker sends.
    from standardwebhooks import Webhook

    sent_at = at.astimezone(UTC)
    signatures = [Webhook(secret).sign(delivery.message_id, sent_at, delivery.body) for secret in signing]
    return {
        "Content-Type": "application/json",
        "User-Agent": "voicebot",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _retry_after(said: str, at: datetime) -> timedelta | None:
    """Return how long to wait, from seconds or a date. Source: RFC 9110, 10.2.3."""
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=int(said[:9]))
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - at, timedelta(0))


def _why(problem: Exception) -> str:
    """Return why there is no answer. Words of the other side's library stand in no log of ours."""
    if isinstance(problem, socket.gaierror):
        return "no host of that name is known"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {problem.verify_message}"
    if isinstance(problem, ConnectionRefusedError):
        return "nothing listens there"
    return f"no answer that HTTP allows ({type(problem).__name__})"

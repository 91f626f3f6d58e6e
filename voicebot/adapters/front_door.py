"""Our own public address, asked through the net as the carrier asks it. It looks at its certificate, pages, sockets,
signatures.

Redirects are told and never followed, bodies are read in part only, because what answers there may be anybody.
Source: RFC 6455 (the handshake's key and its digest); Twilio's signatures as in telephony/signature.py.
Knows: requests, TLS. Must not know: which answer is good.
"""

import base64
import hashlib
import secrets
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests
from twilio.request_validator import RequestValidator

from voicebot.service.ports.installation import DoorAnswer, DoorShut
from voicebot.telephony.signature import SIGNATURE_HEADER
from voicebot.telephony.urls import OUR_MARK, HotlineUrls

TIMEOUT_S = 10.0
"""As long as the carrier waits for a connection, both tries together."""
MOST_BODY_BYTES = 2048
HTTPS_PORT = 443
_WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class PublicFrontDoor:
    """Fulfils `service.ports.installation.FrontDoor`."""

    def __init__(self, public_url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._urls = HotlineUrls(public_url)
        self._public_url = public_url
        self._validator = RequestValidator(token)
        self._timeout_s = timeout_s

    def certificate_ends_at(self) -> datetime | None:
        """Return when the certificate ends, or None without TLS. Raises: DoorShut when it is not valid for the host."""
        parts = urlsplit(self._public_url)
        if parts.scheme != "https":
            return None
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
        try:
            with (
                socket.create_connection((host, port), timeout=self._timeout_s) as plain,
                ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
            ):
                ends = (secured.getpeercert() or {}).get("notAfter")
        except (OSError, ValueError) as problem:
            raise DoorShut(_plain(problem)) from None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC)

    def health(self) -> DoorAnswer:
        """Ask for the health page. Raises: DoorShut."""
        return self._ask("GET", self._urls.health())

    def identity(self, challenge: str) -> DoorAnswer:
        """Ask who is there. Raises: DoorShut."""
        return self._ask("GET", self._urls.identity(challenge))

    def signed_ping(self) -> DoorAnswer:
        """Post a signed form, whose query has what proxies like to rewrite. Raises: DoorShut."""
        url = self._urls.ping() + "?a=1%2B1&b=%C5%A1+x&a=&c=%2F"
        form = {"CallSid": f"CA{secrets.token_hex(16)}", "Empty": "", "Words": "ščž + &="}
        signature = str(self._validator.compute_signature(url, form))
        return self._ask("POST", url, headers={SIGNATURE_HEADER: signature}, form=form)

    def open_socket(self, *, is_signed: bool) -> DoorAnswer:
        """Shake hands for the socket of a call that never was, and leave. Raises: DoorShut."""
        wanted = self._urls.media("doctor", secrets.token_urlsafe(32))
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
        }
        if is_signed:
            headers[SIGNATURE_HEADER] = str(self._validator.compute_signature(wanted, {}))
        return self._ask("GET", "http" + wanted.removeprefix("ws"), headers=headers, key=key)

    def _ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        key: str = "",
    ) -> DoorAnswer:
        try:
            with requests.request(
                method, url, headers=headers, data=form, timeout=self._timeout_s, allow_redirects=False, stream=True
            ) as answer:
                return _told(answer, key)
        except (requests.RequestException, OSError) as problem:
            raise DoorShut(_plain(problem)) from None


def _told(answer: requests.Response, key: str) -> DoorAnswer:
    status = answer.status_code
    if status == requests.codes.switching_protocols:
        if answer.headers.get("Sec-WebSocket-Accept") != _accepted(key):
            raise DoorShut("a handshake for a socket was answered with the wrong digest")
        return DoorAnswer(status=status)
    body = answer.raw.read(MOST_BODY_BYTES, decode_content=True)
    return DoorAnswer(
        status=status,
        body=body.decode(errors="replace"),
        location=answer.headers.get("Location", "") if answer.is_redirect else "",
        mark=answer.headers.get(OUR_MARK, ""),
    )


def _accepted(key: str) -> str:
    return base64.b64encode(hashlib.sha1((key + _WEBSOCKET).encode(), usedforsecurity=False).digest()).decode()


def _plain(problem: Exception) -> str:
    """Say what happened in the words of somebody who runs servers, since the libraries' own quote whole addresses."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"its TLS certificate is not valid ({problem.verify_message})"
    words = str(problem)
    if "CERTIFICATE_VERIFY_FAILED" in words:
        return "its TLS certificate is not valid"
    if isinstance(problem, socket.gaierror) or "NameResolution" in words:
        return "its name is not known to the name server"
    if isinstance(problem, requests.exceptions.SSLError | ssl.SSLError):
        return "no TLS connection came about"
    if isinstance(problem, requests.Timeout | TimeoutError):
        return "nobody answered in time"
    if "refused" in words.lower():
        return "the connection was refused"
    return f"no connection came about ({type(problem).__name__})"

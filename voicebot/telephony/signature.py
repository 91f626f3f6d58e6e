"""Whether a request was signed by the account's auth token.

The URL is the configured public one plus path and query exactly as sent. It is never taken from the Host header, and
the query is never encoded anew.
Source: Twilio, usage/security; voice/media-streams (the handshake is signed too). The rest was tried with twilio 9.13
(twilio.md 1.1, 2).
Knows: Twilio's validator. Must not know: where requests come from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator, get_signature_algorithm

from voicebot.telephony.urls import LAST_RETRIES, RETRIES, with_retries

OVERRIDES = (RETRIES, LAST_RETRIES)
SIGNATURE_HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
"""Names the algorithm where an account signs with a shared key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedRequest:
    """What a signature speaks about."""

    target: str
    """Path and query exactly as they came in the request line."""
    form: Mapping[str, str]
    """POST fields with doubles and white space kept. It is empty for a socket's handshake."""
    signature: str
    """The header's value. Empty when there is none."""
    settings: str = ""
    """Value of `SETTINGS_HEADER`. Empty when there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureCheck:
    """The tokens that may have signed, which are the account's, and while it is being changed also the second."""

    public_url: str
    tokens: tuple[str, ...]

    def is_webhook_signed(self, request: SignedRequest) -> bool:
        """Tell whether a webhook is genuine. A missing signature is a wrong one."""
        # What was configured carries retry overrides as its fragment. Others saw it left out of the signature, and the
        # carrier's documentation does not say. So an address with our own fragment is tried too.
        url = self.public_url + request.target
        return any(self._is_signed(form, request) for form in (url, *(with_retries(url, each) for each in OVERRIDES)))

    def is_socket_signed(self, request: SignedRequest) -> bool:
        """Tell whether a socket's handshake is genuine."""
        url = _socket_scheme(self.public_url) + request.target
        # Twilio signs some handshakes with a slash at the end (usage/security).
        # The library tries `:80` for a `wss` address, not `:443` (tried with 9.13), so we name the port.
        return any(self._is_signed(form, request) for form in (url, url + "/", _with_port(url)))

    def _is_signed(self, url: str, request: SignedRequest) -> bool:
        # An account with a shared key signs with SHA-256, and says so in a header of its own (twilio.md 1.1).
        algorithm = get_signature_algorithm(request.settings)
        # A header that is missing is a wrong signature. On None the validator raises TypeError instead (twilio.md 2).
        return bool(request.signature) and any(
            RequestValidator(token).validate(url, request.form, request.signature, algorithm=algorithm)
            for token in self.tokens
            if token
        )


def _socket_scheme(public_url: str) -> str:
    scheme, _, rest = public_url.partition("://")
    return f"{'ws' if scheme == 'http' else 'wss'}://{rest}"


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    if parts.port is not None or parts.scheme != "wss":
        return url
    return urlunsplit(parts._replace(netloc=f"{parts.netloc}:443"))

"""The twilio package's client as we use it. It has a limit on each wait, and the pretend carrier's host if one is set.

Twilio's own error texts quote telephone numbers, so none is chained or passed on, because the code is enough.
Source: twilio.md 2 (read and tried November 2026).
Knows: the twilio package. Must not know: what is asked of it.
"""

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from voicebot.errors import Unavailable

TIMEOUT_S = 15.0

TROUBLE = (TwilioException, requests.RequestException, ValueError, TypeError, KeyError, AttributeError)
"""The client trusts what it is answered, but nonsense ends in the plain errors of reading it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TwilioAccount:
    """Whose texts and calls these are, and where the API is."""

    account_sid: str
    auth_token: str
    sender: str
    """E.164 number that texts come from."""
    status_callback_url: str
    """Absolute URL for receipts."""
    api_url: str = ""
    """Base URL instead of Twilio's (the pretend carrier). Empty means Twilio."""


class RedirectedHttpClient(TwilioHttpClient):  # type: ignore[misc] # the package is untyped
    """Sends every request of the client to another scheme and host, whichever of Twilio's hosts it was for."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self._base = urlsplit(api_url) if api_url else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send one request with the host swapped."""
        if self._base is not None:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        return super().request(method, url, *args, **kwargs)


def open_client(account: TwilioAccount) -> Client:
    """Make a client for the account, which threads may share."""
    # It logs URLs with telephone numbers in them at INFO; urllib3 does at DEBUG.
    for name in ("twilio.http_client", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return Client(
        account.account_sid,
        account.auth_token,
        http_client=RedirectedHttpClient(account.api_url),
        # Without it, TWILIO_REGION and TWILIO_EDGE silently change the host.
        environment={},
    )


def raise_unavailable(action: str, problem: Exception) -> NoReturn:
    """Raise Unavailable for what the client raised, without its words. `action` completes "cannot … at the carrier"."""
    status = status_of(problem)
    found = f"HTTP {status}" if status is not None else type(problem).__name__
    code = code_of(problem)
    raise Unavailable(f"cannot {action} at the carrier: {found}{f', error {code}' if code else ''}") from None


def status_of(problem: Exception) -> int | None:
    """Return the HTTP status of Twilio's answer, or None when there was none (network, nonsense)."""
    status = getattr(problem, "status", None)
    if isinstance(status, int):
        return status
    page = _refused_page(problem)
    return None if page is None else int(page.status_code)


def code_of(problem: Exception) -> int | None:
    """Return Twilio's own number of the error, or None when the answer told none."""
    code = getattr(problem, "code", None)
    page = _refused_page(problem)
    if page is not None:
        with suppress(ValueError, AttributeError):
            code = json.loads(page.content).get("code")
    return code if isinstance(code, int) else None


def _refused_page(problem: Exception) -> Response | None:
    """Return the answer to a list that was refused, because the package puts it behind its words, without status or
    code.
    """
    return next((part for part in problem.args if isinstance(part, Response)), None)

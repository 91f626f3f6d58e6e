"""Carries signed requests from the carrier to the hotline, with Twilio's timeouts and retries, on loopback only.

Source: Twilio, usage/security (signature is HMAC over the URL as sent and the sorted form),
usage/webhooks/webhooks-connection-overrides (`#ct rt tt rc rp`), api/errors/11200 and 11205.
Knows: HTTP, signatures. Must not know: what the answers mean.
"""

import ipaddress
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

import requests
from twilio.request_validator import RequestValidator

from voicebot.simulator.options import CarrierOptions

MAX_TWIML_BYTES = 64 * 1024
_MAX_MEDIA_BYTES = 40 * 1024 * 1024
_MAX_HOPS = 10


class NotLoopback(ValueError):
    """The pretend carrier was pointed at a machine other than this one."""


class Unreachable(Exception):
    """The hotline did not answer a request, where `code` is Twilio's error number."""

    def __init__(self, code: int, detail: str, url: str) -> None:
        super().__init__(detail)
        self.code, self.detail, self.url = code, detail, url


@dataclass(frozen=True, slots=True)
class Reply:
    """What the hotline answered."""

    status: int
    content_type: str
    body: bytes
    url: str
    """Where it came from in the end, since relative URLs in it are resolved against this."""
    cache_control: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connection overrides of one URL, where milliseconds become seconds."""

    connect_s: float
    response_s: float
    total_s: float
    retries: int
    retry_on: frozenset[str]
    fragment: str = ""
    """As written, for a carrier that signs it."""

    @staticmethod
    def of(url: str, options: CarrierOptions) -> "Limits":
        """Read the fragment of a URL, while what it does not say stays at the carrier's default."""
        said = {name: values[-1] for name, values in parse_qs(urlsplit(url).fragment).items()}

        def seconds(name: str, default_s: float) -> float:
            return int(said[name]) / 1000 if said.get(name, "").isdigit() else default_s

        return Limits(
            connect_s=seconds("ct", options.connect_timeout_s),
            response_s=seconds("rt", options.response_timeout_s),
            total_s=seconds("tt", options.response_timeout_s),
            retries=int(said["rc"]) if said.get("rc", "").isdigit() else options.connect_retries,
            retry_on=frozenset(said.get("rp", "ct").split(",")),
            fragment=urlsplit(url).fragment,
        )


def loopback_url(url: str, options: CarrierOptions) -> str:
    """Return the URL to dial, with public origins mapped by the options, loopback or nothing.

    Raises: NotLoopback.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    mapped = options.origins.get(origin) or options.origins.get(f"http{origin.removeprefix('ws')}")
    if mapped is not None:
        scheme = mapped.split("://")[0]
        parts = parts._replace(
            netloc=urlsplit(mapped).netloc,
            scheme=scheme.replace("http", "ws") if parts.scheme in {"ws", "wss"} else scheme,
        )
    if not _is_loopback(parts.hostname or ""):
        raise NotLoopback("the pretend carrier speaks only to this machine: give a URL on 127.0.0.1, ::1 or localhost")
    return urlunsplit(parts._replace(fragment=""))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def new_token() -> str:
    """Return what names one request in all its tries."""
    return str(uuid.uuid4())


def signed_form(url: str) -> str:
    """Return the URL as the carrier signs it, with no credentials, no fragment, no port of https."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https":
        host = host.removesuffix(f":{parts.port}") if parts.port else host
    return urlunsplit(parts._replace(netloc=host, fragment=""))


class Courier:
    """Sends the carrier's requests, and is safe for many threads."""

    def __init__(self, auth_token: str, options: CarrierOptions) -> None:
        self.options = options
        self._validator = RequestValidator(auth_token)

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """Return X-Twilio-Signature for a URL as signed and the form posted."""
        return str(self._validator.compute_signature(url, dict(form)))

    def ask(self, url: str, form: Mapping[str, str], *, method: str = "POST", token: str | None = None) -> Reply:
        """Ask for a document, following redirects and the URL's own limits.

        Raises: Unreachable (11200 after 4xx or 5xx, 11205 without an answer in time), NotLoopback.
        """
        limits = Limits.of(url, self.options)
        token = token or new_token()
        tries, deadline = 0, time.monotonic() + limits.total_s
        while True:
            try:
                return self._follow(url, form, method=method, limits=limits, token=token, deadline=deadline)
            except _Failed as failed:
                tries += 1
                is_over = tries > limits.retries or time.monotonic() >= deadline
                if is_over or not (failed.policy in limits.retry_on or "all" in limits.retry_on):
                    raise Unreachable(
                        failed.code, failed.detail, urlsplit(url)._replace(fragment="").geturl()
                    ) from failed

    def _follow(
        self, url: str, form: Mapping[str, str], *, method: str, limits: Limits, token: str, deadline: float
    ) -> Reply:
        for _ in range(_MAX_HOPS):
            reply, onward = self._once(url, form, method=method, limits=limits, token=token, deadline=deadline)
            if onward is None:
                return reply
            # Digits and the rest of the form are not sent again after a 3xx.
            url, form, method = urljoin(url, onward), {}, "GET"
        raise _Failed("4xx", 11200, "too many HTTP redirects")

    def _once(
        self, url: str, form: Mapping[str, str], *, method: str, limits: Limits, token: str, deadline: float
    ) -> tuple[Reply, str | None]:
        written = _with_query(url, form) if method == "GET" else urlsplit(url)._replace(fragment="").geturl()
        body = {} if method == "GET" else dict(form)
        headers = self._headers(written, body, token=token, fragment=limits.fragment)
        try:
            response = _session().send(
                requests.Request(method, loopback_url(written, self.options), data=body, headers=headers).prepare(),
                timeout=(limits.connect_s, min(limits.response_s, max(0.01, deadline - time.monotonic()))),
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = _read(response, deadline)
        except requests.exceptions.ConnectTimeout as error:
            raise _Failed("ct", 11205, "the connection timed out") from error
        except requests.exceptions.ReadTimeout as error:
            raise _Failed("rt", 11205, "no whole answer in time") from error
        except requests.exceptions.RequestException as error:
            raise _Failed("ct", 11205, f"the connection failed ({type(error).__name__})") from error
        if response.status_code >= 400:
            raise _Failed(f"{response.status_code // 100}xx", 11200, f"answered with {response.status_code}")
        onward = response.headers.get("Location") if 300 <= response.status_code < 400 else None
        kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        cache = response.headers.get("Cache-Control", "")
        return Reply(response.status_code, kind, content, written, cache), onward

    def _headers(self, url: str, form: Mapping[str, str], *, token: str, fragment: str) -> dict[str, str]:
        signed = signed_form(url)
        if fragment and self.options.signs_fragment:
            signed = f"{signed}#{fragment}"
        headers = {
            "Host": urlsplit(url).netloc.rpartition("@")[2],
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "X-Home-Region": "us1",
            "X-Twilio-Signature": self.sign(signed, form),
        }
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if self.options.sends_idempotency_token:
            headers["I-Twilio-Idempotency-Token"] = token
        return headers


class _Failed(Exception):
    """One try failed, where `policy` is the word by which `#rp=` would have it tried again."""

    def __init__(self, policy: str, code: int, detail: str) -> None:
        super().__init__(detail)
        self.policy, self.code, self.detail = policy, code, detail


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy of the environment: what is asked is on this machine
    return session


def _with_query(url: str, form: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(dict(form))) if part)
    return urlunsplit(parts._replace(query=query, fragment=""))


def _read(response: requests.Response, deadline: float) -> bytes:
    content = b""
    for piece in response.iter_content(64 * 1024):
        content += piece
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout
        if len(content) > _MAX_MEDIA_BYTES:
            raise _Failed("all", 11750, "the answer is too large")
    return content

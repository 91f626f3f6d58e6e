"""Bytes of a recording or a picture from the carrier. It asks an address of our making, follows few redirects, and
bounds size and time.

No address that comes with a webhook is ever fetched, because who could choose it would make us ask our own network
(SSRF). Our login goes to the API's own host and nowhere else. Twilio answers a recording itself. Files of texts it
hands over by redirects. They lead to its network of copies, and where an account does not protect its media, from there
on to its storage. So a few redirects are followed, always https, to a host of the two by name, without our login.
Anything else is treated as a file that is not there.
Source: Twilio, voice/api/recording (a .wav is answered by the API itself); its help pages on media and basic
authentication (mms.twiliocdn.com where protected, else s3-external-1.amazonaws.com/media.twiliocdn.com); a captured
chain of two redirects by way of media.twiliocdn.com (codeforamerica/vita-min, pull request 563); read November 2026.
Knows: requests. Must not know: what a recording says, which answer it belongs to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from voicebot.adapters.twilio_rest.client import TIMEOUT_S
from voicebot.errors import Unavailable
from voicebot.service.ports import FileTooLarge

STORAGE_HOST = re.compile(r"(?:.+\.(?:twilio|twiliocdn)\.com|(?:.+\.)?s3[a-z0-9.-]*\.amazonaws\.com)")
"""Hosts to which the carrier may hand us on. Anybody may rent a machine at Amazon, but not one under S3's
names.
"""

MOST_REDIRECTS = 3
"""Two are known."""

LONGEST_DOWNLOAD_S = 120.0
"""In all, because a peer that sends a byte now and then would otherwise hold a worker for ever."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PLAIN_ADDRESS = re.compile(r"https://(?P<host>[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)(:443)?/[!-\[\]-~]*")
"""No login, no other port, no backslash, nothing but visible ASCII."""
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class DownloadLimits:
    """How much and how long."""

    most_bytes: int
    longest_s: float = LONGEST_DOWNLOAD_S


class NoLogin(AuthBase):
    """Sends no credentials, because without it requests would look for some in a `.netrc` file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Return the request as it is."""
        return request


class OneStep(requests.Session):
    """Takes an answer as it is, because even told to follow nothing, requests would read a redirect's whole body
    first.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that no answer leads anywhere."""


def download_wav(url: str, login: tuple[str, str], limits: DownloadLimits) -> bytes:
    """Return a whole WAV file from an address of ours at the API.

    Raises: Unavailable (not there, cut short, too large, too slow, handed on to a host that is none of the
    carrier's), requests.RequestException.
    """
    body = download_file(url, login, limits)
    if not _is_whole_wav(body):
        raise Unavailable("a recording at the carrier is no whole WAV file yet")
    return body


def download_file(url: str, login: tuple[str, str], limits: DownloadLimits) -> bytes:
    """Return a file of any kind, where a connection that ends before the announced length is an error.

    Raises: Unavailable as `download_wav`. FileTooLarge when it is larger than anything we take.
    """
    deadline = monotonic() + limits.longest_s
    address = url
    auth: AuthBase = HTTPBasicAuth(*login)
    with OneStep() as session:
        # Nothing is unpacked here, so nothing is asked for packed.
        session.headers["Accept-Encoding"] = "identity"
        for _ in range(1 + MOST_REDIRECTS):
            with session.get(address, auth=auth, timeout=TIMEOUT_S, stream=True) as answer:
                if answer.status_code not in _REDIRECTS:
                    return _whole_body(answer, limits, deadline)
                address, auth = _storage_address(answer.headers.get("Location", "")), NoLogin()
    raise Unavailable("cannot download from the carrier: it hands us on again and again")


def _storage_address(location: str) -> str:
    """Return where the carrier hands us on to, if that is a place of its storage.

    The whole address must have one plain form, because what one parser takes for a path, another takes for a host.
    """
    found = _PLAIN_ADDRESS.fullmatch(location)
    if found is None or STORAGE_HOST.fullmatch(found["host"].lower()) is None:
        raise _astray()
    return location


def _astray() -> Unavailable:
    return Unavailable("cannot download from the carrier: it hands us on to a host that is none of its own")


def _whole_body(answer: requests.Response, limits: DownloadLimits, deadline: float) -> bytes:
    """Return the body, where a connection that ends before the announced length is an error of requests already."""
    if answer.status_code != requests.codes.ok:
        raise Unavailable(f"cannot download from the carrier: HTTP {answer.status_code}")
    body = bytearray()
    for chunk in _chunks(answer):
        body += chunk
        if len(body) > limits.most_bytes:
            raise FileTooLarge("what lies at the carrier is larger than anything we take")
        if monotonic() > deadline:
            raise Unavailable("what lies at the carrier comes too slowly")
    return bytes(body)


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    """Yield bytes as they come, so that a slow peer is noticed at each, while the body is never unpacked.

    A packed body could be a thousand times as large as what was received, and a WAV file comes as it is.
    """
    while piece := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
        yield piece


def _is_whole_wav(body: bytes) -> bool:
    """Tell whether as many bytes follow as the RIFF header says, though a writer that streamed left 0 or all ones
    there.
    """
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        return False
    following = int.from_bytes(body[4:8], "little")
    return following in (0, 0xFFFFFFFF) or following + 8 <= len(body)
